package io.hongyan.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.hongyan.bench.server.HongyanLauncher;
import io.hongyan.bench.server.HongyanServer;
import io.hongyan.bench.time.BenchTime;
import io.hongyan.bench.time.SystemTime;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands, short, against the server that the modules before this one have built. */
@Timeout(240)
class HongyanCommandsTest {
    private static final Path HOME = Path.of("..");

    private final BenchTime time = new SystemTime();

    @TempDir
    private Path directory;

    @Test
    void readyStartsTheServerAndTakesTheTime() throws JsonProcessingException {
        JsonNode result =
                Commands.run("ready --times 1 --json --home " + HOME, time).get(0);
        assertThat(result.get("ready_p50_ms").asDouble()).isPositive();
    }

    @Test
    void aRunningServerIsMeasuredAndLeftRunning() throws JsonProcessingException {
        HongyanLauncher launcher = new HongyanLauncher(HOME, List.of("-Xmx512m"), time);
        try (HongyanServer server = launcher.start(directory, directory.resolve("data"))) {
            JsonNode c2c = run("c2c --pairs 5 --window 2 --replies --warm-up 0.5 --seconds 1", server);
            assertThat(c2c.get("sent").asLong())
                    .isPositive()
                    .isEqualTo(c2c.get("received").asLong());
            assertThat(c2c.get("refused").asLong()).isZero();
            assertThat(c2c.get("inbox_gaps").asLong()).isZero();
            assertThat(c2c.get("server_alloc_bytes_per_message").asDouble()).isPositive();

            JsonNode backlog = run("backlog --users 3 --entries 200", server);
            assertThat(backlog.get("catch_up_entries_per_s").asDouble()).isPositive();
            assertThat(backlog.get("lost").asLong()).isZero();

            JsonNode idle = run("idle --connections 200 --seconds 1 --settle 0", server);
            assertThat(idle.get("heap_bytes").asLong()).isPositive();
            assertThat(idle.get("connections_ended").asLong()).isZero();
            assertThat(idle.get("connects_failed").asLong()).isZero();
            JsonNode groups = run("groups --groups 2 --members 12 --online 4 --warm-up 0.5 --seconds 1", server);
            assertThat(groups.get("received").asLong())
                    .isPositive()
                    .isEqualTo(4 * groups.get("acknowledged").asLong());
            assertThat(groups.get("inbox_rows_per_s").asDouble()).isPositive();
            assertThat(groups.get("last_p99_ms").asDouble()).isPositive();
            assertThat(ProcessHandle.of(server.pid())).isPresent();
        }
    }

    private JsonNode run(String command, HongyanServer server) throws JsonProcessingException {
        String given = " --json --mqtt 127.0.0.1:" + server.mqtt().getPort() + " --http 127.0.0.1:"
                + server.http().getPort() + " --pid " + server.pid()
                + " --secret-file " + server.secretFile();
        return Commands.run(command + given, time).get(0);
    }
}
