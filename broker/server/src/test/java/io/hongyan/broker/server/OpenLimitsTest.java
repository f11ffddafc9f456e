package io.hongyan.broker.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hongyan.broker.hook.ConnectVerdict;
import io.hongyan.broker.hook.GrantedFilter;
import io.hongyan.broker.server.GenericLimits.QueueLimits;
import io.hongyan.broker.server.GenericLimits.RetainedLimits;
import io.hongyan.broker.server.listen.Network;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients without a user, who may use all topics: what is stored counts for their address. */
@Timeout(60)
class OpenLimitsTest {
    private static final String ONE = "127.0.0.2";
    private static final String OTHER = "127.0.0.3";
    private static final String EXEMPT = "127.0.0.4";
    private static final int RETAIN = 1;
    private static final int NO_LIMIT = 1 << 20;
    private static final int QUEUED_BYTES = LimitedQueues.MESSAGE_BYTES + 1 + 10;

    private final TestHook hook = new TestHook();
    private BrokerServer server;

    @BeforeEach
    void start() {
        hook.onConnect = request -> TestHook.done(new ConnectVerdict.Accept(
                !request.session().cleanStart(),
                request.session().cleanStart() ? List.of() : List.of(new GrantedFilter("q", 1, 0)),
                "",
                request.clientId().startsWith("messaging")));
        GenericLimits limits = new GenericLimits(
                4_096,
                64,
                100,
                2,
                new RetainedLimits(100, NO_LIMIT, 3, NO_LIMIT),
                new QueueLimits(100, NO_LIMIT, 6 * QUEUED_BYTES, NO_LIMIT));
        BrokerConfig config = Servers.config().withGeneric(limits);
        NetworkRules networks = new NetworkRules(List.of(), List.of(Network.parse(EXEMPT + "/32")));
        server = Servers.start(config.withFlood(config.flood().withNetworks(networks)), hook);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private WireClient client(String address, String clientId) throws Exception {
        return connected(address, new Wire.Connect(5, clientId));
    }

    private WireClient connected(String address, Wire.Connect connect) throws Exception {
        return WireClient.tcpFrom(address, 5, server.mqttPort()).connected(connect);
    }

    /** Reason of the PUBACK. */
    private static int retain(WireClient client, String topic) throws Exception {
        Packet answer = client.send(Wire.publish(5, topic, 1, 7, new byte[10], Wire.NONE, RETAIN))
                .read();
        assertThat(answer.type()).isEqualTo(PacketWriter.PUBACK);
        return answer.reason() == 0x10 ? 0 : answer.reason();
    }

    @Test
    void retainedMessagesCountForTheAddress() throws Exception {
        try (WireClient first = client(ONE, "a");
                WireClient second = client(ONE, "b");
                WireClient other = client(OTHER, "c");
                WireClient exempt = client(EXEMPT, "d")) {
            assertThat(retain(first, "1")).isZero();
            assertThat(retain(first, "2")).isZero();
            assertThat(retain(second, "3")).isZero();
            assertThat(retain(first, "4")).isEqualTo(0x97);
            assertThat(retain(second, "4")).as("the same address").isEqualTo(0x97);
            assertThat(retain(other, "5")).isZero();
            for (int i = 10; i < 20; i++) {
                assertThat(retain(exempt, String.valueOf(i)))
                        .as("without limits by address")
                        .isZero();
            }
            assertThat(server.counters().value(GateCounter.RETAINED_REFUSED_USER))
                    .isEqualTo(2);
        }
    }

    @Test
    void retainedMessageThatReplacesAnotherCountsForItsOwnPublisher() throws Exception {
        try (WireClient one = client(ONE, "a");
                WireClient other = client(OTHER, "b")) {
            for (int i = 0; i < 3; i++) {
                assertThat(retain(one, "one/" + i)).isZero();
            }
            assertThat(retain(other, "one/0")).isZero();
            assertThat(retain(one, "one/3")).as("in the place that became free").isZero();
            assertThat(retain(other, "1")).isZero();
            assertThat(retain(other, "2")).isZero();
            assertThat(retain(other, "one/1")).as("a fourth of this address").isEqualTo(0x97);
            assertThat(server.retainedMessages()).isEqualTo(6);
        }
    }

    @Test
    void messagingClientsCountForTheirUserWhereverTheyAre() throws Exception {
        try (WireClient alice = connected(ONE, new Wire.Connect(5, "messaging-a").user("alice", "secret"));
                WireClient again = connected(OTHER, new Wire.Connect(5, "messaging-b").user("alice", "secret"));
                WireClient bob = connected(ONE, new Wire.Connect(5, "messaging-c").user("bob", "secret"))) {
            assertThat(retain(alice, "1")).isZero();
            assertThat(retain(alice, "2")).isZero();
            assertThat(retain(again, "3")).isZero();
            assertThat(retain(again, "4")).isEqualTo(0x97);
            assertThat(retain(bob, "5")).isZero();
        }
    }

    /** A session that is kept, with the filter q. */
    private void absent(String address, String clientId) throws Exception {
        byte[] expiry = {PropertyIds.SESSION_EXPIRY_INTERVAL, 0, 0, 1, 0};
        try (WireClient client =
                connected(address, new Wire.Connect(5, clientId).clean(false).properties(expiry))) {
            client.send(Wire.DISCONNECT);
            assertThat(client.closed()).isTrue();
        }
    }

    @Test
    void keptSessionsCountForTheAddressThatBeganThem() throws Exception {
        absent(ONE, "a");
        absent(ONE, "b");
        absent(ONE, "c");
        await().until(() -> server.counters().value(GateCounter.GENERIC_SESSIONS_REFUSED_USER) == 1);
        absent(OTHER, "a");
        absent(OTHER, "d");
        absent(OTHER, "e");
        assertThat(server.gate().keptSessions.size()).isEqualTo(4);
        for (int i = 0; i < 4; i++) {
            absent(EXEMPT, "exempt-" + i);
        }
        assertThat(server.gate().keptSessions.size()).isEqualTo(8);
        assertThat(server.counters().value(GateCounter.GENERIC_SESSIONS_REFUSED_USER))
                .isEqualTo(1);
    }

    @Test
    void waitingMessagesCountForTheAddressOfTheirSession() throws Exception {
        absent(ONE, "a");
        absent(ONE, "b");
        absent(OTHER, "c");
        try (WireClient sender = client(ONE, "sender")) {
            for (int i = 1; i <= 5; i++) {
                sender.send(Wire.publish(5, "q", 1, i, new byte[10]));
                assertThat(sender.read().id()).isEqualTo(i);
            }
        }
        await().until(() -> server.counters().value(GateCounter.QUEUED_DROPPED_USER) == 4);
        await().until(() -> server.queuedBytes() == (6 + 5) * QUEUED_BYTES);
    }
}
