package io.hongyan.broker.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hongyan.broker.hook.BrokerControl.Target;
import io.hongyan.broker.hook.DisconnectCause;
import io.hongyan.broker.hook.PublishVerdict;
import io.hongyan.broker.server.BrokerConfig.FlowLimits;
import io.hongyan.broker.server.BrokerConfig.PacketLimits;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Limits that are changed while clients are connected. */
@Timeout(60)
final class ClientLimitsTest {
    private static final PacketLimits PACKETS = new PacketLimits(10_000, 4, 64, 16, 8);
    private static final FlowLimits FLOW = new FlowLimits(8, 64, 64, 16 << 10, 64 << 10, 64 << 20);

    private final TestHook hook = new TestHook();
    private BrokerServer server;

    @BeforeEach
    void start() {
        server = Servers.start(Servers.config().withPackets(PACKETS).withFlow(FLOW), hook);
    }

    @AfterEach
    void stop() {
        server.close();
        assertThat(server.healthy()).isTrue();
    }

    private WireClient client(boolean webSocket, String clientId) throws Exception {
        return (webSocket ? WireClient.webSocket(5, server.webSocketPort()) : WireClient.tcp(5, server.mqttPort()))
                .connected(clientId);
    }

    private void packets(int bytesMax, int levelsMax, int topicBytesMax, int perPacketMax) {
        server.changeLimits(
                now -> now.withPackets(new PacketLimits(bytesMax, levelsMax, topicBytesMax, 16, perPacketMax)));
    }

    private void push(String clientId, int qos, long token, byte[] body) {
        server.control().push(body, List.of(new Target(hook.online.get(clientId), "u/a/inbox", Wire.NONE, qos, token)));
    }

    /** What CONNACK tells a client that connects now. */
    private void assertTold(int receiveMaximum, int packetBytesMax) throws Exception {
        try (WireClient client = WireClient.tcp(5, server.mqttPort())) {
            byte[] connack = client.send(Wire.connect(5, "asks")).read().body();
            assertThat(connack)
                    .containsSequence(
                            new Wire.Bytes().u8(0x21).u16(receiveMaximum).bytes())
                    .containsSequence(
                            new Wire.Bytes().u8(0x27).u32(packetBytesMax).bytes());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theLargestPacketIsThatOfTheTimeOfTheConnect(boolean webSocket) throws Exception {
        try (WireClient before = client(webSocket, "before")) {
            packets(2_000, 4, 64, 8);
            try (WireClient small = client(webSocket, "small")) {
                small.send(Wire.publish(5, "im/send", 1, 1, new byte[3_000]));
                assertThat(small.read().disconnectReason()).isEqualTo(0x95);
            }
            assertTold(8, 2_000);
            assertThat(before.send(Wire.publish(5, "im/send", 1, 1, new byte[9_000]))
                            .read()
                            .id())
                    .isEqualTo(1);
            packets(50_000, 4, 64, 8);
            try (WireClient large = client(webSocket, "large").subscribed(1, "t/x")) {
                assertThat(large.send(Wire.publish(5, "im/send", 1, 2, new byte[40_000]))
                                .read()
                                .id())
                        .isEqualTo(2);
                large.send(Wire.publish(5, "t/x", 0, 0, new byte[40_000]));
                assertThat(large.read().body()).hasSizeGreaterThan(40_000);
            }
            assertTold(8, 50_000);
            before.send(Wire.publish(5, "im/send", 1, 3, new byte[11_000]));
            assertThat(before.read().disconnectReason()).isEqualTo(0x95);
        }
    }

    @Test
    void depthAndLengthOfTopicsHoldAtOnce() throws Exception {
        String deep = "t/1/2/3/4";
        String lengthy = "t/" + "x".repeat(70);
        try (WireClient client = client(false, "a")) {
            client.subscribed(1, "t/1/2/3");
            assertThat(client.send(Wire.subscribe(5, 1, 1, deep, lengthy))
                            .read()
                            .codes(5))
                    .containsExactly(0x8F, 0x8F);
            packets(10_000, 5, 100, 8);
            assertThat(client.send(Wire.subscribe(5, 2, 1, deep, lengthy))
                            .read()
                            .codes(5))
                    .containsExactly(1, 1);
            for (String topic : List.of(deep, lengthy)) {
                client.send(Wire.publish(5, topic, 0, 0, Wire.text("m")));
                assertThat(client.read().topic()).isEqualTo(topic);
            }
            // The gate remembers topics that it has seen, but not what was allowed then.
            packets(10_000, 4, 100, 8);
            client.send(Wire.publish(5, deep, 0, 0, Wire.text("m")));
            assertThat(client.read().disconnectReason()).isEqualTo(0x90);
        }
        assertThat(server.counters().value(GateCounter.TOPICS_TOO_DEEP)).isEqualTo(1);
    }

    @Test
    void filtersOfOnePacketHoldAtOnce() throws Exception {
        try (WireClient client = client(false, "a")) {
            packets(10_000, 4, 64, 1);
            assertThat(client.send(Wire.subscribe(5, 1, 1, "u/a", "u/b")).read().codes(5))
                    .containsExactly(0x97, 0x97);
            packets(10_000, 4, 64, 2);
            assertThat(client.send(Wire.subscribe(5, 1, 1, "u/a", "u/b")).read().codes(5))
                    .containsExactly(1, 1);
        }
    }

    @Test
    void unansweredPublishesAreThoseOfTheTimeOfTheConnect() throws Exception {
        Queue<CompletableFuture<PublishVerdict>> open = new ConcurrentLinkedQueue<>();
        hook.onPublish = request -> {
            CompletableFuture<PublishVerdict> answer = new CompletableFuture<>();
            open.add(answer);
            return answer;
        };
        try (WireClient before = client(false, "before")) {
            server.changeLimits(now -> now.withFlow(new FlowLimits(2, 64, 64, 16 << 10, 64 << 10, 64 << 20)));
            assertTold(2, 10_000);
            for (int i = 1; i <= 8; i++) {
                before.send(Wire.publish(5, "im/send", 1, i, Wire.NONE));
            }
            await().until(() -> open.size() == 8);
            try (WireClient after = client(false, "after")) {
                for (int i = 1; i <= 8; i++) {
                    after.send(Wire.publish(5, "im/send", 1, i, Wire.NONE));
                }
                await().until(() ->
                        open.size() == 10 && server.counters().value(GateCounter.READS_PAUSED_UNANSWERED) == 1);
                hook.onPublish = request -> TestHook.done(PublishVerdict.Acknowledge.plain());
                open.forEach(answer -> answer.complete(PublishVerdict.Acknowledge.plain()));
                for (int i = 1; i <= 8; i++) {
                    assertThat(after.read().id()).isEqualTo(i);
                    assertThat(before.read().id()).isEqualTo(i);
                }
            }
        }
    }

    @Test
    void deliveriesInTheWindowAreThoseOfTheTimeOfTheConnectAndThoseThatWaitHoldAtOnce() throws Exception {
        try (WireClient before = client(false, "before").subscribed(1, "u/a/#")) {
            server.changeLimits(now -> now.withFlow(new FlowLimits(8, 2, 64, 16 << 10, 64 << 10, 64 << 20)));
            try (WireClient after = client(false, "after").subscribed(1, "u/a/#")) {
                for (int i = 1; i <= 6; i++) {
                    push("before", 1, i, Wire.text("m"));
                    push("after", 1, i, Wire.text("m"));
                }
                await().until(() -> server.counters().value(GateCounter.DELIVERIES_HELD) == 4);
                for (int i = 1; i <= 6; i++) {
                    assertThat(before.read().type()).isEqualTo(PacketWriter.PUBLISH);
                }
                server.changeLimits(now -> now.withFlow(new FlowLimits(8, 2, 4, 16 << 10, 64 << 10, 64 << 20)));
                push("after", 1, 7, Wire.text("one too many"));
                await().until(() -> server.counters().value(GateCounter.SLOW_ACKNOWLEDGERS) == 1);
                assertThat(after.closed()).isTrue();
            }
        }
    }

    @Test
    void unreadBytesHoldAtOnce() throws Exception {
        byte[] large = new byte[100_000];
        try (WireClient client =
                WireClient.tcpNarrow(5, server.mqttPort()).connected("a").subscribed(0, "u/a/#")) {
            Connection connection = server.gate().connection(hook.online.get("a"));
            for (int i = 0; i < 40; i++) {
                push("a", 0, i, large);
            }
            await().until(() -> connection.channel.bytesBeforeWritable() > 2 << 20);
            assertThat(hook.ended).isEmpty();
            server.changeLimits(now -> now.withFlow(new FlowLimits(8, 64, 64, 16 << 10, 64 << 10, 1 << 20)));
            push("a", 0, 41, large);
            await().until(() -> hook.ended.size() == 1);
            assertThat(client.closed()).isTrue();
        }
        assertThat(hook.ended.element().cause()).isEqualTo(DisconnectCause.QUOTA_EXCEEDED);
        assertThat(server.counters().value(GateCounter.SLOW_READERS)).isEqualTo(1);
    }

    @Test
    void theMarksOfTheWriteBufferAreThoseOfTheTimeOfTheConnect() throws Exception {
        try (WireClient before = client(false, "before")) {
            server.changeLimits(now -> now.withFlow(new FlowLimits(8, 64, 64, 20 << 10, 80 << 10, 64 << 20)));
            try (WireClient after = client(false, "after")) {
                assertThat(marks("before")).containsExactly(16 << 10, 64 << 10);
                assertThat(marks("after")).containsExactly(20 << 10, 80 << 10);
                assertThat(before.send(Wire.PINGREQ).read().type()).isEqualTo(13);
                assertThat(after.send(Wire.PINGREQ).read().type()).isEqualTo(13);
            }
        }
    }

    private int[] marks(String clientId) {
        Connection connection = server.gate().connection(hook.online.get(clientId));
        return new int[] {
            connection.channel.config().getWriteBufferLowWaterMark(),
            connection.channel.config().getWriteBufferHighWaterMark()
        };
    }
}
