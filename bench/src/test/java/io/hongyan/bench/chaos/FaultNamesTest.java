package io.hongyan.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

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
    }
}
