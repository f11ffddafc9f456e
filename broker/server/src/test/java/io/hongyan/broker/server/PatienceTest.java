package io.hongyan.broker.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hongyan.broker.hook.DisconnectCause;
import io.hongyan.broker.hook.FilterVerdict;
import io.hongyan.broker.hook.PublishVerdict;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keep-alive, and the clock that stops while the gate does not read. */
@Timeout(60)
class PatienceTest {
    private static final int HEARD_MILLIS = 200;

    private final TestHook hook = new TestHook();
    private final TestClock clock = new TestClock();
    private final List<CompletableFuture<PublishVerdict>> open = Collections.synchronizedList(new ArrayList<>());
    private BrokerServer server;

    private void start(int publishMillis, int pausedMillis) {
        server = Servers.start(
                Servers.config()
                        .withDeadlines(new BrokerConfig.Deadlines(
                                5_000, publishMillis, 20_000, pausedMillis, 500, 0, 3_600, 3_600, HEARD_MILLIS))
                        .withFlow(new BrokerConfig.FlowLimits(4, 64, 64, 32 << 10, 128 << 10, 1 << 20)),
                hook,
                clock);
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

    private static void ping(WireClient client) throws Exception {
        assertThat(client.send(Wire.PINGREQ).read().type()).isEqualTo(13);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void silentClientIsClosedAtOneAndAHalfIntervals(int level) throws Exception {
        start(5_000, 5_000);
        try (WireClient client = client(level, 10)) {
            clock.pass(7_000);
            ping(client);
            clock.pass(14_999, server);
            assertThat(hook.ended).isEmpty();
            clock.pass(201);
            if (level == 5) {
                assertThat(client.read().disconnectReason()).isEqualTo(0x8D);
            }
            assertThat(client.closed()).isTrue();
        }
        await().until(() -> hook.ended.size() == 1);
        TestHook.Ended ended = hook.ended.element();
        assertThat(ended.cause()).isEqualTo(DisconnectCause.KEEP_ALIVE_TIMEOUT);
        assertThat(ended.lastPacketAtMillis()).isEqualTo(7_000);
    }

    @Test
    void hostHearsWhenLastPacketsCameOfThoseThatSentSome() throws Exception {
        start(5_000, 5_000);
        try (WireClient silent = client(4, 60);
                WireClient other = client(5, 60)) {
            clock.pass(HEARD_MILLIS);
            await().until(() -> hook.lastPackets.size() == 2);
            clock.pass(HEARD_MILLIS, server);
            hook.lastPackets.clear();
            clock.pass(50);
            ping(other);
            clock.pass(HEARD_MILLIS);

            await().until(() -> !hook.lastPackets.isEmpty());

            assertThat(hook.lastPackets).singleElement().satisfies(packet -> {
                assertThat(packet.connection()).isEqualTo(hook.online.get("c5"));
                assertThat(packet.atMillis()).isEqualTo(2 * HEARD_MILLIS + 50);
            });
            ping(silent);
        }
    }

    @Test
    void pingsKeepAClientThatUsesMoquetteToo() throws Exception {
        start(5_000, 5_000);
        try (WireClient client = client(4, 2).subscribed(1, "u/a/#", "t/x")) {
            for (int i = 0; i < 4; i++) {
                clock.pass(2_900, server);
                ping(client);
            }
        }
        assertThat(server.counters().value(GateCounter.KEEP_ALIVE_TIMEOUTS)).isZero();
    }

    @Test
    void clientWithoutKeepAliveMayBeSilent() throws Exception {
        start(5_000, 5_000);
        try (WireClient client = client(4, 0)) {
            clock.pass(86_400_000, server);
            ping(client);
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
            // Its pings are not read, so it must not count as silent.
            for (int i = 0; i < 5; i++) {
                clock.pass(10_000, server);
                assertThat(hook.ended).isEmpty();
            }
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
            await().until(() -> hook.changes.size() == 1);
            clock.pass(1_499, server);
            assertThat(hook.ended).isEmpty();
            clock.pass(201);
            if (level == 5) {
                assertThat(client.read().disconnectReason()).isEqualTo(0x97);
            }
            assertThat(client.closed()).isTrue();
        }
        await().until(() -> hook.ended.size() == 1);
        assertThat(hook.ended.element().cause()).isEqualTo(DisconnectCause.QUOTA_EXCEEDED);
        assertThat(server.counters().value(GateCounter.READS_PAUSED_TOO_LONG)).isEqualTo(1);
    }

    /** {@link SlowPacketTest} tests the effect of a few bytes now and then. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void packetThatNeverBecomesWholeIsSilence(int keepAlive) throws Exception {
        start(5_000, 5_000);
        try (WireClient client = client(4, keepAlive)) {
            client.send(new byte[] {0x30, 100, 'x'});
            Connection connection = server.gate().connection(hook.online.get("c4"));
            await().until(() -> connection.reader.pendingBytes() > 0);
            clock.pass(90_200);
            await().until(() -> hook.ended.size() == 1);
        }
        assertThat(hook.ended.element().cause()).isEqualTo(DisconnectCause.KEEP_ALIVE_TIMEOUT);
    }

    @Test
    void withoutKeepAliveAPacketThatBeginsAfterALongSilenceMustBecomeWholeToo() throws Exception {
        start(5_000, 5_000);
        try (WireClient client = client(4, 0)) {
            clock.pass(3_600_000, server);
            client.send(new byte[] {0x30, 100, 'x'});
            Connection connection = server.gate().connection(hook.online.get("c4"));
            await().until(() -> connection.reader.pendingBytes() > 0);
            clock.pass(90_200);
            await().until(() -> hook.ended.size() == 1);
        }
        assertThat(hook.ended.element().cause()).isEqualTo(DisconnectCause.KEEP_ALIVE_TIMEOUT);
    }
}
