package io.hongyan.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hongyan.bench.time.BenchTime;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Runs a command as the command line would. */
final class Commands {
    private Commands() {}

    /** The command's JSON lines; it must end with exit code 0. */
    static List<JsonNode> run(String command, BenchTime time) throws JsonProcessingException {
        return run(command, time, 0);
    }

    /** Also those of a run in which something was refused: its figures say what. */
    static List<JsonNode> figures(String command, BenchTime time) throws JsonProcessingException {
        return run(command, time, 1);
    }

    private static List<JsonNode> run(String command, BenchTime time, int exitMax) throws JsonProcessingException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(new PrintStream(out), new PrintStream(err), false, time);
        int exit = BenchMain.commandLine(console, time).execute(command.split(" "));
        assertThat(exit).as(err.toString(StandardCharsets.UTF_8)).isBetween(0, exitMax);
        ObjectMapper mapper = new ObjectMapper();
        List<JsonNode> results = new ArrayList<>();
        for (String line : out.toString(StandardCharsets.UTF_8).lines().toList()) {
            results.add(mapper.readTree(line));
        }
        return results;
    }
}
