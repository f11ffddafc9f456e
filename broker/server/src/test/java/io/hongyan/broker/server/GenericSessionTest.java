package io.hongyan.broker.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hongyan.broker.hook.ConnectVerdict;
import io.hongyan.broker.hook.PublishVerdict;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of MQTT for sessions and for quality of service 1 and 2, on topics that the node has not claimed. */
@Timeout(60)
class GenericSessionTest {
    private static final byte[] AN_HOUR = {PropertyIds.SESSION_EXPIRY_INTERVAL, 0, 0, 0x0E, 0x10};

    private final TestHook hook = new TestHook();
    private BrokerServer server;

    @BeforeEach
    void start() {
        // As with open access: nothing of the client's filters is kept by the node.
        hook.onConnect = request -> TestHook.done(new ConnectVerdict.Accept(false, List.of(), "", false));
        server = Servers.start(Servers.config(), hook);
    }

    @AfterEach
    void stop() {
        assertThat(server.healthy()).isTrue();
        server.close();
    }

    private WireClient kept(int level, String clientId) throws Exception {
        return WireClient.tcp(level, server.mqttPort())
                .connected(new Wire.Connect(level, clientId).clean(false).properties(level == 5 ? AN_HOUR : Wire.NONE));
    }

    /** Disconnects without DISCONNECT, and waits until the server has noticed. */
    private void lose(WireClient client) throws Exception {
        client.abort();
        await().until(() -> !hook.online.containsKey("alice") && !hook.online.containsKey("bob"));
        // The node is told in the middle of a turn.
        for (GateLoop loop : server.gate().loops()) {
            CompletableFuture.runAsync(() -> {}, loop::execute).get();
        }
    }

    private void publish(String topic, int qos, String text) throws Exception {
        try (WireClient sender = WireClient.tcp(4, server.mqttPort()).connected("sender")) {
            sender.send(Wire.publish(4, topic, qos, 1, Wire.text(text)));
            assertThat(sender.read().type()).isEqualTo(qos == 1 ? 4 : 5);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void resendThatIsNewToTheServerReachesItsSubscribers(int level) throws Exception {
        try (WireClient bob = WireClient.tcp(level, server.mqttPort())
                        .connected("bob")
                        .subscribed(2, "t/x");
                WireClient alice = WireClient.tcp(level, server.mqttPort()).connected("alice")) {
            for (int qos = 1; qos < 3; qos++) {
                alice.send(Wire.publish(level, "t/x", qos, 7, Wire.text("again"), Wire.NONE, 8));
                assertThat(alice.read().id()).isEqualTo(7);
                Packet delivery = bob.read();
                assertThat(delivery.payload(level)).isEqualTo("again");
                assertThat(delivery.first() & 8)
                        .as("DUP is of each way by itself")
                        .isZero();
                bob.send(Wire.acknowledge(qos == 1 ? 4 : 5, delivery.publishId()));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void messageOfQos2IsTakenOnceHoweverOftenItIsSentAndAcrossConnections(int level) throws Exception {
        try (WireClient bob =
                WireClient.tcp(level, server.mqttPort()).connected("carol").subscribed(0, "t/x")) {
            byte[] first = Wire.publish(level, "t/x", 2, 7, Wire.text("once"));
            byte[] again = Wire.publish(level, "t/x", 2, 7, Wire.text("once"), Wire.NONE, 8);
            WireClient alice = kept(level, "alice");
            alice.send(first, again);
            assertThat(alice.read().type()).isEqualTo(5);
            alice.send(again);
            assertThat(alice.read().type()).isEqualTo(5);
            lose(alice);
            alice = kept(level, "alice").send(again);
            assertThat(alice.read().type()).isEqualTo(5);
            assertThat(alice.send(Wire.acknowledge(6, 7)).read().type()).isEqualTo(7);
            alice.send(Wire.publish(level, "t/x", 2, 7, Wire.text("another")));
            assertThat(alice.read().type()).isEqualTo(5);
            assertThat(bob.read().payload(level)).isEqualTo("once");
            assertThat(bob.read().payload(level)).isEqualTo("another");
            alice.close();
        }
    }

    @Test
    void version311MayHaveAnyNumberOfQos2MessagesBetweenPubrecAndPubrel() throws Exception {
        int messages = 500;
        try (WireClient alice = WireClient.tcp(4, server.mqttPort()).connected("alice")) {
            for (int i = 1; i <= messages; i++) {
                alice.send(Wire.publish(4, "t/x", 2, i, Wire.text("x")));
            }
            for (int i = 1; i <= messages; i++) {
                Packet received = alice.read();
                assertThat(received.type()).isEqualTo(5);
                assertThat(received.id()).as("in the order they came").isEqualTo(i);
            }
            assertThat(alice.send(Wire.PINGREQ).read().type()).isEqualTo(13);
            for (int i = 1; i <= messages; i++) {
                alice.send(Wire.acknowledge(6, i));
                assertThat(alice.read().type()).isEqualTo(7);
            }
        }
    }

    @Test
    void version5KeepsToTheReceiveMaximumItWasTold() throws Exception {
        int maximum = Servers.config().flow().unansweredPublishesMax();
        try (WireClient alice = WireClient.tcp(5, server.mqttPort()).connected("alice")) {
            for (int i = 1; i <= maximum; i++) {
                alice.send(Wire.publish(5, "t/x", 2, i, Wire.text("x")));
                assertThat(alice.read().type()).isEqualTo(5);
            }
            alice.send(Wire.publish(5, "t/x", 2, maximum + 1, Wire.text("x")));
            assertThat(alice.read().disconnectReason()).isEqualTo(0x93);
        }
        assertThat(server.counters().value(GateCounter.RECEIVE_MAXIMUM_EXCEEDED))
                .isEqualTo(1);
    }

    @Test
    void version5MayUseAllOfItsReceiveMaximumBehindAPublishThatWaits() throws Exception {
        hook.onConnect = request -> TestHook.done(new ConnectVerdict.Accept(false, List.of(), "", true));
        CompletableFuture<PublishVerdict> waiting = new CompletableFuture<>();
        hook.onPublish = request -> request.qos() == 0 ? TestHook.done(PublishVerdict.Acknowledge.plain()) : waiting;
        int maximum = Servers.config().flow().unansweredPublishesMax();
        try (WireClient alice = WireClient.tcp(5, server.mqttPort()).connected("alice")) {
            await().until(() -> hook.online.containsKey("alice"));
            alice.send(Wire.publish(5, "im/send", 1, 1, Wire.text("x")));
            alice.send(Wire.publish(5, "im/send", 0, 0, Wire.text("x")));
            for (int i = 2; i < maximum; i++) {
                alice.send(Wire.publish(5, "t/x", 2, i, Wire.text("x")));
            }
            Connection connection = server.gate().connection(hook.online.get("alice"));
            await().until(() -> connection.moquette().memory().receivedCount() == maximum - 2);
            alice.send(Wire.publish(5, "t/x", 2, maximum, Wire.text("x")));
            waiting.complete(PublishVerdict.Acknowledge.plain());
            for (int i = 1; i <= maximum; i++) {
                Packet answer = alice.read();
                assertThat(answer.type()).isEqualTo(i == 1 ? 4 : 5);
                assertThat(answer.id()).isEqualTo(i);
            }
        }
    }

    private static byte[] expiry(int seconds) {
        return new Wire.Bytes()
                .u8(PropertyIds.SESSION_EXPIRY_INTERVAL)
                .u32(seconds)
                .bytes();
    }

    @Test
    void sessionWhoseTimeIsOverIsDroppedWithWhatWaitsForIt() throws Exception {
        WireClient bob = WireClient.tcp(5, server.mqttPort())
                .connected(new Wire.Connect(5, "bob").clean(false).properties(expiry(2)))
                .subscribed(1, "t/x");
        lose(bob);
        publish("t/x", 1, "while away");
        await().until(() -> {
            server.forgetIdle();
            return server.queuedBytes() == 0 && server.gate().keptSessions.size() == 0;
        });
    }

    /** Its CONNECT waits for Moquette when it disconnects. */
    @Test
    void clientThatGoesWhileItIsTakenInLeavesNoSessionForEver() throws Exception {
        // Time passes only where this test says so: what it looks at is there only until a deadline.
        server.close();
        TestClock clock = new TestClock();
        server = Servers.start(Servers.config(), hook, clock);
        CountDownLatch latch = new CountDownLatch(1);
        for (var queue : server.gate().loopsOfMoquette.queues()) {
            queue.offer(new FutureTask<>(() -> {
                latch.await();
                return "";
            }));
        }
        Wire.Connect connect =
                new Wire.Connect(5, "bob").clean(false).properties(expiry(1)).will("t/x", 0);
        WireClient bob = WireClient.tcp(5, server.mqttPort()).send(connect.bytes());
        await().until(() -> server.counters().value(GateCounter.GENERIC_ATTACHED) == 1);
        bob.abort();
        await().until(() -> hook.ended.size() == 1);
        assertThat(server.gate().keptSessions.size()).isEqualTo(1);
        latch.countDown();
        await().until(() -> {
            clock.pass(1_000);
            server.forgetIdle();
            return server.gate().keptSessions.size() == 0;
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void whatWasNotAcknowledgedComesAgainAtTheNextConnection(int level) throws Exception {
        WireClient bob = kept(level, "bob").subscribed(2, "t/x");
        publish("t/x", 1, "one");
        publish("t/x", 2, "two");
        assertThat(bob.read().payload(level)).isEqualTo("one");
        assertThat(bob.read().payload(level)).isEqualTo("two");
        lose(bob);
        publish("t/x", 1, "three");
        bob = kept(level, "bob");
        publish("t/x", 1, "four");
        List<String> texts = new ArrayList<>();
        List<Integer> ids = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Packet delivery = bob.read();
            texts.add(delivery.payload(level));
            ids.add(delivery.publishId());
            assertThat((delivery.first() & 8) != 0).as("DUP").isEqualTo(i < 2);
        }
        assertThat(texts).containsExactlyInAnyOrder("one", "two", "three", "four");
        assertThat(ids).as("nothing takes the id of what is under way").doesNotHaveDuplicates();
        bob.close();
    }

    @Test
    void exchangeOfQos2EndsAtTheNextConnection() throws Exception {
        WireClient bob = kept(5, "bob").subscribed(2, "t/x");
        publish("t/x", 2, "two");
        int id = bob.read().publishId();
        assertThat(bob.send(Wire.acknowledge(5, id)).read().type()).isEqualTo(6);
        lose(bob);
        bob = kept(5, "bob");
        Packet release = bob.read();
        assertThat(release.type()).isEqualTo(6);
        assertThat(release.id()).isEqualTo(id);
        bob.send(Wire.acknowledge(7, id), Wire.PINGREQ);
        assertThat(bob.read().type()).isEqualTo(13);
        lose(bob);
        bob = kept(5, "bob");
        assertThat(bob.send(Wire.PINGREQ).read().type())
                .as("nothing comes again")
                .isEqualTo(13);
        bob.close();
    }

    /** Moquette continues a session on its own threads, sometimes before the gate has answered. */
    @Test
    void nothingOfMoquetteComesBeforeConnack() throws Exception {
        CompletableFuture<ConnectVerdict> verdict = new CompletableFuture<>();
        hook.onConnect = request -> verdict;
        try (WireClient bob = WireClient.tcp(5, server.mqttPort())) {
            bob.send(new Wire.Connect(5, "bob").bytes());
            await().until(() -> !hook.connects.isEmpty());
            Connection connection =
                    server.gate().connection(hook.connects.peek().connection());
            CompletableFuture.runAsync(
                            () -> connection
                                    .moquette()
                                    .write(
                                            MoquettePackets.acknowledgement(PacketWriter.PUBREL, 7),
                                            connection.channel.newPromise()),
                            connection.channel.eventLoop())
                    .get(10, TimeUnit.SECONDS);
            verdict.complete(new ConnectVerdict.Accept(false, List.of(), "", false));
            assertThat(bob.read().type()).isEqualTo(2);
            Packet release = bob.read();
            assertThat(release.type()).isEqualTo(6);
            assertThat(release.id()).isEqualTo(7);
        }
    }

    @Test
    void cleanStart0WithoutExpiryGoesOnWithTheSessionAndEndsIt() throws Exception {
        lose(kept(5, "bob").subscribed(1, "t/x"));
        publish("t/x", 1, "while away");
        try (WireClient bob = WireClient.tcp(5, server.mqttPort())) {
            Packet answer =
                    bob.send(new Wire.Connect(5, "bob").clean(false).bytes()).read();
            assertThat(answer.sessionPresent()).isTrue();
            Packet delivery = bob.read();
            assertThat(delivery.payload(5)).isEqualTo("while away");
            bob.send(Wire.acknowledge(4, delivery.publishId()));
            lose(bob);
        }
        try (WireClient bob = WireClient.tcp(5, server.mqttPort())) {
            Packet answer =
                    bob.send(new Wire.Connect(5, "bob").clean(false).bytes()).read();
            assertThat(answer.sessionPresent()).isFalse();
            publish("t/x", 1, "not for bob any more");
            assertThat(bob.send(Wire.PINGREQ).read().type()).isEqualTo(13);
        }
    }

    @Test
    void cleanStart1ForgetsWhatWasAndKeepsWhatComes() throws Exception {
        lose(kept(5, "bob").subscribed(1, "t/old"));
        WireClient bob = WireClient.tcp(5, server.mqttPort())
                .connected(new Wire.Connect(5, "bob").properties(AN_HOUR))
                .subscribed(1, "t/new");
        lose(bob);
        publish("t/old", 1, "old");
        publish("t/new", 1, "new");
        bob = kept(5, "bob");
        assertThat(bob.read().payload(5)).isEqualTo("new");
        bob.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3_600})
    void disconnectChangesHowLongTheSessionStays(int seconds) throws Exception {
        byte[] ten = {PropertyIds.SESSION_EXPIRY_INTERVAL, 0, 0, 0, 10};
        WireClient bob = WireClient.tcp(5, server.mqttPort())
                .connected(new Wire.Connect(5, "bob").clean(false).properties(ten))
                .subscribed(1, "t/x");
        byte[] other = new Wire.Bytes()
                .u8(0)
                .u8(5)
                .u8(PropertyIds.SESSION_EXPIRY_INTERVAL)
                .u32(seconds)
                .bytes();
        bob.send(Wire.packet(0xE0, other));
        assertThat(bob.closed()).isTrue();
        await().until(() -> !hook.online.containsKey("bob"));
        publish("t/x", 1, "while away");
        try (WireClient again = WireClient.tcp(5, server.mqttPort())) {
            Packet answer = again.send(new Wire.Connect(5, "bob")
                            .clean(false)
                            .properties(ten)
                            .bytes())
                    .read();
            assertThat(answer.sessionPresent()).isEqualTo(seconds > 0);
            if (seconds == 0) {
                again.send(Wire.PINGREQ);
            }
            assertThat(again.read().type()).isEqualTo(seconds > 0 ? 3 : 13);
        }
    }

    @Test
    void limitOfFiltersHoldsAcrossConnectionsAndLetsHeldOnesThrough() throws Exception {
        int max = Servers.config().packets().filtersMax();
        WireClient bob = kept(5, "bob");
        for (int i = 0; i < max; i++) {
            bob.send(Wire.subscribe(5, 1, 1, "t/" + i));
            assertThat(bob.read().codes(5)).containsExactly(1);
        }
        bob.send(Wire.subscribe(5, 1, 1, "t/one more", "t/0", "t/1", "t/0"));
        assertThat(bob.read().codes(5)).containsExactly(0x97, 1, 1, 1);
        lose(bob);
        bob = kept(5, "bob");
        bob.send(Wire.subscribe(5, 1, 1, "t/one more", "t/0"));
        assertThat(bob.read().codes(5)).containsExactly(0x97, 1);
        bob.send(Wire.unsubscribe(5, 2, "t/0"));
        assertThat(bob.read().type()).isEqualTo(11);
        bob.send(Wire.subscribe(5, 1, 1, "t/one more", "t/another"));
        assertThat(bob.read().codes(5)).containsExactly(1, 0x97);
        bob.close();
    }
}
