package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hongyan.im.app.client.RawClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A reader of the feed knows who is online at two gates, whichever process is killed. */
@Tag("long")
@Timeout(300)
final class FeedOfGatesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    private final List<RoleProcess> processes = new ArrayList<>();
    private RoleProcess node;

    @AfterEach
    void stop() throws IOException {
        Path kept = Files.createDirectories(Path.of("target", "feed-of-gates"));
        for (int i = 0; i < processes.size(); i++) {
            processes.get(i).close();
            Files.writeString(kept.resolve(i + ".log"), processes.get(i).text());
        }
    }

    private RoleProcess started(RoleProcess process) {
        processes.add(process);
        return process;
    }

    private RawClient client(RoleProcess gate, String uid) throws IOException {
        RawClient client = new RawClient(gate.port("MQTT"), true);
        assertThat(client.connect(uid + ":iot:x", uid, node.token(uid), null).reason())
                .isZero();
        return client;
    }

    @Test
    void onlyTheSessionsOfTheGateThatHasStartedOrLostItsNodeAreOver() throws Exception {
        Path data = directory.resolve("data");
        node = started(RoleProcess.node(data, 0, 0));
        RoleProcess first = started(RoleProcess.gate(directory, "first", node.port("gates")));
        RoleProcess second = started(RoleProcess.gate(directory, "second", node.port("gates")));
        try (RawClient alice = client(first, "alice");
                RawClient bob = client(second, "bob")) {
            RawClient carol = client(first, "carol");
            awaitOnline("alice", "bob", "carol");

            // No process is left that could report that bob and carol are offline.
            node.kill();
            second.kill();
            carol.close();
            await().atMost(PATIENCE).until(() -> first.metric("clients_connected") == 1);
            node = started(RoleProcess.node(data, node.port("HTTP"), node.port("gates")));
            awaitOnline("alice", "bob");
            started(RoleProcess.gate(directory, "second", node.port("gates")));
            awaitOnline("alice");
            assertThat(node.metric("sessions_open")).isEqualTo(1);
            assertThat(alice).isNotSameAs(bob);
        }
    }

    private void awaitOnline(String... uids) throws IOException {
        String key = Files.readString(directory.resolve("data").resolve(ApiAccess.DEVELOPMENT_KEY_FILE))
                .strip();
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(online(key)).containsExactlyInAnyOrder(uids));
    }

    /** As the page for readers says. */
    private Collection<String> online(String key) throws IOException {
        Map<String, String> open = new LinkedHashMap<>();
        JsonNode page = JSON.readTree(node.httpAs(key, "/v1/feed").body());
        while (!page.get("events").isEmpty()) {
            for (JsonNode event : page.get("events")) {
                if (event.has("sessionOpened")) {
                    JsonNode opened = event.get("sessionOpened");
                    open.put(
                            opened.get("connection").asText(), opened.get("uid").asText());
                } else if (event.has("sessionClosed")) {
                    open.remove(event.at("/sessionClosed/connection").asText());
                } else if (event.has("nodeStarted")) {
                    String over = event.at("/nodeStarted/node").asText() + '-';
                    open.keySet().removeIf(connection -> connection.startsWith(over));
                }
            }
            page = JSON.readTree(
                    node.httpAs(key, "/v1/feed?after=" + page.get("next").asText())
                            .body());
        }
        return open.values();
    }
}
