package io.hongyan.broker.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hongyan.broker.hook.BrokerControl.Target;
import io.hongyan.broker.hook.ConnectRefusal;
import io.hongyan.broker.hook.ConnectRequest;
import io.hongyan.broker.hook.ConnectVerdict;
import io.hongyan.broker.hook.ConnectVerdict.Accept;
import io.hongyan.broker.hook.ConnectVerdict.Refuse;
import io.hongyan.broker.hook.DisconnectCause;
import io.hongyan.broker.hook.GrantedFilter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** CONNECT: held until the node has answered, fail closed, one connection per client id, a truthful CONNACK. */
@Timeout(60)
class ConnectTest {
    private final TestHook hook = new TestHook();
    private BrokerServer server;

    @BeforeEach
    void start() {
        start(60_000);
    }

    private void start(int connectMillis) {
        BrokerConfig.Deadlines deadlines =
                new BrokerConfig.Deadlines(connectMillis, 30_000, 30_000, 30_000, 500, 0, 600, 3_600, 30_000);
        server = Servers.start(Servers.config().withDeadlines(deadlines), hook);
    }

    @AfterEach
    void stop() {
        server.close();
        assertThat(server.healthy()).isTrue();
    }

    private WireClient client(int level) throws Exception {
        return WireClient.tcp(level, server.mqttPort());
    }

    private static CompletionStage<ConnectVerdict> accept(boolean present, GrantedFilter... filters) {
        return TestHook.done(new Accept(present, List.of(filters), "t/", true));
    }

    private DisconnectCause onlyCause() {
        await().until(() -> hook.ended.size() == 1);
        return hook.ended.element().cause();
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void nothingBehindConnectIsLookedAtBeforeTheAnswer(int level) throws Exception {
        CompletableFuture<ConnectVerdict> answer = new CompletableFuture<>();
        hook.onConnect = request -> answer;
        try (WireClient client = client(level)) {
            client.send(
                    Wire.connect(level, "c"),
                    Wire.subscribe(level, 1, 1, "u/a/#"),
                    Wire.publish(level, "im/send", 1, 2, Wire.text("x")));
            await().until(() -> hook.connects.size() == 1);
            assertThat(client.silentFor(300)).isTrue();
            assertThat(hook.changes).isEmpty();
            assertThat(hook.publishes).isEmpty();
            answer.complete(new Accept(false, List.of(), "t/", true));
            assertThat(client.read().type()).isEqualTo(2);
            assertThat(client.read().type()).isEqualTo(9);
            assertThat(client.read().type()).isEqualTo(4);
        }
    }

    @ParameterizedTest
    @EnumSource(ConnectRefusal.class)
    void refusalHasTheCodeOfEachVersion(ConnectRefusal reason) throws Exception {
        hook.onConnect = request -> TestHook.done(new Refuse(reason, "because"));
        try (WireClient old = client(4);
                WireClient young = client(5)) {
            Packet answer = old.send(Wire.connect(4, "a")).read();
            assertThat(answer.connectCode()).isEqualTo(reason.returnCode());
            assertThat(old.closed()).isTrue();
            answer = young.send(Wire.connect(5, "b")).read();
            assertThat(answer.connectCode()).isEqualTo(reason.reasonCode());
            assertThat(new String(answer.body())).contains("because");
            assertThat(young.closed()).isTrue();
        }
        await().until(() -> hook.ended.size() == 2);
        assertRefused(GateCounter.refused(reason), 2);
    }

    /** Each refusal counts once, under its own reason. */
    private void assertRefused(GateCounter reason, long times) {
        Map<String, Long> counted = new TreeMap<>();
        for (GateCounter counter : GateCounter.values()) {
            if (counter.metric().startsWith("gate_connects_refused_total{")
                    && server.counters().value(counter) > 0) {
                counted.put(counter.metric(), server.counters().value(counter));
            }
        }
        assertThat(counted).isEqualTo(Map.of(reason.metric(), times));
    }

    @Test
    void silentNodeIsAnsweredForAtTheDeadline() throws Exception {
        server.close();
        start(1_500);
        hook.onConnect = request -> new CompletableFuture<>();
        try (WireClient client = client(5)) {
            assertThat(client.send(Wire.connect(5, "a")).read().connectCode()).isEqualTo(0x88);
            assertThat(client.closed()).isTrue();
        }
        assertThat(onlyCause()).isEqualTo(DisconnectCause.SERVER_BUSY);
    }

    @Test
    void failingNodeMeansServerUnavailable() throws Exception {
        hook.onConnect = request -> CompletableFuture.failedFuture(new IllegalStateException("down"));
        try (WireClient client = client(4)) {
            assertThat(client.send(Wire.connect(4, "a")).read().connectCode()).isEqualTo(3);
        }
        assertThat(server.counters().value(GateCounter.NODE_FAILURES)).isEqualTo(1);
    }

    @Test
    void socketWithoutConnectIsClosedAtTheDeadline() throws Exception {
        server.close();
        start(1_500);
        try (WireClient client = client(4)) {
            client.send(new byte[] {0x10});
            assertThat(client.closed()).isTrue();
        }
        assertThat(hook.ended).isEmpty();
        assertThat(server.counters().value(GateCounter.CONNECTS_TIMED_OUT)).isEqualTo(1);
    }

    @Test
    void clientThatLeavesBeforeTheAnswerIsReportedOnce() throws Exception {
        CompletableFuture<ConnectVerdict> answer = new CompletableFuture<>();
        hook.onConnect = request -> answer;
        try (WireClient client = client(4)) {
            client.send(Wire.connect(4, "a"));
            await().until(() -> hook.connects.size() == 1);
        }
        assertThat(onlyCause()).isEqualTo(DisconnectCause.CONNECTION_LOST);
        answer.complete(new Accept(false, List.of(), "t/", true));
        try (WireClient other = client(4)) {
            hook.onConnect = request -> accept(false);
            other.connected("b");
        }
        await().until(() -> hook.ended.size() == 2);
        assertThat(hook.online).isEmpty();
    }

    @Test
    void credentialsReachTheNode() throws Exception {
        try (WireClient client = client(5)) {
            client.connected(new Wire.Connect(5, "c")
                    .user("alice", "token")
                    .keepAlive(33)
                    .clean(false)
                    .properties(new Wire.Bytes()
                            .u8(0x11)
                            .u32(100_000)
                            .u8(0x21)
                            .u16(17)
                            .u8(0x27)
                            .u32(5_000)
                            .bytes()));
        }
        ConnectRequest request = hook.connects.element();
        assertThat(request.credentials().username()).isEqualTo("alice");
        assertThat(request.credentials().password()).isEqualTo(Wire.text("token"));
        assertThat(request.limits().keepAliveSeconds()).isEqualTo(33);
        assertThat(request.session().cleanStart()).isFalse();
        assertThat(request.session().expirySeconds()).as("bounded").isEqualTo(3_600);
        assertThat(request.limits().receiveMaximum()).isEqualTo(17);
        assertThat(request.limits().maximumPacketSize()).isEqualTo(5_000);
        assertThat(request.remoteAddress()).isEqualTo("127.0.0.1");
    }

    @Test
    void answerOfVersion5TellsTheLimits() throws Exception {
        try (WireClient client = client(5)) {
            Packet answer = client.send(new Wire.Connect(5, "")
                            .keepAlive(4_000)
                            .properties(
                                    new Wire.Bytes().u8(0x11).u32(0xFFFFFFFFL).bytes())
                            .bytes())
                    .read();
            assertThat(answer.connectCode()).isZero();
            byte[] properties = answer.body();
            assertThat(contains(properties, new Wire.Bytes().u8(0x11).u32(3_600)))
                    .as("session expiry")
                    .isTrue();
            assertThat(contains(properties, new Wire.Bytes().u8(0x21).u16(64)))
                    .as("receive maximum")
                    .isTrue();
            assertThat(contains(properties, new Wire.Bytes().u8(0x27).u32(1 << 20)))
                    .as("maximum packet size")
                    .isTrue();
            assertThat(contains(properties, new Wire.Bytes().u8(0x22).u16(0)))
                    .as("topic alias maximum")
                    .isTrue();
            assertThat(contains(properties, new Wire.Bytes().u8(0x13).u16(600)))
                    .as("server keep alive")
                    .isTrue();
            assertThat(contains(properties, new Wire.Bytes().u8(0x2A).u8(0)))
                    .as("no shared subscriptions")
                    .isTrue();
            assertThat(contains(properties, new Wire.Bytes().u8(0x12)))
                    .as("assigned client id")
                    .isTrue();
        }
    }

    static boolean contains(byte[] bytes, Wire.Bytes part) {
        return new String(bytes, StandardCharsets.ISO_8859_1)
                .contains(new String(part.bytes(), StandardCharsets.ISO_8859_1));
    }

    @Test
    void protocolLevelThatNobodyKnowsIsRefused() throws Exception {
        try (WireClient client = client(4)) {
            assertThat(client.send(Wire.connect(9, "a")).read().connectCode()).isEqualTo(1);
            assertThat(client.closed()).isTrue();
        }
        assertRefused(GateCounter.CONNECTS_REFUSED_MALFORMED, 1);
    }

    @Test
    void contradictoryConnectIsRefused() throws Exception {
        byte[] willQos3 = new Wire.Connect(4, "a").will("t/will", 3).bytes();
        byte[] willQosWithoutWill = new Wire.Connect(4, "a").bytes();
        willQosWithoutWill[9] |= 8;
        byte[] passwordWithoutName =
                new Wire.Connect(4, "a").user(null, "secret").bytes();
        for (byte[] connect : List.of(willQos3, willQosWithoutWill, passwordWithoutName)) {
            try (WireClient client = client(4).send(connect)) {
                assertThat(client.closed()).isTrue();
            }
        }
        assertThat(hook.connects).isEmpty();
    }

    @Test
    void extendedAuthenticationIsRefused() throws Exception {
        try (WireClient client = client(5)) {
            byte[] method = new Wire.Bytes().u8(0x15).string("SCRAM").bytes();
            assertThat(client.send(new Wire.Connect(5, "a").properties(method).bytes())
                            .read()
                            .connectCode())
                    .isEqualTo(0x8C);
        }
        assertRefused(GateCounter.CONNECTS_REFUSED_AUTHENTICATION, 1);
    }

    @ParameterizedTest
    @CsvSource({"4,5", "5,135"})
    void willToAClaimedTopicIsRefused(int level, int code) throws Exception {
        for (String topic : List.of("im/send", "u/bob/inbox", "json/im/send", "x/y", "t/+", "$SYS/x")) {
            try (WireClient client = client(level)) {
                Packet answer = client.send(
                                new Wire.Connect(level, "a").will(topic, 0).bytes())
                        .read();
                assertThat(answer.connectCode()).as(topic).isEqualTo(code);
                assertThat(client.closed()).isTrue();
            }
        }
        assertRefused(GateCounter.CONNECTS_REFUSED_WILL, 6);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void willToAnAllowedTopicIsPublishedWhenTheClientIsLost(int level) throws Exception {
        try (WireClient watcher = client(level);
                WireClient client = client(level)) {
            watcher.connected("w").subscribed(0, "t/will");
            client.connected(new Wire.Connect(level, "a").will("t/will", 0));
            client.abort();
            assertThat(watcher.read().payload(level)).isEqualTo("gone");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void willIsForgottenAtDisconnect(int level) throws Exception {
        try (WireClient watcher = client(level);
                WireClient client = client(level)) {
            watcher.connected("w").subscribed(0, "t/will");
            client.connected(new Wire.Connect(level, "a").will("t/will", 0));
            client.send(Wire.DISCONNECT);
            assertThat(client.closed()).isTrue();
            assertThat(watcher.silentFor(500)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void newerConnectionOfTheSameClientIdEndsTheOlderFirst(int level) throws Exception {
        try (WireClient old = client(level);
                WireClient young = client(level)) {
            old.connected("same");
            young.connected("same");
            if (level == 5) {
                Packet bye = old.read();
                assertThat(bye.type()).isEqualTo(14);
                assertThat(bye.disconnectReason()).isEqualTo(0x8E);
            }
            assertThat(old.closed()).isTrue();
            assertThat(onlyCause()).isEqualTo(DisconnectCause.SESSION_TAKEN_OVER);
            young.send(Wire.PINGREQ);
            assertThat(young.read().type()).isEqualTo(13);
        }
    }

    @Test
    void ofManyConnectionsWithOneClientIdExactlyOneStays() throws Exception {
        WireClient[] clients = new WireClient[20];
        for (int i = 0; i < clients.length; i++) {
            clients[i] =
                    client(4).send(new Wire.Connect(4, "same").clean(false).bytes(), Wire.subscribe(4, 1, 1, "t/x"));
        }
        await().until(() -> hook.ended.size() == clients.length - 1 && hook.online.containsKey("same"));
        await().until(() -> server.connections() == 1);
        int open = 0;
        for (WireClient client : clients) {
            open += client.closedWithin(100) ? 0 : 1;
        }
        for (WireClient client : clients) {
            client.close();
        }
        assertThat(open).isEqualTo(1);
        await().until(() -> hook.ended.size() == clients.length);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void sessionPresentIsTheNodesWordAndItsFiltersAreRestored(int level) throws Exception {
        hook.onConnect =
                request -> accept(true, new GrantedFilter("u/alice/#", 1, 0), new GrantedFilter("t/x/#", 1, 0));
        try (WireClient client = client(level);
                WireClient other = client(level)) {
            Packet answer = client.send(new Wire.Connect(level, "c")
                            .clean(false)
                            .properties(new Wire.Bytes().u8(0x11).u32(100).bytes())
                            .bytes())
                    .read();
            assertThat(answer.sessionPresent()).isTrue();
            server.control()
                    .push(
                            Wire.text("claimed"),
                            List.of(new Target(hook.online.get("c"), "u/alice/inbox", Wire.NONE, 1, 1)));
            assertThat(client.read().payload(level)).isEqualTo("claimed");
            hook.onConnect = request -> accept(false);
            other.connected("o").send(Wire.publish(level, "t/x/y", 0, 0, Wire.text("generic")));
            assertThat(client.read().payload(level)).isEqualTo("generic");
            assertThat(hook.changes)
                    .as("the node is not asked about what it said")
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void queuedGenericMessagesComeAfterTheConnackOfTheNextConnection(int level) throws Exception {
        byte[] expiry = new Wire.Bytes().u8(0x11).u32(100).bytes();
        Wire.Connect connect = new Wire.Connect(level, "c").clean(false).properties(expiry);
        try (WireClient first = client(level)) {
            first.connected(connect).subscribed(1, "t/x");
            first.send(Wire.DISCONNECT);
            assertThat(first.closed()).isTrue();
        }
        try (WireClient other = client(level)) {
            other.connected("o");
            for (int i = 1; i <= 5; i++) {
                other.send(Wire.publish(level, "t/x", 1, i, Wire.text("m" + i)));
                assertThat(other.read().id()).isEqualTo(i);
            }
        }
        hook.onConnect = request -> accept(true, new GrantedFilter("t/x", 1, 0));
        try (WireClient again = client(level)) {
            assertThat(again.send(connect.bytes()).read().sessionPresent()).isTrue();
            for (int i = 1; i <= 5; i++) {
                assertThat(again.read().payload(level)).isEqualTo("m" + i);
            }
        }
    }

    @Test
    void clientsThatVanishWhileMoquetteTakesThemInLeaveNothingBehind() throws Exception {
        byte[] connect = new Wire.Connect(4, "same").will("t/will", 0).bytes();
        for (int i = 0; i < 200; i++) {
            WireClient client = client(4).send(connect);
            if (i % 2 == 0) {
                await().pollInterval(Duration.ofMillis(1)).until(() -> !hook.connects.isEmpty());
            }
            client.abort();
            hook.connects.clear();
        }
        await().until(() -> server.connections() == 0);
        try (WireClient client = client(4)) {
            client.connected(new Wire.Connect(4, "same").will("t/will", 0)).subscribed(0, "t/x");
            client.send(Wire.publish(4, "t/x", 0, 0, Wire.text("m")));
            assertThat(client.read().payload(4)).isEqualTo("m");
        }
        await().until(() -> server.connections() == 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void secondConnectEndsTheConnection(int level) throws Exception {
        try (WireClient client = client(level)) {
            client.connected("a");
            client.send(Wire.connect(level, "b"));
            if (level == 5) {
                assertThat(client.read().disconnectReason()).isEqualTo(0x82);
            }
            assertThat(client.closed()).isTrue();
        }
        assertThat(onlyCause()).isEqualTo(DisconnectCause.PROTOCOL_ERROR);
        assertThat(hook.connects).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 30, 0xFFFFFFFFL})
    void disconnectMayChangeHowLongTheSessionStays(long seconds) throws Exception {
        try (WireClient client = client(5)) {
            client.send(new Wire.Connect(5, "c")
                            .clean(false)
                            .properties(new Wire.Bytes().u8(0x11).u32(100).bytes())
                            .bytes())
                    .read();
            client.send(disconnect(seconds));
            assertThat(client.closed()).isTrue();
        }
        assertThat(onlyCause()).isEqualTo(DisconnectCause.CLIENT_DISCONNECTED);
        assertThat(hook.ended.element().sessionExpirySeconds()).as("bounded").isEqualTo(Math.min(seconds, 3_600));
    }

    @Test
    void disconnectCannotKeepASessionThatEndsWithItsConnection() throws Exception {
        try (WireClient client = client(5)) {
            client.connected("c").send(disconnect(30));
            assertThat(client.read().disconnectReason()).isEqualTo(0x82);
            assertThat(client.closed()).isTrue();
        }
        assertThat(onlyCause()).isEqualTo(DisconnectCause.PROTOCOL_ERROR);
        assertThat(hook.ended.element().sessionExpirySeconds()).isZero();
    }

    /** Reason 0 with a Session Expiry Interval. */
    private static byte[] disconnect(long expirySeconds) {
        return new Wire.Bytes()
                .u8(0xE0)
                .u8(7)
                .u8(0)
                .u8(5)
                .u8(0x11)
                .u32(expirySeconds)
                .bytes();
    }

    @Test
    void packetsAfterDisconnectAreDropped() throws Exception {
        try (WireClient client = client(4)) {
            client.connected("a");
            client.send(Wire.DISCONNECT, Wire.publish(4, "im/send", 1, 1, Wire.text("late")));
            assertThat(client.closed()).isTrue();
        }
        assertThat(onlyCause()).isEqualTo(DisconnectCause.CLIENT_DISCONNECTED);
        assertThat(hook.publishes).isEmpty();
    }

    @Test
    void firstPacketMustBeConnect() throws Exception {
        try (WireClient client = client(4)) {
            client.send(Wire.publish(4, "im/send", 0, 0, Wire.text("x")));
            assertThat(client.closed()).isTrue();
        }
        assertThat(hook.publishes).isEmpty();
        assertThat(server.counters().value(GateCounter.PROTOCOL_ERRORS)).isEqualTo(1);
    }
}
