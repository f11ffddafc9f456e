package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The examples of the page on HTTP give the answers on that page. */
@Tag("servers")
@Timeout(120)
final class HttpPageTest {
    private static final Path PAGE = Path.of("../../docs/http.md");
    private static final Pattern EXAMPLE = Pattern.compile("(?s)```sh\n(.*?)```\n```json\n(.*?)```");
    private static final String BETWEEN_EXAMPLES = "next-example";

    @TempDir
    Path directory;

    @Test
    void everyExampleGivesTheAnswerBesideIt() throws Exception {
        List<String> commands = new ArrayList<>();
        List<List<JsonNode>> expected = new ArrayList<>();
        Matcher example = EXAMPLE.matcher(Files.readString(PAGE));
        while (example.find()) {
            commands.add(example.group(1));
            expected.add(parse(example.group(2)));
        }
        assertThat(commands).hasSizeGreaterThan(5);
        try (RunningServer server = RunningServer.start(directory)) {
            String script = String.join("\necho " + quoted(BETWEEN_EXAMPLES) + "\n", commands)
                    .replace("http://127.0.0.1:8080", "http://127.0.0.1:" + server.httpPort())
                    .replace("-p 1883 ", "-p " + server.mqttPort() + " ")
                    .replace("$(scripts/hongyan key)", server.httpKey())
                    .replace("$(scripts/hongyan token alice)", server.token("alice"));
            String[] outputs = run(script).split(BETWEEN_EXAMPLES);
            assertThat(outputs).hasSameSizeAs(commands);
            for (int i = 0; i < outputs.length; i++) {
                assertThat(parse(outputs[i])).as(commands.get(i)).isEqualTo(expected.get(i));
            }
        }
    }

    private static String quoted(String text) {
        return '\'' + text + '\'';
    }

    private static List<JsonNode> parse(String documents) throws Exception {
        try (MappingIterator<JsonNode> all =
                new ObjectMapper().readerFor(JsonNode.class).readValues(documents)) {
            return all.readAll();
        }
    }

    private static String run(String script) throws Exception {
        Process shell = new ProcessBuilder("bash", "-eu", "-c", script)
                .redirectErrorStream(true)
                .start();
        String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(shell.exitValue()).as(output).isZero();
        return output;
    }
}
