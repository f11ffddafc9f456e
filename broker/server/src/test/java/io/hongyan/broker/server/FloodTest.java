package io.hongyan.broker.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hongyan.broker.hook.ConnectRefusal;
import io.hongyan.broker.hook.ConnectVerdict;
import io.hongyan.broker.hook.DisconnectCause;
import io.hongyan.broker.server.listen.Network;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Limits on clients that connect or send too much. */
@Timeout(60)
class FloodTest {
    private final TestHook hook = new TestHook();
    private final List<WireClient> clients = new ArrayList<>();
    private BrokerServer server;

    private void start(FloodLimits limits) {
        server = Servers.start(Servers.config().withFlood(limits), hook);
    }

    /** Time does not pass: empty buckets stay empty, however slow the machine is. */
    private void startWithoutTime(FloodLimits limits) {
        server = Servers.start(Servers.config().withFlood(limits), hook, new TestClock());
    }

    private static void publish(WireClient client, int packetId, byte[] payload) throws IOException {
        assertThat(client.send(Wire.publish(5, "im/send", 1, packetId, payload))
                        .read()
                        .id())
                .isEqualTo(packetId);
    }

    private long pauses() {
        return Servers.count(server, "gate_rate_pauses_total");
    }

    /** For all reasons. */
    private long loginsFailed() {
        return Stream.of(GateCounter.values())
                .filter(counter -> counter.metric().startsWith("gate_logins_failed_total"))
                .mapToLong(server.counters()::value)
                .sum();
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
        start(Servers.FLOOD.withConnections(100, 3, 1_000));
        for (int i = 0; i < 3; i++) {
            from("127.0.0.2").connected("a" + i);
        }
        assertThat(from("127.0.0.2").closed()).isTrue();
        from("127.0.0.3").connected("b");
        clients.get(0).close();
        await().until(() -> hook.ended.size() == 1);
        from("127.0.0.2").connected("c");
        assertThat(server.counters().value(GateCounter.CONNECTIONS_REFUSED_ADDRESS))
                .isEqualTo(1);
    }

    @Test
    void connectionsOfTheServerAreLimited() throws Exception {
        start(Servers.FLOOD.withConnections(3, 100, 1_000));
        for (int i = 0; i < 3; i++) {
            from("127.0.0.1").connected("a" + i);
        }
        assertThat(from("127.0.0.1").closed()).isTrue();
        assertThat(server.connections()).isEqualTo(3);
        assertThat(server.counters().value(GateCounter.CONNECTIONS_REFUSED_LIMIT))
                .isEqualTo(1);
    }

    @Test
    void connectsAboveTheRateAreRefused() throws Exception {
        startWithoutTime(Servers.FLOOD.withConnections(1_000, 1_000, 1_000).withConnects(2, 0));
        int refused = 0;
        for (int i = 0; i < 10; i++) {
            Packet answer = from("127.0.0.1").send(Wire.connect(5, "a" + i)).read();
            refused += answer.connectCode() == 0x9F ? 1 : 0;
        }
        assertThat(refused).isEqualTo(8);
        assertThat(server.counters().value(GateCounter.CONNECTS_REFUSED_RATE)).isEqualTo(refused);
    }

    @Test
    void socketsThatOneAddressOpensTooFastAreClosed() throws Exception {
        startWithoutTime(Servers.FLOOD.withConnects(1_000, 1));
        int burst = Servers.FLOOD.traffic().burstSeconds();
        for (int i = 0; i < burst; i++) {
            from("127.0.0.2").connected("a" + i);
        }
        assertThat(from("127.0.0.2").closed()).isTrue();
        from("127.0.0.1").connected("b");
        assertThat(server.counters().value(GateCounter.CONNECTIONS_REFUSED_ADDRESS_RATE))
                .isEqualTo(1);
        assertThat(Servers.count(server, "gate_sockets_refused_total")).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "CLIENT_IDENTIFIER_NOT_VALID,CLIENT_ID",
        "BAD_USER_NAME_OR_PASSWORD,CREDENTIALS",
        "NOT_AUTHORIZED,NOT_AUTHORIZED",
        "BANNED,BANNED"
    })
    void failedLoginsAreCountedByReason(ConnectRefusal refusal, String reason) throws Exception {
        start(Servers.FLOOD);
        hook.onConnect = request -> TestHook.done(new ConnectVerdict.Refuse(refusal, "no"));
        assertThat(from("127.0.0.1").send(Wire.connect(5, "a")).read().connectCode())
                .isEqualTo(refusal.reasonCode());
        assertThat(server.counters().value(GateCounter.valueOf("LOGINS_FAILED_" + reason)))
                .isEqualTo(1);
        assertThat(Servers.count(server, "gate_logins_failed_total")).isEqualTo(1);
    }

    @Test
    void aNodeThatCannotAnswerIsNoFailedLogin() throws Exception {
        start(Servers.FLOOD);
        hook.onConnect =
                request -> TestHook.done(new ConnectVerdict.Refuse(ConnectRefusal.SERVER_UNAVAILABLE, "later"));
        assertThat(from("127.0.0.1").send(Wire.connect(5, "a")).read().connectCode())
                .isEqualTo(0x88);
        assertThat(Servers.count(server, "gate_logins_failed_total")).isZero();
    }

    @Test
    void aDeviceThatLogsInAgainAndAgainIsToldApartFromOneWhoseLoginsFail() throws Exception {
        startWithoutTime(Servers.FLOOD.withLogins(new FloodLimits.LoginLimits(0, 60, 100, 100, 2)));
        for (int i = 0; i < 3; i++) {
            from("127.0.0.1").connected("a");
        }
        assertThat(from("127.0.0.1").send(Wire.connect(5, "a")).read().connectCode())
                .isEqualTo(0x9F);
        hook.onConnect =
                request -> TestHook.done(new ConnectVerdict.Refuse(ConnectRefusal.BAD_USER_NAME_OR_PASSWORD, "no"));
        assertThat(from("127.0.0.1").send(Wire.connect(5, "b")).read().connectCode())
                .isEqualTo(0x86);
        assertThat(from("127.0.0.1").send(Wire.connect(5, "b")).read().connectCode())
                .isEqualTo(0x9F);
        assertThat(server.counters().value(GateCounter.CONNECTS_REFUSED_FLAPPING))
                .isEqualTo(1);
        assertThat(server.counters().value(GateCounter.CONNECTS_REFUSED_DELAYED))
                .isEqualTo(1);
    }

    @Test
    void addressThatIsRefusedOverAndOverIsShutOut() throws Exception {
        start(Servers.FLOOD.withLogins(new FloodLimits.LoginLimits(100, 60, 100, 5, 0)));
        hook.onConnect = request -> TestHook.done(
                request.remoteAddress().equals("127.0.0.2")
                        ? new ConnectVerdict.Refuse(ConnectRefusal.BAD_USER_NAME_OR_PASSWORD, "no")
                        : new ConnectVerdict.Accept(false, List.of(), "t/", true));
        for (int i = 0; i < 5; i++) {
            assertThat(from("127.0.0.2").send(Wire.connect(5, "a")).read().connectCode())
                    .isEqualTo(0x86);
        }
        assertThat(from("127.0.0.2").closed()).isTrue();
        assertThat(server.counters().value(GateCounter.CONNECTIONS_REFUSED_ADDRESS_LOGINS))
                .isEqualTo(1);
        from("127.0.0.1").connected("b");
    }

    /** Who closes before the answer has cost as much as who waits for it. */
    @Test
    void aFailedLoginCountsThoughTheClientHasLeft() throws Exception {
        start(Servers.FLOOD.withLogins(new FloodLimits.LoginLimits(100, 60, 100, 5, 0)));
        List<CompletableFuture<ConnectVerdict>> asked = new CopyOnWriteArrayList<>();
        hook.onConnect = request -> {
            CompletableFuture<ConnectVerdict> answer = new CompletableFuture<>();
            asked.add(answer);
            return answer;
        };
        for (int i = 0; i < 5; i++) {
            int left = i + 1;
            try (WireClient client = WireClient.tcpFrom("127.0.0.2", 5, server.mqttPort())) {
                client.send(Wire.connect(5, "a" + i));
                await().until(() -> asked.size() == left);
            }
            await().until(() -> hook.ended.size() == left);
        }
        asked.forEach(
                answer -> answer.complete(new ConnectVerdict.Refuse(ConnectRefusal.BAD_USER_NAME_OR_PASSWORD, "no")));
        await().until(() -> loginsFailed() == 5);
        assertThat(from("127.0.0.2").closed()).as("the address is shut out").isTrue();
        assertThat(server.counters().value(GateCounter.CONNECTIONS_REFUSED_ADDRESS_LOGINS))
                .isEqualTo(1);
    }

    /** The same by device; what could not be told is no failure. */
    @Test
    void aDeviceThatLeavesBeforeItIsRefusedHasToWaitToo() throws Exception {
        start(Servers.FLOOD.withLogins(new FloodLimits.LoginLimits(0, 60, 100, 100, 0)));
        CompletableFuture<ConnectVerdict> answer = new CompletableFuture<>();
        hook.onConnect = request -> answer;
        try (WireClient client = WireClient.tcpFrom("127.0.0.2", 5, server.mqttPort())) {
            client.send(Wire.connect(5, "same"));
            await().until(() -> hook.connects.size() == 1);
        }
        await().until(() -> hook.ended.size() == 1);
        answer.complete(new ConnectVerdict.Refuse(ConnectRefusal.BAD_USER_NAME_OR_PASSWORD, "no"));
        await().until(() -> loginsFailed() == 1);
        assertThat(from("127.0.0.2").send(Wire.connect(5, "same")).read().connectCode())
                .isEqualTo(0x9F);
    }

    @Test
    void fastSenderIsSlowedAndLosesNothing() throws Exception {
        startWithoutTime(Servers.FLOOD.withTraffic(new FloodLimits.TrafficLimits(20, 0, 0, 0, 0, 0, 0, 0, 1, 60)));
        WireClient client = from("127.0.0.1").connected("a");
        for (int i = 1; i <= 19; i++) {
            publish(client, i, Wire.NONE);
        }
        assertThat(pauses()).as("CONNECT and these may come at once").isZero();
        for (int i = 20; i <= 25; i++) {
            publish(client, i, Wire.NONE);
            assertThat(pauses()).as("each further one pauses").isEqualTo(i - 19);
        }
    }

    @Test
    void framesOfWebSocketThatHoldLessThanAPacketCountAsOne() throws Exception {
        startWithoutTime(Servers.FLOOD.withTraffic(new FloodLimits.TrafficLimits(20, 0, 0, 0, 0, 0, 0, 0, 1, 60)));
        WireClient client = WireClient.webSocket(5, server.webSocketPort());
        clients.add(client);
        client.connected("a");
        for (int i = 1; i <= 10; i++) {
            publish(client, i, Wire.NONE);
        }
        assertThat(pauses()).as("one packet in each").isZero();
        for (byte part : Wire.publish(5, "im/send", 1, 11, Wire.NONE)) {
            client.sendFrame(0x82, new byte[] {part});
        }
        assertThat(client.read().id()).isEqualTo(11);
        assertThat(pauses()).isPositive();
    }

    @Test
    void headersOfFramesCountAsBytes() throws Exception {
        startWithoutTime(Servers.FLOOD.withTraffic(new FloodLimits.TrafficLimits(0, 150, 0, 0, 0, 0, 0, 0, 1, 60)));
        WireClient client = WireClient.webSocket(5, server.webSocketPort());
        clients.add(client);
        client.connected("a");
        for (byte part : Wire.publish(5, "im/send", 1, 1, new byte[16])) {
            client.sendFrame(0x82, new byte[] {part});
        }
        assertThat(client.read().id()).isEqualTo(1);
        assertThat(pauses()).isPositive();
    }

    @Test
    void manyBytesAreSlowedToo() throws Exception {
        startWithoutTime(Servers.FLOOD.withTraffic(new FloodLimits.TrafficLimits(0, 50_000, 0, 0, 0, 0, 0, 0, 1, 60)));
        WireClient client = from("127.0.0.1").connected("a");
        publish(client, 1, new byte[40_000]);
        assertThat(pauses()).isZero();
        publish(client, 2, new byte[20_000]);
        assertThat(pauses()).isPositive();
        publish(client, 3, Wire.NONE);
        assertThat(server.counters().value(GateCounter.RATE_PAUSES_CONNECTION_BYTES))
                .isEqualTo(pauses());
    }

    @Test
    void clientThatGoesOnSendingTooFastIsEnded() throws Exception {
        TestClock clock = new TestClock();
        FloodLimits limits = Servers.FLOOD.withTraffic(new FloodLimits.TrafficLimits(20, 0, 0, 0, 0, 0, 0, 0, 1, 5));
        server = Servers.start(Servers.config().withFlood(limits), hook, clock);
        WireClient client = from("127.0.0.1").connected("a");
        for (int i = 1; i <= 21; i++) {
            publish(client, i, Wire.NONE);
        }
        assertThat(pauses()).isPositive();
        clock.pass(4_900);
        for (int i = 22; i <= 66; i++) {
            client.send(Wire.publish(5, "im/send", 0, 0, Wire.NONE));
        }
        assertThat(hook.ended).isEmpty();
        clock.pass(100);
        client.send(Wire.publish(5, "im/send", 0, 0, Wire.NONE));
        await().until(() -> hook.ended.size() == 1);
        assertThat(hook.ended.element().cause()).isEqualTo(DisconnectCause.MESSAGE_RATE_TOO_HIGH);
    }

    /** Two connections; the first shared limit is exceeded by what they send together. */
    @ParameterizedTest
    @CsvSource({
        "user,RATE_PAUSES_USER_PACKETS",
        "address,RATE_PAUSES_ADDRESS_PACKETS",
        "total,RATE_PAUSES_TOTAL_PACKETS"
    })
    void limitsThatConnectionsShareSlowBoth(String scope, GateCounter counter) throws Exception {
        int perUser = scope.equals("user") ? 20 : 0;
        int perAddress = scope.equals("address") ? 20 : 0;
        int total = scope.equals("total") ? 20 : 0;
        startWithoutTime(Servers.FLOOD.withTraffic(
                new FloodLimits.TrafficLimits(0, 0, perUser, 0, perAddress, 0, total, 0, 1, 60)));
        WireClient one = from("127.0.0.1").connected("a");
        WireClient other =
                from(scope.equals("total") ? "127.0.0.2" : "127.0.0.1").connected("b");
        for (int i = 1; i <= 15; i++) {
            publish(one, i, Wire.NONE);
        }
        assertThat(pauses()).isZero();
        for (int i = 1; i <= 6; i++) {
            publish(other, i, Wire.NONE);
        }
        assertThat(pauses()).isPositive();
        assertThat(server.counters().value(counter)).isEqualTo(pauses());
    }

    @Test
    void deniedNetworkIsClosedAndExemptOneHasNoLimitsByAddress() throws Exception {
        start(Servers.FLOOD
                .withConnections(100, 1, 100)
                .withNetworks(new NetworkRules(
                        List.of(Network.parse("127.0.0.8/30")), List.of(Network.parse("127.0.0.4/30")))));
        assertThat(from("127.0.0.9").closed()).isTrue();
        from("127.0.0.5").connected("a");
        from("127.0.0.5").connected("b");
        from("127.0.0.1").connected("c");
        assertThat(from("127.0.0.1").closed()).isTrue();
        assertThat(server.counters().value(GateCounter.CONNECTIONS_REFUSED_ADDRESS))
                .isEqualTo(1);
        server.changeLimits(now -> now.withFlood(Servers.FLOOD));
        from("127.0.0.1").connected("d");
        from("127.0.0.9").connected("e");
        assertThat(server.counters().value(GateCounter.CONNECTIONS_REFUSED_DENIED))
                .isEqualTo(1);
    }

    @Test
    void connectionsOfOneUserAreLimited() throws Exception {
        start(Servers.FLOOD.withConnections(100, 100, 2));
        WireClient first = from("127.0.0.1").connected("a");
        from("127.0.0.2").connected("b");
        assertThat(from("127.0.0.3").send(Wire.connect(5, "c")).read().connectCode())
                .isEqualTo(0x97);
        first.close();
        await().until(() -> hook.ended.size() == 2);
        from("127.0.0.3").connected("c");
    }

    @Test
    void serversInOneProcessDoNotMix() throws Exception {
        start(Servers.FLOOD.withConnections(1_000, 1_000, 1_000));
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
        start(Servers.FLOOD.withConnections(1_000, 1_000, 1_000));
        WireClient client = from("127.0.0.1").connected("a");
        int port = server.mqttPort();
        server.stopAccepting();
        assertThat(client.send(Wire.PINGREQ).read().type()).isEqualTo(13);
        server.close();
        assertThat(client.read().disconnectReason()).isEqualTo(0x8B);
        assertThat(client.closed()).isTrue();
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
        start(Servers.FLOOD.withConnections(1_000, 1_000, 1_000));
        from("127.0.0.1").connected("a");
        assertThat(server.counters().all()).containsExactly(GateCounter.values());
        assertThat(server.counters().all())
                .extracting(GateCounter::metric)
                .doesNotContain("")
                .doesNotHaveDuplicates();
        assertThat(server.counters().all()).extracting(GateCounter::help).noneMatch(String::isBlank);
        assertThat(server.counters().value(GateCounter.CONNECTS_ACCEPTED)).isEqualTo(1);
    }
}
