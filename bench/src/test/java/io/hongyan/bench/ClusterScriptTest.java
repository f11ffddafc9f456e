package io.hongyan.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A whole cluster from the operator's script: gates, nodes, MariaDB and Redis as processes. */
@Tag("long")
@Timeout(600)
class ClusterScriptTest {
    private static final Path SCRIPT =
            Path.of("..", "scripts", "cluster").toAbsolutePath().normalize();
    private static final int HTTP = 8080;
    /** Ports from here on are drawn, and claimed, by {@code scripts/servers} and chaos. */
    private static final int CLAIMED_FROM = 20_000;
    /** Of one node and two gates. */
    private static final List<Integer> PORTS = List.of(1883, 1884, HTTP, 8090, 8180, 8181, 9001, 9002);

    @TempDir
    private Path directory;

    @AfterEach
    void stop() throws Exception {
        run("stop");
    }

    @Test
    void gatesComeAndGoAndClientsLearnOfThem() throws Exception {
        assertThat(run("status").code()).isEqualTo(3);
        int shift = freeShift();

        ScriptOutcome started = run("start", "--gates", "2", "--nodes", "1", "--shift", String.valueOf(shift));

        assertThat(started.code()).as(started.errors()).isZero();
        assertThat(run("status").code()).isZero();
        String token = run("token", "alice").output().strip();
        String first = "mqtt://127.0.0.1:" + (1883 + shift);
        String second = "mqtt://127.0.0.1:" + (1884 + shift);
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(gates(shift, token)).contains(first, second));

        assertThat(run("kill", "gate-2").code()).isZero();
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(
                        () -> assertThat(gates(shift, token)).contains(first).doesNotContain(second));
        assertThat(run("start").code()).isZero();
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(gates(shift, token)).contains(first, second));
        assertThat(run("drain", "gate-1").code()).isZero();
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(
                        () -> assertThat(gates(shift, token)).contains(second).doesNotContain(first));

        assertThat(run("stop").code()).isZero();
        assertThat(run("kill", "gate-1").code()).isEqualTo(3);
    }

    @Test
    void wrongUseIsRefusedWithASentence() throws Exception {
        assertThat(run("fly").code()).isEqualTo(3);
        assertThat(run("start", "--gates", "0").errors()).contains("1 to 16");
        assertThat(run("start", "--redis", "mongo").code()).isEqualTo(2);
        assertThat(run("start", "--nodes").errors()).contains("--nodes needs a value");
        assertThat(run("help").output()).contains("usage: scripts/cluster");
    }

    private static String gates(int shift, String token) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + (HTTP + shift) + "/v1/gates"))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", "Bearer " + token)
                .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    }

    /** An offset with which all ports are free, and below those that other tests draw and claim. */
    private static int freeShift() {
        RandomGenerator random = RandomGenerator.getDefault();
        while (true) {
            int shift = random.nextInt(1_000, CLAIMED_FROM - PORTS.get(PORTS.size() - 1));
            if (PORTS.stream().allMatch(port -> isFree(port + shift))) {
                return shift;
            }
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }

    private ScriptOutcome run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(SCRIPT.toString(), "--directory", directory.toString()));
        command.addAll(List.of(arguments));
        return ScriptOutcome.of(command, directory);
    }
}
