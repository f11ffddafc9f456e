package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.app.client.Programs;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The served OpenAPI description passes a linter, and a TypeScript client generated from it works. */
@Tag("servers")
@Timeout(360)
final class GeneratedClientTest {
    @TempDir
    Path directory;

    @Test
    void theDescriptionIsWithoutFaultsAndAClientMadeFromItWorks() throws Exception {
        Path node = Programs.nodeDirectory();
        try (RunningServer server = RunningServer.start(directory)) {
            Files.writeString(
                    node.resolve("openapi.json"),
                    server.http("GET", "/v1/openapi.json").body());
            run(node, "node", "lint.mjs", "openapi.json");
            run(node, "node_modules/.bin/openapi-typescript", "openapi.json", "-o", "openapi.d.ts");
            run(node, "node_modules/.bin/tsc");
            String address = "http://127.0.0.1:" + server.httpPort();
            assertThat(run(node, "node", "api.js", address, server.httpKey())).isEqualTo("done\n");
        }
    }

    /** What it printed. */
    private String run(Path node, String... command) throws Exception {
        File printed = directory.resolve("printed").toFile();
        Process process = new ProcessBuilder(command)
                .directory(node.toFile())
                .redirectErrorStream(true)
                .redirectOutput(printed)
                .start();
        try {
            boolean ended = process.waitFor(100, TimeUnit.SECONDS);
            String output = Files.readString(printed.toPath(), StandardCharsets.UTF_8);
            assertThat(ended && process.exitValue() == 0)
                    .as("%s: %s", String.join(" ", command), output)
                    .isTrue();
            return output;
        } finally {
            process.destroyForcibly();
        }
    }
}
