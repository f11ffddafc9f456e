package io.hongyan.broker.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hongyan.broker.hook.ConnectVerdict;
import io.hongyan.broker.hook.GrantedFilter;
import io.hongyan.broker.server.GenericLimits.QueueLimits;
import io.hongyan.broker.server.GenericLimits.RetainedLimits;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What clients can make Moquette store. */
@Timeout(60)
class GenericLimitsTest {
    private static final int RETAIN = 1;
    private static final Owner ALICE = new Owner("alice", null);

    private final TestHook hook = new TestHook();
    private BrokerServer server;

    @BeforeEach
    void start() {
        hook.onConnect = request -> TestHook.done(new ConnectVerdict.Accept(
                false, List.of(), "t/" + request.credentials().username() + '/', true));
        GenericLimits limits = new GenericLimits(
                4_096,
                64,
                4,
                2,
                new RetainedLimits(8, 10_000, 5, 4_000),
                new QueueLimits(10, 20_000, 1 << 20, 1 << 20));
        server = Servers.start(Servers.config().withGeneric(limits), hook);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private WireClient client(int level, String user, String clientId) throws Exception {
        return WireClient.tcp(level, server.mqttPort())
                .connected(new Wire.Connect(level, clientId).user(user, "secret"));
    }

    /** Reason of the PUBACK. */
    private static int retain(WireClient client, String topic, int payloadBytes) throws Exception {
        byte[] packet = Wire.publish(5, topic, 1, 7, new byte[payloadBytes], Wire.NONE, RETAIN);
        Packet answer = client.send(packet).read();
        assertThat(answer.type()).isEqualTo(4);
        return answer.reason() == 0x10 ? 0 : answer.reason();
    }

    @Test
    void retainedMessagesAreLimitedForAUserAndInAll() throws Exception {
        try (WireClient alice = client(5, "alice", "a");
                WireClient bob = client(5, "bob", "b")) {
            for (int i = 0; i < 5; i++) {
                assertThat(retain(alice, "t/alice/" + i, 10)).isZero();
            }
            await().until(() -> server.retainedMessages() == 5);
            assertThat(retain(alice, "t/alice/5", 10)).isEqualTo(0x97);
            assertThat(retain(alice, "t/alice/4", 20))
                    .as("in the place of another")
                    .isZero();
            assertThat(retain(alice, "t/alice/4", 4_000)).as("bytes").isEqualTo(0x97);
            for (int i = 0; i < 3; i++) {
                assertThat(retain(bob, "t/bob/" + i, 10)).isZero();
            }
            await().until(() -> server.retainedMessages() == 8);
            assertThat(retain(bob, "t/bob/3", 10)).as("in all").isEqualTo(0x97);
            assertThat(retain(alice, "t/alice/0", 0)).as("cleared").isZero();
            await().until(() -> server.retainedMessages() == 7);
            assertThat(retain(bob, "t/bob/3", 10)).isZero();
            assertThat(server.counters().value(GateCounter.RETAINED_REFUSED_USER))
                    .isEqualTo(2);
            assertThat(server.counters().value(GateCounter.RETAINED_REFUSED_TOTAL))
                    .isEqualTo(1);
        }
    }

    @Test
    void retainedMessagesThatComeAtOnceAreCountedBeforeTheyAreStored() throws Exception {
        try (WireClient alice = client(5, "alice", "a")) {
            byte[][] packets = new byte[20][];
            for (int i = 0; i < packets.length; i++) {
                packets[i] = Wire.publish(5, "t/alice/" + i, 1, i + 1, new byte[10], Wire.NONE, RETAIN);
            }
            alice.send(packets);
            int taken = 0;
            for (int i = 0; i < packets.length; i++) {
                taken += alice.read().reason() == 0x97 ? 0 : 1;
            }
            assertThat(taken).isEqualTo(5);
            assertThat(server.retainedMessages()).isEqualTo(5);
            for (int i = 0; i < packets.length; i++) {
                packets[i] = Wire.publish(5, "t/alice/0", 1, i + 1, new byte[10 + i], Wire.NONE, RETAIN);
            }
            alice.send(packets);
            for (int i = 0; i < packets.length; i++) {
                assertThat(alice.read().reason())
                        .as("one in the place of another")
                        .isNotEqualTo(0x97);
            }
            assertThat(server.retainedMessages()).isEqualTo(5);
        }
    }

    @Test
    void whatMoquetteDoesNotRetainGivesItsPlaceBack() throws Exception {
        LimitedRetained retained = server.gate().stores.retained;
        BlockingQueue<FutureTask<String>> queue =
                server.gate().loopsOfMoquette.queues().get(0);
        CountDownLatch goOn = new CountDownLatch(1);
        MoquetteTask.with(
                retained.take("t/alice/fails", 10, ALICE),
                () -> queue.offer(new FutureTask<>(() -> {
                    goOn.await();
                    throw new IllegalStateException("injected");
                })));
        assertThat(retained.size()).as("while it is under way").isEqualTo(1);
        MoquetteTask.with(retained.take("t/alice/nowhere", 10, ALICE), () -> {});
        assertThat(retained.size()).as("no command came of it").isEqualTo(1);
        goOn.countDown();
        await().until(() -> retained.size() == 0 && retained.bytes() == 0);
        try (WireClient alice = client(5, "alice", "a")) {
            for (int i = 0; i < 5; i++) {
                assertThat(retain(alice, "t/alice/" + i, 10)).isZero();
            }
        }
    }

    @Test
    void willThatWouldBeRetainedAboveTheLimitIsRefused() throws Exception {
        try (WireClient alice = client(5, "alice", "a");
                WireClient other = WireClient.tcp(5, server.mqttPort());
                WireClient fitting = WireClient.tcp(5, server.mqttPort())) {
            for (int i = 0; i < 5; i++) {
                assertThat(retain(alice, "t/alice/" + i, 10)).isZero();
            }
            await().until(() -> server.retainedMessages() == 5);
            Wire.Connect connect =
                    new Wire.Connect(5, "w").user("alice", "secret").willRetain();
            assertThat(other.send(connect.will("t/alice/will", 1).bytes())
                            .read()
                            .connectCode())
                    .isEqualTo(0x97);
            assertThat(fitting.send(connect.will("t/alice/0", 1).bytes()).read().connectCode())
                    .isZero();
        }
    }

    /** The page of the protocol says so. If it changes, a will must count like a PUBLISH. */
    @Test
    void aWillIsNotKeptForLaterSubscribers() throws Exception {
        try (WireClient watcher = client(5, "alice", "w").subscribed(1, "t/alice/will")) {
            WireClient.tcp(5, server.mqttPort())
                    .connected(new Wire.Connect(5, "a")
                            .user("alice", "secret")
                            .will("t/alice/will", 1)
                            .willRetain())
                    .close();
            assertThat(watcher.read().payload(5)).isEqualTo("gone");
        }
        assertThat(server.retainedMessages()).isZero();
        try (WireClient later = client(5, "alice", "l").subscribed(1, "t/alice/will")) {
            assertThat(later.send(Wire.PINGREQ).read().type()).isEqualTo(13);
        }
    }

    @Test
    void retainedMessageAboveTheLimitClosesAnOldClient() throws Exception {
        try (WireClient alice = client(4, "alice", "a")) {
            alice.send(Wire.publish(4, "t/alice/x", 1, 7, new byte[5_000], Wire.NONE, RETAIN));
            assertThat(alice.closed()).isTrue();
        }
        assertThat(server.retainedMessages()).isZero();
        assertThat(server.retainedBytes()).isZero();
    }

    @Test
    void messagesForAnAbsentSessionAreLimitedAndTheFirstOnesCome() throws Exception {
        try (WireClient sender = client(4, "alice", "s")) {
            Wire.Connect absent =
                    new Wire.Connect(4, "r").user("alice", "secret").clean(false);
            try (WireClient receiver = WireClient.tcp(4, server.mqttPort()).connected(absent)) {
                receiver.subscribed(1, "t/alice/q").send(Wire.DISCONNECT);
                assertThat(receiver.closed()).isTrue();
            }
            for (int i = 1; i <= 30; i++) {
                sender.send(Wire.publish(4, "t/alice/q", 1, i, Wire.text("m" + i)));
                assertThat(sender.read().id()).isEqualTo(i);
            }
            await().until(() -> server.counters().value(GateCounter.QUEUED_DROPPED_SESSION) == 20);
            assertThat(server.queuedBytes()).isPositive();
            hook.onConnect = request -> TestHook.done(
                    new ConnectVerdict.Accept(true, List.of(new GrantedFilter("t/alice/q", 1, 0)), "t/alice/", true));
            try (WireClient receiver = WireClient.tcp(4, server.mqttPort()).connected(absent)) {
                for (int i = 1; i <= 10; i++) {
                    Packet message = receiver.read();
                    assertThat(message.payload(4)).isEqualTo("m" + i);
                    receiver.send(Wire.acknowledge(4, message.publishId()));
                }
                await().until(() -> server.queuedBytes() == 0);
            }
        }
    }

    @Test
    void messagesThatWaitForRoomInAClientsWindowAreLimitedToo() throws Exception {
        byte[] oneAtATime = {PropertyIds.RECEIVE_MAXIMUM, 0, 1};
        try (WireClient slow = WireClient.tcp(5, server.mqttPort())
                        .connected(new Wire.Connect(5, "slow")
                                .user("alice", "secret")
                                .properties(oneAtATime))
                        .subscribed(1, "t/alice/q");
                WireClient sender = client(4, "alice", "sender")) {
            for (int i = 1; i <= 31; i++) {
                sender.send(Wire.publish(4, "t/alice/q", 1, i, Wire.text("m" + i)));
                assertThat(sender.read().id()).isEqualTo(i);
            }
            await().until(() -> server.counters().value(GateCounter.QUEUED_DROPPED_SESSION) == 20);
            for (int i = 1; i <= 11; i++) {
                Packet message = slow.read();
                assertThat(message.payload(5)).isEqualTo("m" + i);
                slow.send(Wire.acknowledge(4, message.publishId()));
            }
            await().until(() -> server.queuedBytes() == 0);
        }
    }

    @Test
    void aClientThatIsFasterThanMoquetteIsReadMoreSlowly() throws Exception {
        int messages = 5_000;
        CountDownLatch goOn = new CountDownLatch(1);
        try (WireClient receiver = client(4, "alice", "r").subscribed(0, "t/alice/q");
                WireClient sender = client(4, "alice", "s").subscribed(0, "t/alice/other")) {
            List<BlockingQueue<FutureTask<String>>> queues =
                    server.gate().loopsOfMoquette.queues();
            queues.forEach(queue -> queue.offer(new FutureTask<>(() -> {
                goOn.await();
                return "";
            })));
            byte[][] packets = new byte[messages][];
            for (int i = 0; i < messages; i++) {
                packets[i] = Wire.publish(4, "t/alice/q", 0, 0, Wire.text("m" + i));
            }
            sender.send(packets);
            await().until(() -> server.counters().value(GateCounter.READS_PAUSED_COMMANDS) > 0);
            assertThat(server.counters().value(GateCounter.PUBLISHES_GENERIC)).isLessThan(messages);
            goOn.countDown();
            for (int i = 0; i < messages; i++) {
                assertThat(receiver.read().payload(4)).isEqualTo("m" + i);
            }
        } finally {
            goOn.countDown();
        }
    }

    @Test
    void propertiesOfARetainedMessageCount() throws Exception {
        Wire.Bytes properties = new Wire.Bytes();
        for (int i = 0; i < 30; i++) {
            properties.u8(PropertyIds.USER_PROPERTY).string("").string("");
        }
        try (WireClient alice = client(5, "alice", "a")) {
            byte[] packet = Wire.publish(5, "t/alice/x", 1, 7, new byte[1], properties.bytes(), RETAIN);
            assertThat(alice.send(packet).read().reason()).isEqualTo(0x97);
            assertThat(retain(alice, "t/alice/x", 1)).isZero();
        }
    }

    private void keptSession(String user, String clientId) throws Exception {
        Wire.Connect kept = new Wire.Connect(4, clientId).user(user, "secret").clean(false);
        try (WireClient client = WireClient.tcp(4, server.mqttPort()).connected(kept)) {
            client.subscribed(1, "t/" + user + "/q");
        }
    }

    @Test
    void keptSessionsAreLimitedForAUserAndInAll() throws Exception {
        for (int i = 0; i < 3; i++) {
            keptSession("alice", "k" + i);
        }
        await().until(() -> server.counters().value(GateCounter.GENERIC_SESSIONS_REFUSED_USER) == 1);
        keptSession("bob", "k7");
        keptSession("bob", "k8");
        keptSession("carol", "k9");
        await().until(() -> server.counters().value(GateCounter.GENERIC_SESSIONS_REFUSED_TOTAL) == 1);
        assertThat(server.gate().keptSessions.size()).isEqualTo(4);
        keptSession("bob", "k8");
        assertThat(server.counters().value(GateCounter.GENERIC_SESSIONS_REFUSED_TOTAL))
                .as("one in the place of another")
                .isEqualTo(1);
        assertThat(server.counters().value(GateCounter.GENERIC_SESSIONS_REFUSED_USER))
                .isEqualTo(1);
    }
}
