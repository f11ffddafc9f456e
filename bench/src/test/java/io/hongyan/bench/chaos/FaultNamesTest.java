package io.hongyan.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.bench.time.SystemTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** A fault that the server can be given can be asked for. */
class FaultNamesTest {
    private static final Path ROOT = Path.of("..");
    private static final Path FAULTS = ROOT.resolve("im-service/app/src/test/java/io/hongyan/im/app/fault/Fault.java");
    private static final Pattern CONSTANT = Pattern.compile("[A-Z]\\(\"([a-z-]+)\"");

    @Test
    void everyFaultOfTheServerIsTakenAndNamedInTheHelp() throws IOException {
        Matcher constants = CONSTANT.matcher(Files.readString(FAULTS));
        assertThat(constants.results().map((MatchResult name) -> name.group(1)))
                .containsExactlyInAnyOrderElementsOf(CrashCommand.FAULTS);
        assertThat(Files.readString(ROOT.resolve("scripts/chaos"))).contains(CrashCommand.FAULTS);
        assertThat(help(new CrashCommand(new SystemTime()))).contains(CrashCommand.FAULTS);
        assertThat(partOf("docs/chaos.md", "`--break FAULT`", "\n\n")).contains(CrashCommand.FAULTS);
    }

    @Test
    void everyFaultOfAClusterIsNamedInTheHelp() throws IOException {
        List<String> faults = CrashCommand.FAULTS_OF_ANY_STORAGE;
        assertThat(CrashCommand.FAULTS).containsAll(faults);
        assertThat(partOf("scripts/chaos", "In the nodes of a cluster:", "\n\n"))
                .contains(faults);
        assertThat(help(new ChaosClusterCommand(new SystemTime()))).contains(faults);
        assertThat(partOf("docs/chaos.md", "faults that need no\nSQLite:", "\n\n"))
                .contains(faults);
    }

    private static String partOf(String file, String start, String end) throws IOException {
        String text = Files.readString(ROOT.resolve(file));
        int from = text.indexOf(start);
        assertThat(from).as(start).isNotNegative();
        return text.substring(from, text.indexOf(end, from));
    }

    private static String help(Object command) {
        return new CommandLine(command).setUsageHelpWidth(1_000).getUsageMessage();
    }
}
