package io.hongyan.broker.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hongyan.broker.hook.ConnectRefusal;
import io.hongyan.broker.hook.ConnectVerdict;
import io.hongyan.broker.server.listen.Edge;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Limits for clients that are not logged in. */
@Timeout(60)
class HandshakeTest {
    private final TestHook hook = new TestHook();
    private final List<WireClient> clients = new ArrayList<>();
    private BrokerServer server;

    private void start(FloodLimits.HandshakeLimits limits) {
        BrokerConfig config = Servers.config()
                .withDeadlines(new BrokerConfig.Deadlines(60_000, 30_000, 30_000, 30_000, 500, 0, 600, 3_600, 30_000))
                .withFlood(FloodLimits.DEFAULT.withHandshakes(limits));
        server = Servers.start(config, hook);
    }

    @AfterEach
    void stop() throws IOException {
        for (WireClient client : clients) {
            client.close();
        }
        server.close();
    }

    private WireClient from(String address) throws Exception {
        WireClient client = WireClient.tcpFrom(address, 5, server.mqttPort());
        clients.add(client);
        return client;
    }

    /** The header of a CONNECT of one megabyte and so many bytes of it. */
    private static byte[] unfinished(int bytes) {
        byte[] packet = new byte[bytes];
        packet[0] = 0x10;
        packet[1] = (byte) 0xC0;
        packet[2] = (byte) 0x84;
        packet[3] = 0x3D;
        return packet;
    }

    @Test
    void oldestSocketOfTheAddressThatHoldsMostIsClosed() throws Exception {
        start(new FloodLimits.HandshakeLimits(20, 64 << 20, 16 << 10, 60_000));
        WireClient slow = from("127.0.0.3");
        await().until(() -> server.handshakes() == 1);
        for (int i = 1; i <= 60; i++) {
            from("127.0.0.2");
            long expected = i + 1;
            await().pollInterval(Duration.ofMillis(1))
                    .until(() ->
                            server.handshakes() + server.counters().value(GateCounter.HANDSHAKES_SHED) == expected);
        }
        await().until(() -> server.counters().value(GateCounter.HANDSHAKES_SHED) == 41);
        assertThat(server.handshakes()).isEqualTo(20);
        for (int i = 1; i <= 41; i++) {
            assertThat(clients.get(i).closed()).isTrue();
        }
        slow.connected("a");
        clients.get(60).connected("b");
        assertThat(server.handshakes()).isEqualTo(18);
        clients.get(59).close();
        await().until(() -> server.handshakes() == 17);
    }

    @Test
    void whoHoldsBytesIsClosedBeforeWhoHoldsNone() throws Exception {
        start(new FloodLimits.HandshakeLimits(1_000, 100_000, 60_000, 60_000));
        for (int i = 0; i < 10; i++) {
            from("127.0.0.3");
        }
        await().until(() -> server.handshakes() == 10);
        WireClient greedy = from("127.0.0.2").send(unfinished(50_000));
        await().until(() -> server.handshakes() == 11);
        from("127.0.0.2").send(unfinished(50_000));
        await().until(() -> server.counters().value(GateCounter.HANDSHAKE_BYTES_SHED) == 1);
        assertThat(greedy.closed()).isTrue();
        clients.get(0).connected("a");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void socketThatSendsTooMuchBeforeConnectIsClosed(boolean webSocket) throws Exception {
        start(new FloodLimits.HandshakeLimits(1_000, 64 << 20, 8 << 10, 60_000));
        WireClient client = webSocket ? WireClient.webSocket(5, server.webSocketPort()) : from("127.0.0.1");
        clients.add(client);
        for (int i = 0; i < 4; i++) {
            client.send(i == 0 ? unfinished(4_000) : new byte[4_000]);
        }
        assertThat(client.closed()).isTrue();
        await().until(() -> server.counters().value(GateCounter.HANDSHAKES_TOO_LARGE) == 1);
    }

    @Test
    void packetsBehindConnectDoNotCountAndAreAnswered() throws Exception {
        start(new FloodLimits.HandshakeLimits(1_000, 64 << 20, 8 << 10, 60_000));
        byte[][] packets = new byte[51][];
        packets[0] = Wire.connect(5, "a");
        for (int i = 1; i <= 50; i++) {
            packets[i] = Wire.publish(5, "im/send", 1, i, new byte[1_000]);
        }
        WireClient client = from("127.0.0.1").send(packets);
        assertThat(client.read().connectCode()).isZero();
        for (int i = 1; i <= 50; i++) {
            assertThat(client.read().id()).isEqualTo(i);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void silentSocketHasAShorterDeadlineThanAnUnansweredConnect(boolean webSocket) throws Exception {
        start(new FloodLimits.HandshakeLimits(1_000, 64 << 20, 8 << 10, 3_000));
        WireClient client = webSocket ? WireClient.webSocket(5, server.webSocketPort()) : from("127.0.0.1");
        clients.add(client);
        assertThat(client.closed()).isTrue();
        await().until(() -> server.counters().value(GateCounter.CONNECTS_TIMED_OUT) == 1);
        await().until(() -> server.handshakes() == 0);
    }

    /** The event loops are not the server's: they do not end with it, and do not close its sockets. */
    @Test
    void closingServerClosesThem() throws Exception {
        try (Edge edge = Edge.open(System::nanoTime)) {
            server = new BrokerServer(
                    Servers.config()
                            .withFlood(FloodLimits.DEFAULT.withHandshakes(
                                    new FloodLimits.HandshakeLimits(1_000, 64 << 20, 8 << 10, 60_000))),
                    edge,
                    hook,
                    Clock.systemUTC(),
                    System::nanoTime,
                    new SecureRandom());
            hook.onConnect = request -> new CompletableFuture<>();
            server.start();
            WireClient silent = from("127.0.0.1");
            WireClient waiting = from("127.0.0.1").send(Wire.connect(5, "a"));
            WireClient upgraded = WireClient.webSocket(5, server.webSocketPort());
            clients.add(upgraded);
            await().until(() -> server.handshakes() == 3 && hook.connects.size() == 1);
            server.close();
            assertThat(server.connections()).isZero();
            for (WireClient client : List.of(silent, waiting, upgraded)) {
                assertThat(client.closed()).isTrue();
            }
        }
    }

    @Test
    void failuresOfOneUserDoNotLockOutTheOthersOfItsAddress() throws Exception {
        start(Servers.FLOOD.handshakes());
        hook.onConnect = request -> TestHook.done(
                request.clientId().startsWith("bad")
                        ? new ConnectVerdict.Refuse(ConnectRefusal.BAD_USER_NAME_OR_PASSWORD, "no")
                        : new ConnectVerdict.Accept(false, List.of(), "t/", true));
        int delayed = 0;
        for (int i = 0; i < 700; i++) {
            try (WireClient client = WireClient.tcp(5, server.mqttPort())) {
                int code = client.send(Wire.connect(5, "bad")).read().connectCode();
                assertThat(code).isIn(0x86, 0x9F);
                delayed += code == 0x9F ? 1 : 0;
            }
        }
        from("127.0.0.1").connected("good");
        assertThat(delayed).isGreaterThan(600);
        assertThat(server.counters().value(GateCounter.CONNECTS_REFUSED_DELAYED))
                .isEqualTo(delayed);
        assertThat(server.counters().value(GateCounter.LOGINS_FAILED_CREDENTIALS))
                .isEqualTo(700 - delayed);
        assertThat(hook.connects).as("the node is not asked meanwhile").hasSize(701 - delayed);
    }
}
