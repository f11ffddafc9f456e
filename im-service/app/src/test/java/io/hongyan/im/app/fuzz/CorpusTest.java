package io.hongyan.im.app.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.adapter.mqtt.SendTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs all kept fuzzing inputs again: seeds, inputs that reached new code, and inputs that once failed. */
@Timeout(180)
class CorpusTest {
    private static final Path CORPUS = Path.of("src", "test", "fuzz");

    private enum Target {
        CONFIG(ConfigTarget::fuzzerTestOneInput),
        HTTP(HttpTarget::fuzzerTestOneInput),
        JSON(JsonTarget::fuzzerTestOneInput),
        LINK(LinkTarget::fuzzerTestOneInput),
        MQTT(MqttTarget::fuzzerTestOneInput),
        SEND(SendTarget::fuzzerTestOneInput);

        private final Run run;

        Target(Run run) {
            this.run = run;
        }
    }

    private interface Run {
        void on(byte[] input) throws Exception;
    }

    @ParameterizedTest
    @EnumSource(Target.class)
    void everyInputThatWasKeptStillHolds(Target target) throws Exception {
        List<Path> inputs = inputs(CORPUS.resolve(target.name().toLowerCase(java.util.Locale.ROOT)));
        assertThat(inputs).isNotEmpty();
        for (Path input : inputs) {
            try {
                target.run.on(Files.readAllBytes(input));
            } catch (Exception | AssertionError | StackOverflowError failure) {
                throw new AssertionError("Input " + input, failure);
            }
        }
        FuzzedServer.shared().requireOthersServed();
    }

    private static List<Path> inputs(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }
}
