package io.hongyan.broker.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hongyan.broker.hook.ConnectRefusal;
import io.hongyan.broker.hook.ConnectVerdict;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Limits on clients that connect or send too much. */
@Timeout(60)
class FloodTest {
    private final TestHook hook = new TestHook();
    private final List<WireClient> clients = new ArrayList<>();
    private BrokerServer server;

    private void start(BrokerConfig.FloodLimits limits) {
        server = Servers.start(Servers.config().withFlood(limits), hook);
    }

    @AfterEach
    void stop() throws IOException {
        for (WireClient client : clients) {
            client.close();
        }
        server.close();
        assertThat(server.healthy()).isTrue();
    }

    private WireClient from(String address) throws Exception {
        WireClient client = WireClient.tcpFrom(address, 5, server.mqttPort());
        clients.add(client);
        return client;
    }

    @Test
    void connectionsFromOneAddressAreLimited() throws Exception {
        start(new BrokerConfig.FloodLimits(100, 3, 1_000, 100, 0, 0));
        for (int i = 0; i < 3; i++) {
            from("127.0.0.2").connected("a" + i);
        }
        assertThat(from("127.0.0.2").closedWithin(2_000)).isTrue();
        from("127.0.0.3").connected("b");
        clients.get(0).close();
        await().until(() -> hook.ended.size() == 1);
        from("127.0.0.2").connected("c");
        assertThat(server.counters().value(GateCounter.CONNECTIONS_REFUSED_ADDRESS))
                .isEqualTo(1);
    }

    @Test
    void connectionsOfTheServerAreLimited() throws Exception {
        start(new BrokerConfig.FloodLimits(3, 100, 1_000, 100, 0, 0));
        for (int i = 0; i < 3; i++) {
            from("127.0.0.1").connected("a" + i);
        }
        assertThat(from("127.0.0.1").closedWithin(2_000)).isTrue();
        assertThat(server.connections()).isEqualTo(3);
        assertThat(server.counters().value(GateCounter.CONNECTIONS_REFUSED_LIMIT))
                .isEqualTo(1);
    }

    @Test
    void connectsAboveTheRateAreRefused() throws Exception {
        start(new BrokerConfig.FloodLimits(1_000, 1_000, 2, 100, 0, 0));
        int refused = 0;
        for (int i = 0; i < 40; i++) {
            Packet answer = from("127.0.0.1").send(Wire.connect(5, "a" + i)).read();
            refused += answer.connectCode() == 0x9F ? 1 : 0;
        }
        assertThat(refused).isPositive();
        assertThat(server.counters().value(GateCounter.CONNECTS_REFUSED_RATE)).isEqualTo(refused);
    }

    @Test
    void addressThatIsRefusedOverAndOverIsShutOut() throws Exception {
        start(new BrokerConfig.FloodLimits(1_000, 1_000, 1_000, 5, 0, 0));
        hook.onConnect = request -> TestHook.done(
                request.remoteAddress().equals("127.0.0.2")
                        ? new ConnectVerdict.Refuse(ConnectRefusal.BAD_USER_NAME_OR_PASSWORD, "no")
                        : new ConnectVerdict.Accept(false, List.of(), "t/", true));
        for (int i = 0; i < 5; i++) {
            assertThat(from("127.0.0.2").send(Wire.connect(5, "a")).read().connectCode())
                    .isEqualTo(0x86);
        }
        assertThat(from("127.0.0.2").closedWithin(2_000)).isTrue();
        from("127.0.0.1").connected("b");
    }

    @Test
    void fastSenderIsSlowedAndLosesNothing() throws Exception {
        start(new BrokerConfig.FloodLimits(1_000, 1_000, 1_000, 5, 20, 0));
        WireClient client = from("127.0.0.1").connected("a");
        long before = System.nanoTime();
        for (int i = 1; i <= 60; i++) {
            client.send(Wire.publish(5, "im/send", 1, i, Wire.NONE));
            assertThat(client.read().id()).isEqualTo(i);
        }
        assertThat((System.nanoTime() - before) / 1_000_000).isGreaterThan(1_500);
        assertThat(server.counters().value(GateCounter.RATE_PAUSES)).isPositive();
    }

    @Test
    void manyBytesAreSlowedToo() throws Exception {
        start(new BrokerConfig.FloodLimits(1_000, 1_000, 1_000, 5, 0, 50_000));
        WireClient client = from("127.0.0.1").connected("a");
        for (int i = 1; i <= 3; i++) {
            client.send(Wire.publish(5, "im/send", 1, i, new byte[40_000]));
            assertThat(client.read().id()).isEqualTo(i);
        }
        assertThat(server.counters().value(GateCounter.RATE_PAUSES)).isPositive();
    }

    @Test
    void serversInOneProcessDoNotMix() throws Exception {
        start(new BrokerConfig.FloodLimits(1_000, 1_000, 1_000, 5, 0, 0));
        TestHook otherHook = new TestHook();
        try (BrokerServer other = Servers.start(Servers.config(), otherHook);
                WireClient client = WireClient.tcp(4, other.mqttPort())) {
            client.connected("x");
            from("127.0.0.1").connected("y");
            assertThat(hook.online).containsOnlyKeys("y");
            assertThat(otherHook.online).containsOnlyKeys("x");
        }
        assertThat(from("127.0.0.1").connected("z").send(Wire.PINGREQ).read().type())
                .isEqualTo(13);
    }

    @Test
    void closingServerTellsItsClientsAndStopsListening() throws Exception {
        start(new BrokerConfig.FloodLimits(1_000, 1_000, 1_000, 5, 0, 0));
        WireClient client = from("127.0.0.1").connected("a");
        int port = server.mqttPort();
        server.stopAccepting();
        assertThat(client.send(Wire.PINGREQ).read().type()).isEqualTo(13);
        server.close();
        assertThat(client.read().disconnectReason()).isEqualTo(0x8B);
        assertThat(client.closedWithin(2_000)).isTrue();
        assertThat(hook.ended).hasSize(1);
        assertThatThrownBy(() -> {
                    try (Socket socket = new Socket("127.0.0.1", port)) {
                        assertThat(socket.isConnected()).isFalse();
                    }
                })
                .isInstanceOf(IOException.class);
    }

    @Test
    void countersAreEnumeratedWithNamesAndHelp() throws Exception {
        start(new BrokerConfig.FloodLimits(1_000, 1_000, 1_000, 5, 0, 0));
        from("127.0.0.1").connected("a");
        List<String> names = new ArrayList<>();
        server.counters().forEach((name, help, value) -> {
            names.add(name);
            assertThat(help).isNotBlank();
        });
        assertThat(names).hasSize(GateCounter.values().length).doesNotHaveDuplicates();
        assertThat(server.counters().value(GateCounter.CONNECTS_ACCEPTED)).isEqualTo(1);
    }
}
