package io.hongyan.broker.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hongyan.broker.hook.BrokerControl.Multicast;
import io.hongyan.broker.hook.BrokerControl.Target;
import io.hongyan.broker.hook.ConnectionId;
import io.hongyan.broker.hook.DisconnectCause;
import io.hongyan.broker.hook.PublishVerdict.Acknowledge;
import io.hongyan.broker.hook.PublishVerdict.Reply;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pushed messages: order, window, watermark, and clients that do not keep up. */
@Timeout(60)
class DeliveryTest {
    private static final int PATIENT_MILLIS = 30_000;
    private static final int HELD_MAX = 500;

    private final TestHook hook = new TestHook();
    private BrokerServer server;

    @BeforeEach
    void start() {
        start(PATIENT_MILLIS);
    }

    /** A server that waits so long for an acknowledgement, and for a client that it does not read. */
    private void start(int millis) {
        BrokerConfig config = Servers.config();
        server = Servers.start(
                config.withDeadlines(new BrokerConfig.Deadlines(
                                PATIENT_MILLIS, PATIENT_MILLIS, millis, millis, 500, 0, 600, 3_600, 30_000))
                        .withFlow(new BrokerConfig.FlowLimits(8, 64, HELD_MAX, 16 << 10, 64 << 10, 1 << 20)),
                hook);
    }

    @AfterEach
    void stop() {
        server.close();
        assertThat(server.healthy()).isTrue();
    }

    private WireClient client(int level, boolean webSocket) throws Exception {
        return webSocket
                ? WireClient.webSocket(level, server.webSocketPort())
                : WireClient.tcp(level, server.mqttPort());
    }

    private void push(ConnectionId to, int qos, long token, byte[] body) {
        server.control().push(body, List.of(new Target(to, "u/a/inbox", Wire.NONE, qos, token)));
    }

    private long watermark() {
        return hook.delivered.stream()
                .mapToLong(TestHook.Delivered::token)
                .max()
                .orElse(-1);
    }

    private List<Long> reports() {
        return hook.delivered.stream().map(TestHook.Delivered::token).toList();
    }

    @ParameterizedTest
    @CsvSource({"4,false", "5,false", "4,true", "5,true"})
    void pushesArriveInOrderAndTheWatermarkOnlyRises(int level, boolean webSocket) throws Exception {
        int messages = 2_000;
        try (WireClient client = client(level, webSocket).connected("a").subscribed(1, "u/a/#")) {
            ConnectionId id = hook.online.get("a");
            int window = 32;
            for (int i = 0; i < messages; i++) {
                if (i >= window) {
                    receive(client, i - window);
                }
                push(id, 1, i, Wire.text("m" + i));
            }
            for (int i = messages - window; i < messages; i++) {
                receive(client, i);
            }
            await().until(() -> watermark() == messages - 1);
        }
        assertThat(reports()).isSorted().doesNotHaveDuplicates();
        assertThat(server.counters().value(GateCounter.DELIVERIES)).isEqualTo(messages);
    }

    private static void receive(WireClient client, int expected) throws Exception {
        Packet message = client.read();
        assertThat(message.payload(client.level)).isEqualTo("m" + expected);
        client.send(Wire.acknowledge(4, message.publishId()));
    }

    @Test
    void whatIsPushedTogetherArrivesInOrderOnEveryConnection() throws Exception {
        int clients = 12;
        int messages = 20;
        List<WireClient> readers = new ArrayList<>();
        try {
            for (int i = 0; i < clients; i++) {
                readers.add(client(5, i % 2 == 0).connected("c" + i).subscribed(1, "u/a/#"));
            }
            List<Multicast> pushes = new ArrayList<>();
            for (int message = 0; message < messages; message++) {
                long token = message;
                pushes.add(new Multicast(
                        Wire.text("m" + message),
                        hook.online.values().stream()
                                .map(id -> new Target(id, "u/a/inbox", Wire.NONE, 1, token))
                                .toList()));
            }
            server.control().pushAll(pushes);
            push(hook.online.get("c0"), 1, messages, Wire.text("m" + messages));
            for (WireClient reader : readers) {
                for (int message = 0; message < messages; message++) {
                    receive(reader, message);
                }
            }
            receive(readers.get(0), messages);
        } finally {
            for (WireClient reader : readers) {
                reader.close();
            }
        }
        await().until(() -> server.counters().value(GateCounter.DELIVERIES) == clients * messages + 1);
    }

    @Test
    void watermarkWaitsForTheOldestUnacknowledged() throws Exception {
        try (WireClient client = client(4, false).connected("a").subscribed(1, "u/a/#")) {
            ConnectionId id = hook.online.get("a");
            int[] ids = new int[3];
            for (int i = 0; i < 3; i++) {
                push(id, 1, i + 10, Wire.text("m"));
                ids[i] = client.read().publishId();
            }
            push(id, 0, 13, Wire.text("at most once"));
            assertThat(client.read().qos()).isZero();
            client.send(Wire.acknowledge(4, ids[2]), Wire.acknowledge(4, ids[1]), Wire.PINGREQ);
            assertThat(client.read().type()).isEqualTo(13);
            assertThat(hook.delivered).isEmpty();
            client.send(Wire.acknowledge(4, ids[0]));
            await().until(() -> watermark() == 13);
            assertThat(reports()).containsExactly(13L);
        }
    }

    @Test
    void atQos0WrittenIsDelivered() throws Exception {
        try (WireClient client = client(5, false).connected("a").subscribed(0, "u/a/#")) {
            ConnectionId id = hook.online.get("a");
            for (int i = 0; i < 100; i++) {
                push(id, 1, i, Wire.text("m" + i));
            }
            for (int i = 0; i < 100; i++) {
                assertThat(client.read().payload(5)).isEqualTo("m" + i);
            }
            await().until(() -> watermark() == 99);
        }
    }

    @Test
    void pushesWithoutTokenAreNotReported() throws Exception {
        try (WireClient client = client(4, false).connected("a").subscribed(1, "u/a/#")) {
            push(hook.online.get("a"), 1, Target.NO_TOKEN, Wire.text("m"));
            client.send(Wire.acknowledge(4, client.read().publishId()), Wire.PINGREQ);
            assertThat(client.read().type()).isEqualTo(13);
            assertThat(hook.delivered).isEmpty();
        }
    }

    @Test
    void receiveMaximumBoundsDeliveriesOfGateAndMoquetteTogether() throws Exception {
        int maximum = 4;
        byte[] properties = {0x21, 0, (byte) maximum};
        try (WireClient client = client(5, false).connected(new Wire.Connect(5, "a").properties(properties));
                WireClient sender = client(5, false).connected("s")) {
            client.subscribed(1, "u/a/#", "t/x");
            ConnectionId id = hook.online.get("a");
            for (int i = 0; i < 20; i++) {
                push(id, 1, i, Wire.text("claimed"));
                sender.send(Wire.publish(5, "t/x", 1, i + 1, Wire.text("generic")));
                assertThat(sender.read().type()).isEqualTo(4);
            }
            Set<Integer> unacknowledged = new HashSet<>();
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                Packet message = client.read();
                texts.add(message.payload(5));
                assertThat(unacknowledged.add(message.publishId()))
                        .as("id in use")
                        .isTrue();
                if (unacknowledged.size() == maximum) {
                    assertThat(client.silentFor(i < 8 ? 100 : 1)).isTrue();
                    int first = unacknowledged.iterator().next();
                    unacknowledged.remove(first);
                    client.send(Wire.acknowledge(4, first));
                }
            }
            for (int packetId : unacknowledged) {
                client.send(Wire.acknowledge(4, packetId));
            }
            assertThat(texts).filteredOn("claimed"::equals).hasSize(20);
            assertThat(texts).filteredOn("generic"::equals).hasSize(20);
            await().until(() -> watermark() == 19);
        }
        assertThat(server.counters().value(GateCounter.DELIVERIES_HELD)).isPositive();
        assertThat(server.counters().value(GateCounter.PACKET_ID_COLLISIONS)).isZero();
    }

    @Test
    void packetIdsOfTheGateWrapRoundWithoutMeetingMoquettes() throws Exception {
        int rounds = 1_500;
        int perRound = 50;
        try (WireClient client = client(4, false).connected("a").subscribed(1, "u/a/#", "t/x");
                WireClient sender = client(4, false).connected("s")) {
            ConnectionId id = hook.online.get("a");
            int moquettes = 0;
            for (int round = 0; round < rounds; round++) {
                if (round % 200 == 0) {
                    // One of Moquette's stays unacknowledged meanwhile; leaving it so for ever would end the
                    // connection.
                    if (moquettes > 0) {
                        client.send(Wire.acknowledge(4, moquettes));
                    }
                    sender.send(Wire.publish(4, "t/x", 1, 1, Wire.text("generic")));
                    moquettes = client.read().publishId();
                }
                for (int i = 0; i < perRound; i++) {
                    push(id, 1, round * perRound + i, Wire.NONE);
                }
                Wire.Bytes acknowledgements = new Wire.Bytes();
                for (int i = 0; i < perRound; i++) {
                    int packetId = client.read().publishId();
                    assertThat(packetId).isNotEqualTo(moquettes).isPositive();
                    acknowledgements.raw(Wire.acknowledge(4, packetId));
                }
                client.send(acknowledgements.bytes());
            }
            await().until(() -> watermark() == rounds * perRound - 1);
        }
        assertThat(server.counters().value(GateCounter.PACKET_ID_COLLISIONS)).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void clientThatNeverAcknowledgesIsClosed(int level) throws Exception {
        server.close();
        start(2_000);
        try (WireClient client = client(level, false).connected("a").subscribed(1, "u/a/#")) {
            push(hook.online.get("a"), 1, 1, Wire.text("m"));
            assertThat(client.read().type()).isEqualTo(3);
            if (level == 5) {
                assertThat(client.read().disconnectReason()).isEqualTo(0x83);
            }
            assertThat(client.closed()).isTrue();
        }
        await().until(() -> hook.ended.size() == 1);
        assertThat(hook.ended.element().cause()).isEqualTo(DisconnectCause.ACKNOWLEDGEMENT_TIMEOUT);
        assertThat(hook.delivered).isEmpty();
    }

    @Test
    void clientThatStopsReadingIsCutBeforeItsBacklogGrowsTooLarge() throws Exception {
        byte[] large = new byte[100_000];
        try (WireClient client =
                WireClient.tcpNarrow(4, server.mqttPort()).connected("a").subscribed(0, "u/a/#")) {
            ConnectionId id = hook.online.get("a");
            for (int i = 0; i < 200 && hook.ended.isEmpty(); i++) {
                push(id, 0, i, large);
            }
            await().until(() -> hook.ended.size() == 1);
            assertThat(client.closed()).isTrue();
        }
        assertThat(hook.ended.element().cause()).isEqualTo(DisconnectCause.QUOTA_EXCEEDED);
        assertThat(server.counters().value(GateCounter.SLOW_READERS)).isEqualTo(1);
    }

    @Test
    void noticesToAClientThatDoesNotReadAreDroppedAndDoNotCutIt() throws Exception {
        byte[] notice = new byte[10_000];
        try (WireClient client =
                WireClient.tcpNarrow(4, server.mqttPort()).connected("a").subscribed(1, "u/a/#")) {
            ConnectionId id = hook.online.get("a");
            for (int i = 0; i < 4_000; i++) {
                push(id, 0, Target.NO_TOKEN, notice);
            }
            await().until(() -> server.counters().value(GateCounter.NOTICES_DROPPED) > 0);
            push(id, 1, 1, Wire.text("message"));
            client.send(Wire.PINGREQ);
            int notices = 0;
            boolean pinged = false;
            boolean delivered = false;
            while (!pinged || !delivered) {
                Packet packet = client.read();
                pinged |= packet.type() == 13;
                delivered |= packet.type() == 3 && packet.qos() == 1;
                notices += packet.type() == 3 && packet.qos() == 0 ? 1 : 0;
            }
            assertThat(notices).isPositive().isLessThan(4_000);
            assertThat(hook.ended).isEmpty();
            assertThat(Servers.count(server, "gate_reads_paused_total")).isZero();
        }
    }

    @Test
    void clientThatPublishesWithoutReadingIsNotReadAndThenClosed() throws Exception {
        server.close();
        start(2_000);
        byte[] padding = new byte[40_000];
        hook.onPublish =
                request -> TestHook.done(new Acknowledge(0, null, List.of(), new Reply("u/a/reply", padding), false));
        try (WireClient client =
                WireClient.tcpNarrow(4, server.mqttPort()).connected("a").subscribed(0, "u/a/#")) {
            for (int i = 0; i < 400; i++) {
                client.send(Wire.publish(4, "im/send", 1, 1 + i, Wire.NONE));
            }
            await().until(() -> hook.ended.size() == 1);
            assertThat(hook.publishes).hasSizeLessThan(400);
        } catch (SocketException closed) {
            await().until(() -> hook.ended.size() == 1);
        }
        assertThat(hook.ended.element().cause()).isEqualTo(DisconnectCause.QUOTA_EXCEEDED);
    }

    @Test
    void moreHeldPushesThanAllowedEndTheConnection() throws Exception {
        byte[] properties = {0x21, 0, 1};
        try (WireClient client = client(5, false)
                .connected(new Wire.Connect(5, "a").properties(properties))
                .subscribed(1, "u/a/#")) {
            ConnectionId id = hook.online.get("a");
            for (int i = 0; i < HELD_MAX + 2; i++) {
                push(id, 1, i, Wire.NONE);
            }
            await().until(() -> hook.ended.size() == 1);
            assertThat(client.closed()).isTrue();
        }
        assertThat(hook.ended.element().cause()).isEqualTo(DisconnectCause.QUOTA_EXCEEDED);
        assertThat(server.counters().value(GateCounter.SLOW_ACKNOWLEDGERS)).isEqualTo(1);
        assertThat(server.counters().value(GateCounter.SLOW_READERS)).isZero();
    }

    @Test
    void pushAboveTheClientsMaximumCountsAsDelivered() throws Exception {
        byte[] properties = new Wire.Bytes().u8(0x27).u32(60).bytes();
        try (WireClient client = client(5, false)
                .connected(new Wire.Connect(5, "a").properties(properties))
                .subscribed(1, "u/a/#")) {
            ConnectionId id = hook.online.get("a");
            push(id, 1, 1, new byte[60]);
            push(id, 1, 2, Wire.text("small"));
            Packet message = client.read();
            assertThat(message.payload(5)).isEqualTo("small");
            client.send(Wire.acknowledge(4, message.publishId()));
            await().until(() -> watermark() == 2);
        }
        assertThat(server.counters().value(GateCounter.DELIVERIES_TOO_LARGE)).isEqualTo(1);
    }

    @Test
    void genericMessageAboveTheClientsMaximumIsPassedOver() throws Exception {
        byte[] properties = new Wire.Bytes().u8(0x27).u32(60).bytes();
        try (WireClient client = client(5, false)
                        .connected(new Wire.Connect(5, "a").properties(properties))
                        .subscribed(2, "t/x");
                WireClient sender = client(5, false).connected("s")) {
            for (int id = 1; id <= 30; id++) {
                sender.send(Wire.publish(5, "t/x", 1 + id % 2, id, new byte[60]));
                assertThat(sender.read().id()).isEqualTo(id);
                if (id % 2 == 1) {
                    sender.send(Wire.acknowledge(6, id));
                    assertThat(sender.read().type()).isEqualTo(7);
                }
            }
            sender.send(Wire.publish(5, "t/x", 1, 31, Wire.text("small")));
            Packet message = client.read();
            assertThat(message.payload(5)).isEqualTo("small");
            client.send(Wire.acknowledge(4, message.publishId()));
        }
        assertThat(server.counters().value(GateCounter.DELIVERIES_TOO_LARGE)).isEqualTo(30);
    }

    @Test
    void onePushReachesManyConnectionsEachWithItsHead() throws Exception {
        List<WireClient> clients = new ArrayList<>();
        List<Target> targets = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                clients.add(client(i % 2 + 4, i % 3 == 0).connected("c" + i).subscribed(1, "u/a/#"));
                targets.add(new Target(hook.online.get("c" + i), "u/a/inbox", Wire.text("h" + i), 1, i));
            }
            targets.add(new Target(new ConnectionId("test", 1_000_000), "u/a/inbox", Wire.NONE, 1, 1));
            server.control().push(Wire.text("-shared"), targets);
            for (int i = 0; i < 20; i++) {
                assertThat(clients.get(i).read().payload(i % 2 + 4)).isEqualTo("h" + i + "-shared");
            }
        } finally {
            for (WireClient client : clients) {
                client.close();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void disconnectFollowsWhatWasPushedBefore(int level) throws Exception {
        try (WireClient client = client(level, false).connected("a").subscribed(0, "u/a/#")) {
            ConnectionId id = hook.online.get("a");
            push(id, 0, 1, Wire.text("kicked"));
            server.control().disconnect(id, DisconnectCause.SESSION_TAKEN_OVER);
            assertThat(client.read().payload(level)).isEqualTo("kicked");
            if (level == 5) {
                assertThat(client.read().disconnectReason()).isEqualTo(0x8E);
            }
            assertThat(client.closed()).isTrue();
        }
    }

    @Test
    void acknowledgementInTheSegmentOfDisconnectIsReportedBeforeTheEnd() throws Exception {
        try (WireClient client = client(4, false).connected("a").subscribed(1, "u/a/#")) {
            push(hook.online.get("a"), 1, 5, Wire.text("m"));
            int packetId = client.read().publishId();
            client.send(Wire.acknowledge(4, packetId), Wire.DISCONNECT);
            await().until(() -> hook.ended.size() == 1);
            assertThat(reports()).containsExactly(5L);
        }
    }
}
