package io.hongyan.broker.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hongyan.broker.hook.DisconnectCause;
import io.hongyan.broker.hook.FilterVerdict;
import io.hongyan.broker.hook.PublishVerdict;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keep-alive, and the clock that stands still while the gate does not read. */
@Tag("long")
@Timeout(60)
class PatienceTest {
    private final TestHook hook = new TestHook();
    private final List<CompletableFuture<PublishVerdict>> open = Collections.synchronizedList(new ArrayList<>());
    private static final int HEARD_MILLIS = 200;

    private BrokerServer server;

    private void start(int publishMillis, int pausedMillis) {
        server = Servers.start(
                Servers.config()
                        .withDeadlines(new BrokerConfig.Deadlines(
                                5_000, publishMillis, 20_000, pausedMillis, 500, 0, 600, 3_600, HEARD_MILLIS))
                        .withFlow(new BrokerConfig.FlowLimits(4, 64, 64, 32 << 10, 128 << 10, 1 << 20)),
                hook);
    }

    @AfterEach
    void stop() {
        server.close();
        assertThat(server.healthy()).isTrue();
    }

    private WireClient client(int level, int keepAlive) throws Exception {
        return WireClient.tcp(level, server.mqttPort())
                .connected(new Wire.Connect(level, "c" + level).keepAlive(keepAlive));
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void silentClientIsClosedAtOneAndAHalfIntervals(int level) throws Exception {
        start(5_000, 5_000);
        long before = System.currentTimeMillis();
        try (WireClient client = client(level, 1)) {
            if (level == 5) {
                assertThat(client.read().disconnectReason()).isEqualTo(0x8D);
            }
            assertThat(client.closedWithin(8_000)).isTrue();
        }
        await().until(() -> hook.ended.size() == 1);
        TestHook.Ended ended = hook.ended.element();
        assertThat(ended.cause()).isEqualTo(DisconnectCause.KEEP_ALIVE_TIMEOUT);
        assertThat(ended.lastPacketAtMillis()).isBetween(before - 100, before + 1_000);
        assertThat(System.currentTimeMillis() - before).isBetween(1_400L, 8_000L);
    }

    @Test
    void hostHearsWhenLastPacketsCameOfThoseThatSentSome() throws Exception {
        start(5_000, 5_000);
        try (WireClient silent = client(4, 60);
                WireClient other = client(5, 60)) {
            await().until(() -> hook.lastPackets.size() >= 2);
            hook.lastPackets.clear();
            long before = System.currentTimeMillis();
            other.send(Wire.PINGREQ);
            assertThat(other.read().type()).isEqualTo(13);

            await().until(() -> !hook.lastPackets.isEmpty());

            assertThat(hook.lastPackets).allSatisfy(packet -> {
                assertThat(packet.connection()).isEqualTo(hook.online.get("c5"));
                assertThat(packet.atMillis()).isBetween(before - 100, System.currentTimeMillis() + 100);
            });
            assertThat(silent.silentFor(100)).isTrue();
        }
    }

    @Test
    void pingsKeepAClientThatUsesMoquetteToo() throws Exception {
        start(5_000, 5_000);
        try (WireClient client = client(4, 2).subscribed(1, "u/a/#", "t/x")) {
            for (int i = 0; i < 4; i++) {
                assertThat(client.silentFor(1_200)).isTrue();
                client.send(Wire.PINGREQ);
                assertThat(client.read().type()).isEqualTo(13);
            }
        }
        assertThat(server.counters().value(GateCounter.KEEP_ALIVE_TIMEOUTS)).isZero();
    }

    @Test
    void clientWithoutKeepAliveMayBeSilent() throws Exception {
        start(5_000, 5_000);
        try (WireClient client = client(4, 0)) {
            assertThat(client.silentFor(2_500)).isTrue();
            client.send(Wire.PINGREQ);
            assertThat(client.read().type()).isEqualTo(13);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void whileTheStoreIsStoppedNobodyIsDroppedForSilence(int level) throws Exception {
        start(60_000, 60_000);
        hook.onPublish = request -> {
            CompletableFuture<PublishVerdict> answer = new CompletableFuture<>();
            open.add(answer);
            return answer;
        };
        try (WireClient client = client(level, 1)) {
            for (int i = 1; i <= 8; i++) {
                client.send(Wire.publish(level, "im/send", 1, i, Wire.NONE));
            }
            await().until(() -> open.size() == 4);
            // Its pings are not read, so it may not be called silent.
            await().during(Duration.ofSeconds(4)).atMost(Duration.ofSeconds(6)).until(() -> hook.ended.isEmpty());
            hook.onPublish = request -> TestHook.done(PublishVerdict.Acknowledge.plain());
            List.copyOf(open).forEach(answer -> answer.complete(PublishVerdict.Acknowledge.plain()));
            for (int i = 1; i <= 8; i++) {
                assertThat(client.read().id()).isEqualTo(i);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void pauseOfReadingHasAnEnd(int level) throws Exception {
        start(60_000, 1_500);
        CompletableFuture<List<FilterVerdict>> never = new CompletableFuture<>();
        hook.onChange = (connection, change) -> never;
        try (WireClient client = client(level, 1)) {
            client.send(Wire.subscribe(level, 1, 1, "u/a/#"));
            if (level == 5) {
                assertThat(client.read().disconnectReason()).isEqualTo(0x97);
            }
            assertThat(client.closedWithin(4_000)).isTrue();
        }
        await().until(() -> hook.ended.size() == 1);
        assertThat(hook.ended.element().cause()).isEqualTo(DisconnectCause.QUOTA_EXCEEDED);
        assertThat(server.counters().value(GateCounter.READS_PAUSED_TOO_LONG)).isEqualTo(1);
    }

    @Test
    void drippingOnePacketByteByByteIsSilence() throws Exception {
        start(5_000, 5_000);
        try (WireClient client = client(4, 1)) {
            client.send(new byte[] {0x30, 100});
            boolean closed = false;
            for (int i = 0; i < 30 && !closed; i++) {
                try {
                    client.send(new byte[] {'x'});
                } catch (SocketException gone) {
                    break;
                }
                closed = client.closedWithin(200);
            }
            await().until(() -> hook.ended.size() == 1);
        }
        assertThat(hook.ended.element().cause()).isEqualTo(DisconnectCause.KEEP_ALIVE_TIMEOUT);
    }
}
