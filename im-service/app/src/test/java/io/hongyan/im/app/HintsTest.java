package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hongyan.im.app.client.MosquittoClient;
import io.hongyan.im.app.client.PahoClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Hints of the whole system, taken by the receiver that the page for operators shows. */
@Tag("servers")
@Timeout(120)
final class HintsTest {
    private static final Path PAGE = Path.of("../../docs/operating/hints.md");
    private static final String SECRET = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY";

    @TempDir
    Path directory;

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private Process receiver;

    @BeforeEach
    void startReceiver() throws IOException {
        Matcher code = Pattern.compile("```python\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(PAGE));
        assertThat(code.find()).isTrue();
        Path program = Files.writeString(directory.resolve("receiver.py"), code.group(1));
        Path secret = Files.writeString(directory.resolve("hint-secret"), SECRET + '\n');
        receiver = new ProcessBuilder("/usr/bin/python3", program.toString(), "0", secret.toString())
                .redirectErrorStream(true)
                .start();
        Thread reader = new Thread(this::read, "receiver");
        reader.setDaemon(true);
        reader.start();
        await().atMost(Duration.ofSeconds(20)).until(() -> !lines.isEmpty());
    }

    private void read() {
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(receiver.getInputStream(), StandardCharsets.UTF_8))) {
            output.lines().forEach(lines::add);
        } catch (IOException | UncheckedIOException ended) {
            lines.add("ended: " + ended.getMessage());
        }
    }

    @AfterEach
    void stopReceiver() {
        receiver.destroyForcibly();
    }

    private RunningServer start() throws Exception {
        String port = lines.get(0).substring(lines.get(0).lastIndexOf(' ') + 1);
        return RunningServer.start(
                directory,
                "HONGYAN_HINTS_WEBHOOK",
                "http://127.0.0.1:" + port + "/hints",
                "HONGYAN_HINTS_DELAY_MILLIS",
                "400");
    }

    @Test
    void whoeverIsAwayIsHintedAboutAndWhoeverIsThereIsNot() throws Exception {
        try (RunningServer server = start();
                MosquittoClient alice = new MosquittoClient(server, "alice", "311");
                PahoClient carol = PahoClient.online(server, "carol:ios:c")) {
            server.token("bob");
            alice.send("m1", "carol", "hello");
            alice.send("m2", "bob", "hello");
            alice.send("m3", "bob", "are you there?");
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> lines.contains("wake bob for 2 messages, newest from alice"));
            await().atMost(Duration.ofSeconds(20)).until(() -> server.metric("hints_pending") == 0);
            assertThat(carol.inbox()).hasSize(1);
            assertThat(lines).allMatch(line -> line.startsWith("listening") || line.startsWith("wake bob"));
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> server.metric("webhook_hints_accepted_total") == server.metric("hints_given_total"));
            MonitoringPage.explains(server.http("GET", "/metrics").body());
        }
    }

    @Test
    void aMessageFromBeforeARestartIsHintedAboutAfterIt() throws Exception {
        try (RunningServer server = start()) {
            server.token("bob");
            try (PahoClient alice = PahoClient.online(server, "alice:iot:a")) {
                alice.send("m1", "bob", "hello");
                server.restart();
            }
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> lines.contains("wake bob for 1 messages, newest from alice"));
            assertThat(lines).hasSize(2);
        }
    }
}
