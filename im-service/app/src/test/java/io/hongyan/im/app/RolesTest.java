package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hongyan.im.app.client.Payloads;
import io.hongyan.im.app.client.RawClient;
import io.hongyan.im.app.client.RawClient.Packet;
import io.hongyan.protocol.v1.InboxEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One node and two gates as processes; the node, then a gate, is killed. */
@Tag("long")
@Timeout(300)
final class RolesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private final List<RoleProcess> processes = new ArrayList<>();
    private RoleProcess node;
    private RoleProcess first;
    private RoleProcess second;

    @BeforeEach
    void start() throws Exception {
        node = started(RoleProcess.node(directory.resolve("data"), 0, 0));
        first = started(RoleProcess.gate(directory, "first", node.port("gates")));
        second = started(RoleProcess.gate(directory, "second", node.port("gates")));
    }

    @AfterEach
    void stop() throws IOException {
        Path kept = Files.createDirectories(Path.of("target", "roles"));
        for (int i = 0; i < processes.size(); i++) {
            processes.get(i).close();
            Files.writeString(kept.resolve(i + ".log"), processes.get(i).text());
        }
    }

    private RoleProcess started(RoleProcess process) {
        processes.add(process);
        return process;
    }

    private void startNodeAgain() throws IOException {
        node = started(RoleProcess.node(directory.resolve("data"), node.port("HTTP"), node.port("gates")));
    }

    private RawClient client(RoleProcess gate, String uid) throws IOException {
        RawClient client = new RawClient(gate.port("MQTT"), true);
        assertThat(client.connect(uid + ":iot:x", uid, node.token(uid), null).reason())
                .isZero();
        return client;
    }

    private static byte[] message(int i) {
        return Payloads.send("m" + i, "bob", "number " + i).toByteArray();
    }

    private static void send(RawClient sender, int i) throws IOException {
        sender.sendPublish(i, 2, "im/send", new byte[0], message(i));
    }

    /** Acknowledges deliveries until this one has come; messages by their number in the conversation. */
    private static TreeMap<Long, String> readUntil(RawClient receiver, long seq, TreeMap<Long, String> into)
            throws IOException {
        while (!into.containsKey(seq)) {
            Packet packet = receiver.read();
            assertThat(packet.type()).isEqualTo(RawClient.PUBLISH);
            int topic = 2 + "u/bob/inbox".length();
            receiver.sendPuback((packet.body()[topic] & 0xFF) << 8 | packet.body()[topic + 1] & 0xFF);
            // Behind the packet id there is the length of the properties, which is 0.
            InboxEntry entry = InboxEntry.parseFrom(Arrays.copyOfRange(packet.body(), topic + 3, packet.body().length));
            if (entry.hasMessage()) {
                String before =
                        into.put(entry.getMessage().getSeq(), entry.getMessage().getClientMessageId());
                assertThat(before).isIn(null, entry.getMessage().getClientMessageId());
            }
        }
        return into;
    }

    @Test
    void clientsOfTwoGatesTalkAndStayConnectedWhileTheirNodeIsKilledAndComesBack() throws Exception {
        try (RawClient alice = client(first, "alice");
                RawClient bob = client(second, "bob")) {
            assertThat(bob.subscribe(1, 1, "u/bob/#").reason()).isEqualTo(1);
            assertThat(alice.publish(1, 1, "im/send", message(1)).reason()).isZero();
            TreeMap<Long, String> received = readUntil(bob, 1, new TreeMap<>());

            for (int i = 2; i <= 40; i++) {
                send(alice, i);
            }
            assertThat(alice.read().type()).isEqualTo(RawClient.PUBACK);
            node.kill();
            for (int i = 41; i <= 60; i++) {
                send(alice, i);
            }
            assertThat(refusalAt(first)).as("no node: server unavailable").isEqualTo(0x88);
            startNodeAgain();
            for (int i = 3; i <= 60; i++) {
                Packet answer = alice.read();
                assertThat(answer.type()).isEqualTo(RawClient.PUBACK);
                assertThat((answer.body()[0] & 0xFF) << 8 | answer.body()[1] & 0xFF)
                        .as("PUBACKs come in the order of the publishes")
                        .isEqualTo(i);
            }
            readUntil(bob, 60, received);
            for (long seq = 1; seq <= 60; seq++) {
                assertThat(received).containsEntry(seq, "m" + seq);
            }
            assertThat(received).hasSize(60);
            assertThat(first.metric("gate_connections_resumed_total")).isGreaterThanOrEqualTo(1);
            assertThat(second.metric("gate_connections_resumed_total")).isGreaterThanOrEqualTo(1);
            assertThat(node.metric("sessions_open")).isEqualTo(2);
            assertThat(node.metric("link_gates")).isEqualTo(2);
            MonitoringPage.explains(node.http("GET", "/metrics").body());
            MonitoringPage.explains(first.http("GET", "/metrics").body());
        }
    }

    private int refusalAt(RoleProcess gate) throws IOException {
        try (RawClient late = new RawClient(gate.port("MQTT"), true)) {
            return late.connect("carol:iot:x", "carol", "any", null).reason();
        }
    }

    @Test
    void clientsLearnWhichGatesTakeThemTheLeastLoadedFirst() throws Exception {
        assertThat(node.http("GET", "/v1/gates").statusCode()).isEqualTo(401);
        String token = node.token("alice");
        try (RawClient alice = client(first, "alice")) {
            assertThat(alice).isNotNull();
            awaitGates(token, url(second), url(first));
            second.kill();
            awaitGates(token, url(first));
            assertThat(first.stop()).isZero();
            awaitGates(token);
        }
    }

    private static String url(RoleProcess gate) {
        return "{\"mqtt\":\"mqtt://127.0.0.1:" + gate.port("MQTT") + "\"}";
    }

    private void awaitGates(String token, String... gates) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(node.httpAs(token, "/v1/gates").body())
                        .isEqualTo("{\"gates\":[" + String.join(",", gates) + "]}"));
    }

    @Test
    void aNodeThatIsStoppedLeavesItsClientsConnected() throws Exception {
        try (RawClient alice = client(first, "alice");
                RawClient bob = client(second, "bob")) {
            assertThat(bob.subscribe(1, 1, "u/bob/#").reason()).isEqualTo(1);
            assertThat(node.stop()).isZero();
            send(alice, 1);
            startNodeAgain();
            assertThat(alice.read().type()).isEqualTo(RawClient.PUBACK);
            assertThat(readUntil(bob, 1, new TreeMap<>())).containsEntry(1L, "m1");
        }
    }

    @Test
    void theClientsOfAKilledGateAreServedByAnother() throws Exception {
        try (RawClient alice = client(first, "alice");
                RawClient bob = client(second, "bob")) {
            assertThat(bob.subscribe(1, 1, "u/bob/#").reason()).isEqualTo(1);
            assertThat(alice.publish(1, 1, "im/send", message(1)).reason()).isZero();
            readUntil(bob, 1, new TreeMap<>());
            second.kill();
            await().atMost(PATIENCE).until(() -> node.metric("sessions_open") == 1);
            assertThat(alice.publish(2, 1, "im/send", message(2)).reason()).isZero();
            assertThat(alice.publish(3, 1, "im/send", message(3)).reason()).isZero();
            try (RawClient again = client(first, "bob")) {
                assertThat(again.subscribe(1, 1, "u/bob/inbox").reason()).isEqualTo(1);
                assertThat(readUntil(again, 3, new TreeMap<>()))
                        .containsEntry(2L, "m2")
                        .containsEntry(3L, "m3");
            }
        }
    }

    @Test
    void aGateThatIsStoppedTellsItsClientsAndItsNode() throws Exception {
        try (RawClient alice = client(first, "alice")) {
            assertThat(first.stop()).isZero();
            Packet end = alice.read();
            assertThat(end.type()).isEqualTo(RawClient.DISCONNECT);
            assertThat(end.reason()).isEqualTo(0x8B);
            await().atMost(PATIENCE).until(() -> node.metric("sessions_open") == 0);
        }
        assertThat(node.text()).doesNotContain(" ERROR ");
    }
}
