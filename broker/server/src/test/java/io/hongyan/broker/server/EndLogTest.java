package io.hongyan.broker.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.hongyan.broker.hook.ConnectRefusal;
import io.hongyan.broker.hook.ConnectVerdict;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** The log lines about ended connections. */
@Timeout(60)
final class EndLogTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger(Gate.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final TestHook hook = new TestHook();

    @BeforeEach
    void listen() {
        lines.start();
        logger.addAppender(lines);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(lines);
    }

    private List<String> summed(BrokerServer server) {
        server.summarizeLog();
        server.summarizeLog();
        return lines.list.stream()
                .map(ILoggingEvent::getFormattedMessage)
                .filter(line -> line.startsWith("event="))
                .sorted()
                .toList();
    }

    @Test
    void whatTheServerEndsIsSummedUpByReasonAndWhoLeavesIsNot() throws Exception {
        try (BrokerServer server = Servers.start(Servers.config(), hook)) {
            for (int i = 0; i < 5; i++) {
                WireClient client = WireClient.tcp(5, server.mqttPort()).connected("bad" + i);
                client.send(new byte[] {0x00, 0x00});
                assertThat(client.closed()).isTrue();
            }
            WireClient.tcp(5, server.mqttPort()).connected("leaves").close();
            await().until(() -> hook.ended.size() == 6);
            hook.onConnect =
                    request -> TestHook.done(new ConnectVerdict.Refuse(ConnectRefusal.BAD_USER_NAME_OR_PASSWORD, "no"));
            try (WireClient refused = WireClient.tcp(5, server.mqttPort())) {
                assertThat(refused.send(Wire.connect(5, "refused")).read().connectCode())
                        .isEqualTo(0x86);
            }
            await().until(() -> hook.ended.size() == 7);
            List<String> summed = summed(server);
            assertThat(summed).hasSize(2);
            assertThat(summed.get(0))
                    .startsWith("event=\"connection ended: ")
                    .contains(" times=5 ")
                    .contains("example=\"address=127.0.0.1 client_id=bad0\"");
            assertThat(summed.get(1)).startsWith("event=\"login refused: ");
        }
    }

    @Test
    void whoeverIsEndedForWhatItHoldsOrForAFailureIsOneLineToo() throws Exception {
        FloodLimits limits =
                FloodLimits.DEFAULT.withHandshakes(new FloodLimits.HandshakeLimits(2, 64 << 20, 8 << 10, 60_000));
        try (BrokerServer server = Servers.start(Servers.config().withFlood(limits), hook);
                WireClient holder = WireClient.tcp(5, server.mqttPort()).connected("holds");
                WireClient failing = WireClient.tcp(5, server.mqttPort()).connected("fails");
                WireClient greedy = WireClient.tcp(5, server.mqttPort())) {
            greedy.send(unfinished(0x10, 9_000));
            assertThat(greedy.closed()).isTrue();
            await().until(() -> server.handshakes() == 0);
            try (WireClient oldest = WireClient.tcp(5, server.mqttPort())) {
                await().until(() -> server.handshakes() == 1);
                try (WireClient second = WireClient.tcp(5, server.mqttPort())) {
                    await().until(() -> server.handshakes() == 2);
                    try (WireClient third = WireClient.tcp(5, server.mqttPort())) {
                        assertThat(oldest.closed()).isTrue();
                        assertThat(third).isNotSameAs(second);
                    }
                }
            }
            await().until(() -> server.handshakes() == 0);
            Connection connection = server.gate().connection(hook.online.get("holds"));
            holder.send(unfinished(0x30, 9_000));
            await().until(() -> connection.reader.pendingBytes() > 0);
            new MemoryGuard(server.gate(), nearlyFull()).look();
            assertThat(holder.closed()).isTrue();
            Connection broken = server.gate().connection(hook.online.get("fails"));
            broken.loop.post(new ConnectionMail(broken, it -> {
                throw new IllegalStateException("injected");
            }));
            assertThat(failing.closed()).isTrue();
            List<String> ends = summed(server).stream()
                    .filter(line -> !line.contains("new sockets are closed"))
                    .toList();
            assertThat(ends).hasSize(4).allMatch(line -> line.contains(" times=1 "));
            assertThat(ends.get(0)).startsWith("event=\"" + EndLog.TASK_FAILED).contains("client_id=fails", "injected");
            assertThat(ends.get(1)).startsWith("event=\"" + EndLog.SENT_TOO_MUCH);
            assertThat(ends.get(2))
                    .startsWith("event=\"" + EndLog.MEMORY_IS_SHORT)
                    .contains("client_id=holds bytes=");
            assertThat(ends.get(3)).startsWith("event=\"" + EndLog.TOO_MANY_HANDSHAKES);
        }
    }

    @Test
    void whatTheNodeFailsAtIsSummedUpByQuestion() throws Exception {
        hook.onChange = (connection, change) -> CompletableFuture.failedFuture(new IllegalStateException("down"));
        hook.onPublish = request -> CompletableFuture.failedFuture(new IllegalStateException("bug"));
        try (BrokerServer server = Servers.start(Servers.config(), hook)) {
            for (int i = 0; i < 5; i++) {
                try (WireClient client = WireClient.tcp(5, server.mqttPort()).connected("subscribes" + i)) {
                    client.send(Wire.subscribe(5, 1, 1, "u/x"));
                    assertThat(client.read().disconnectReason()).isEqualTo(0x89);
                }
                try (WireClient client = WireClient.tcp(5, server.mqttPort()).connected("publishes" + i)) {
                    client.send(Wire.publish(5, "im/send", 1, 1, Wire.NONE));
                    assertThat(client.closed()).isTrue();
                }
            }
            assertThat(lines.list)
                    .as("before the minute is over")
                    .extracting(ILoggingEvent::getLevel)
                    .noneMatch(level -> level.isGreaterOrEqual(Level.INFO));
            assertThat(summed(server))
                    .filteredOn(line -> line.startsWith("event=\"the node failed at "))
                    .satisfiesExactly(
                            line -> assertThat(line)
                                    .startsWith("event=\"the node failed at publishing\" times=5 ")
                                    .contains("bug"),
                            line -> assertThat(line)
                                    .startsWith("event=\"the node failed at subscribing\" times=5 ")
                                    .contains("down"));
            assertThat(server.counters().value(GateCounter.NODE_FAILURES)).isEqualTo(10);
        }
    }

    /** The header of a packet of one megabyte and so many bytes of it. */
    private static byte[] unfinished(int type, int bytes) {
        byte[] packet = new byte[bytes];
        packet[0] = (byte) type;
        packet[1] = (byte) 0xC0;
        packet[2] = (byte) 0x84;
        packet[3] = 0x3D;
        return packet;
    }

    private static DirectMemory nearlyFull() {
        return new DirectMemory() {
            @Override
            public long used() {
                return 90;
            }

            @Override
            public long max() {
                return 100;
            }
        };
    }

    @Test
    void whoBreaksConnectionsWritesNothingToIt() throws Exception {
        Logger logger = (Logger) LoggerFactory.getLogger(Gate.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.addAppender(lines);
        TestHook hook = new TestHook();
        try (BrokerServer server = Servers.start(Servers.config(), hook)) {
            for (int i = 0; i < 5; i++) {
                WireClient.tcp(5, server.mqttPort()).connected("breaks" + i).abort();
            }
            await().until(() -> hook.ended.size() == 5);
            assertThat(lines.list)
                    .extracting(ILoggingEvent::getLevel)
                    .noneMatch(level -> level.isGreaterOrEqual(Level.INFO));
        } finally {
            logger.detachAppender(lines);
        }
    }
}
