package io.hongyan.broker.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hongyan.broker.hook.ConnectRequest;
import io.hongyan.broker.hook.ConnectVerdict;
import io.hongyan.broker.hook.GrantedFilter;
import io.hongyan.broker.server.GenericLimits.QueueLimits;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How much may wait for a session, for all sessions of a user, and for all together. */
@Timeout(60)
class QueueLimitsTest {
    private static final int NO_LIMIT = 1 << 20;
    private static final int PAYLOAD_BYTES = 500;
    /** What a message to t/alice/q counts for. */
    private static final int MESSAGE_BYTES = LimitedQueues.MESSAGE_BYTES + "t/alice/q".length() + PAYLOAD_BYTES;

    private final TestHook hook = new TestHook();
    private BrokerServer server;

    private void start(QueueLimits limits) {
        hook.onConnect = request -> TestHook.done(accept(request));
        GenericLimits defaults = GenericLimits.DEFAULT;
        server = Servers.start(
                Servers.config().withGeneric(new GenericLimits(4_096, 64, 100, 100, defaults.retained(), limits)),
                hook);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** Sessions are kept, and have one filter: a2 topic r, all others q. */
    private static ConnectVerdict accept(ConnectRequest request) {
        String prefix = "t/" + request.credentials().username() + '/';
        List<GrantedFilter> filters = request.session().cleanStart()
                ? List.of()
                : List.of(new GrantedFilter(prefix + (request.clientId().equals("a2") ? "r" : "q"), 1, 0));
        return new ConnectVerdict.Accept(!request.session().cleanStart(), filters, prefix, true);
    }

    private WireClient kept(String user, String clientId) throws Exception {
        return WireClient.tcp(4, server.mqttPort())
                .connected(new Wire.Connect(4, clientId).user(user, "secret").clean(false));
    }

    private void absent(String user, String clientId) throws Exception {
        try (WireClient client = kept(user, clientId)) {
            client.send(Wire.DISCONNECT);
            assertThat(client.closed()).isTrue();
        }
    }

    private void publish(String user, int messages, byte[] properties) throws Exception {
        publish(user, "q", messages, properties);
    }

    private void publish(String user, String topic, int messages, byte[] properties) throws Exception {
        try (WireClient sender = WireClient.tcp(5, server.mqttPort())
                .connected(new Wire.Connect(5, "sender-" + user).user(user, "secret"))) {
            for (int i = 1; i <= messages; i++) {
                byte[] payload = new byte[PAYLOAD_BYTES];
                sender.send(Wire.publish(5, "t/" + user + "/" + topic, 1, i, payload, properties, 0));
                assertThat(sender.read().id()).isEqualTo(i);
            }
        }
    }

    private void received(String user, String clientId, int messages) throws Exception {
        try (WireClient receiver = kept(user, clientId)) {
            for (int i = 1; i <= messages; i++) {
                Packet message = receiver.read();
                assertThat(message.type()).isEqualTo(PacketWriter.PUBLISH);
                receiver.send(Wire.acknowledge(PacketWriter.PUBACK, message.publishId()));
            }
            receiver.send(Wire.PINGREQ);
            assertThat(receiver.read().type()).as("nothing more").isEqualTo(13);
        }
    }

    private long dropped(GateCounter limit) {
        return server.counters().value(limit);
    }

    @Test
    void theSessionsOfAUserTakeNothingFromOthers() throws Exception {
        start(new QueueLimits(1_000, NO_LIMIT, 10 * MESSAGE_BYTES, 15 * MESSAGE_BYTES));
        absent("alice", "a1");
        absent("alice", "a2");
        absent("bob", "b1");
        publish("alice", "q", 6, Wire.NONE);
        await().until(() -> server.queuedBytes() == 6 * MESSAGE_BYTES);
        publish("alice", "r", 30, Wire.NONE);
        await().until(() -> dropped(GateCounter.QUEUED_DROPPED_USER) == 26);
        assertThat(server.queuedBytes()).isEqualTo(10 * MESSAGE_BYTES);
        publish("bob", 5, Wire.NONE);
        received("bob", "b1", 5);
        received("alice", "a1", 6);
        received("alice", "a2", 4);
        await().until(() -> server.queuedBytes() == 0);
        publish("alice", 5, Wire.NONE);
        received("alice", "a1", 5);
        assertThat(dropped(GateCounter.QUEUED_DROPPED_USER))
                .as("there is room again")
                .isEqualTo(26);
        assertThat(dropped(GateCounter.QUEUED_DROPPED_TOTAL)).isZero();
    }

    @Test
    void theShareIsFreeAgainWhenTheSessionsHaveGone() throws Exception {
        start(new QueueLimits(1_000, NO_LIMIT, 10 * MESSAGE_BYTES, NO_LIMIT));
        absent("alice", "a1");
        publish("alice", 12, Wire.NONE);
        await().until(() -> dropped(GateCounter.QUEUED_DROPPED_USER) == 2);
        // Every CONNECT with a session that is kept enters Moquette, where the new session takes the old one's place.
        try (WireClient again =
                WireClient.tcp(4, server.mqttPort()).connected(new Wire.Connect(4, "a1").user("alice", "secret"))) {
            again.subscribed(1, "t/alice/other");
        }
        await().until(() -> server.queuedBytes() == 0);
        absent("alice", "a3");
        publish("alice", 10, Wire.NONE);
        received("alice", "a3", 10);
        assertThat(dropped(GateCounter.QUEUED_DROPPED_USER)).isEqualTo(2);
    }

    @Test
    void oneSessionIsLimitedInBytes() throws Exception {
        start(new QueueLimits(1_000, 3 * MESSAGE_BYTES, NO_LIMIT, NO_LIMIT));
        absent("alice", "a1");
        publish("alice", 5, Wire.NONE);
        await().until(() -> dropped(GateCounter.QUEUED_DROPPED_SESSION) == 2);
        assertThat(server.queuedBytes()).isEqualTo(3 * MESSAGE_BYTES);
        received("alice", "a1", 3);
    }

    @Test
    void allSessionsTogetherAreLimitedInBytes() throws Exception {
        start(new QueueLimits(1_000, NO_LIMIT, 6 * MESSAGE_BYTES, 8 * MESSAGE_BYTES));
        absent("alice", "a1");
        absent("bob", "b1");
        publish("alice", 6, Wire.NONE);
        await().until(() -> server.queuedBytes() == 6 * MESSAGE_BYTES);
        publish("bob", 4, Wire.NONE);
        await().until(() -> dropped(GateCounter.QUEUED_DROPPED_TOTAL) == 2);
        assertThat(dropped(GateCounter.QUEUED_DROPPED_USER)).isZero();
        received("bob", "b1", 2);
        received("alice", "a1", 6);
    }

    @Test
    void propertiesOfAMessageCount() throws Exception {
        start(new QueueLimits(1_000, 10 * MESSAGE_BYTES, NO_LIMIT, NO_LIMIT));
        absent("alice", "a1");
        Wire.Bytes properties = new Wire.Bytes();
        for (int i = 0; i < 20; i++) {
            properties.u8(PropertyIds.USER_PROPERTY).string("").string("");
        }
        publish("alice", 10, properties.bytes());
        await().until(() -> dropped(GateCounter.QUEUED_DROPPED_SESSION) == 8);
        assertThat(server.queuedBytes()).isGreaterThan(2L * (MESSAGE_BYTES + 20 * 128));
        received("alice", "a1", (int) (10 - dropped(GateCounter.QUEUED_DROPPED_SESSION)));
    }
}
