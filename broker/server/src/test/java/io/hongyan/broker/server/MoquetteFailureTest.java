package io.hongyan.broker.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hongyan.broker.hook.ConnectVerdict;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttPublishVariableHeader;
import io.netty.handler.codec.mqtt.MqttQoS;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A failure in Moquette ends the connection that led to it; its session threads survive and serve the others. */
@Timeout(60)
class MoquetteFailureTest {
    private static final byte[] NOT_TEXT = {'a', (byte) 0xC3};
    private static final byte[] SAID_TO_BE_TEXT = {PropertyIds.PAYLOAD_FORMAT, 1};
    private static final int CLIENTS = 8;

    private final TestHook hook = new TestHook();
    private BrokerServer server;

    @BeforeEach
    void start() {
        hook.onConnect = request -> TestHook.done(new ConnectVerdict.Accept(false, List.of(), "", true));
        server = Servers.start(Servers.config(), hook);
    }

    @AfterEach
    void stop() {
        assertThat(server.healthy()).isTrue();
        server.close();
    }

    private WireClient connected(String clientId) throws Exception {
        return WireClient.tcp(5, server.mqttPort()).connected(clientId).subscribed(1, "t/" + clientId);
    }

    private Connection connection(String clientId) {
        return server.gate().connection(hook.online.get(clientId));
    }

    /** A message to itself, and its delivery: the session thread of this client works. */
    private static void exchange(WireClient client, String clientId) throws Exception {
        client.send(Wire.publish(5, "t/" + clientId, 1, 5, Wire.text("still here")));
        Packet first = client.read();
        Packet second = client.read();
        Packet delivery = first.type() == 3 ? first : second;
        assertThat(delivery.payload(5)).isEqualTo("still here");
        client.send(Wire.acknowledge(4, delivery.publishId()));
    }

    @Test
    void textThatIsNoneAndThePubackOfAnEarlierDeliveryAreTheSendersTrouble() throws Exception {
        try (WireClient mallory = connected("mallory");
                WireClient alice = connected("alice")) {
            alice.send(Wire.publish(5, "t/mallory", 1, 9, Wire.text("hello")));
            int delivered = mallory.read().publishId();
            mallory.send(
                    Wire.publish(5, "t/mallory", 0, 0, NOT_TEXT, SAID_TO_BE_TEXT, 0), Wire.acknowledge(4, delivered));
            assertThat(mallory.read().disconnectReason()).isEqualTo(0x99);
            assertThat(alice.read().type()).isEqualTo(4);
            exchange(alice, "alice");
        }
    }

    @Test
    void theSamePacketsPastTheChecksOfTheGateEndOneConnectionToo() throws Exception {
        try (WireClient mallory = connected("mallory");
                WireClient alice = connected("alice")) {
            alice.send(Wire.publish(5, "t/mallory", 1, 9, Wire.text("hello")));
            int delivered = mallory.read().publishId();
            assertThat(alice.read().type()).isEqualTo(4);
            Connection connection = connection("mallory");
            connection.channel.eventLoop().execute(() -> {
                connection.moquette().pass(notText());
                connection.moquette().pass(MoquettePackets.acknowledgement(PacketWriter.PUBACK, delivered));
            });
            assertThat(mallory.closed()).isTrue();
            await().until(() -> server.counters().value(GateCounter.TASKS_FAILED) == 1);
            exchange(alice, "alice");
            try (WireClient again = connected("mallory")) {
                exchange(again, "mallory");
            }
        }
    }

    @Test
    void everySessionThreadOutlivesWhateverACommandThrows() throws Exception {
        WireClient[] clients = new WireClient[CLIENTS];
        for (int i = 0; i < CLIENTS; i++) {
            clients[i] = connected("c" + i);
        }
        try (WireClient mallory = connected("mallory")) {
            Connection cause = connection("mallory");
            Throwable[] failures = {
                new IllegalStateException("injected"), new StackOverflowError("injected"), new Error("injected")
            };
            for (Throwable failure : failures) {
                for (var queue : server.gate().loopsOfMoquette.queues()) {
                    MoquetteTask.causedBy(cause, () -> queue.offer(failing(failure)));
                    queue.offer(failing(failure));
                }
            }
            assertThat(mallory.closed()).isTrue();
            int all =
                    2 * failures.length * server.gate().loopsOfMoquette.queues().size();
            await().until(() -> server.counters().value(GateCounter.TASKS_FAILED) == all);
            for (int i = 0; i < CLIENTS; i++) {
                exchange(clients[i], "c" + i);
            }
        }
        for (WireClient client : clients) {
            client.close();
        }
    }

    @Test
    void whatMoquetteMustForgetIsForgottenAlsoWhereItsQueuesAreFull() throws Exception {
        Object sessions = MoquetteInside.get(server.gate().loopsOfMoquette, "sessions");
        Method session = MoquetteInside.method(sessions.getClass(), "retrieve", String.class);
        CountDownLatch goOn = new CountDownLatch(1);
        WireClient leaving = connected("alice");
        assertThat(session.invoke(sessions, "alice")).isNotNull();
        for (var queue : server.gate().loopsOfMoquette.queues()) {
            queue.offer(new FutureTask<>(() -> {
                goOn.await();
                return "";
            }));
            while (queue.offer(new FutureTask<>(() -> ""))) {
                // Until it is full.
            }
        }
        leaving.close();
        await().until(() -> server.clients() == 0);
        assertThat(session.invoke(sessions, "alice")).as("not yet").isNotNull();
        goOn.countDown();
        await().until(() -> session.invoke(sessions, "alice") == null);
        try (WireClient alice = connected("alice")) {
            exchange(alice, "alice");
        }
    }

    /** What a session holds was released twice where its thread still worked on it. */
    @Test
    void sessionsAreDroppedAfterTheirThreadsHaveEnded() throws Exception {
        connected("alice");
        List<String> threads = Collections.synchronizedList(new ArrayList<>());
        LimitedQueues sessions = server.gate().stores.queues;
        for (var queue : server.gate().loopsOfMoquette.queues()) {
            queue.offer(new FutureTask<>(() -> {
                threads.add("working");
                while (!Thread.currentThread().isInterrupted() && sessions.containsQueue("alice")) {
                    Thread.onSpinWait();
                }
                threads.add(sessions.containsQueue("alice") ? "ended before" : "still working");
                return "";
            }));
        }
        int all = server.gate().loopsOfMoquette.queues().size();
        await().until(() -> threads.size() == all);
        server.close();
        assertThat(threads.subList(all, threads.size())).hasSize(all).containsOnly("ended before");
    }

    @Test
    void aServerStopsAlsoWhereASessionThreadDoesNotEnd() throws Exception {
        connected("alice");
        LimitedQueues sessions = server.gate().stores.queues;
        AtomicBoolean goesOn = new AtomicBoolean(true);
        keepBusy("alice", () -> {
            while (goesOn.get()) {
                // Takes no notice of interrupts.
                Thread.onSpinWait();
            }
            return "";
        });
        CompletableFuture<Void> closed = CompletableFuture.runAsync(server::close);
        try {
            await().atMost(Duration.ofSeconds(30)).until(() -> !sessions.containsQueue("alice"));
        } finally {
            goesOn.set(false);
        }
        closed.join();
    }

    @Test
    void aServerStopsAlsoWhereItCannotEndItsSessionThreads() throws Exception {
        connected("alice");
        LimitedQueues sessions = server.gate().stores.queues;
        keepBusy("alice", () -> {
            new CountDownLatch(1).await();
            return "";
        });
        MoquetteInside.set(server.gate().loopsOfMoquette, "group", "none");

        assertThatThrownBy(server::close).isInstanceOf(IllegalArgumentException.class);

        assertThat(sessions.containsQueue("alice")).isFalse();
    }

    /** So that the session of a client that leaves is not dropped before the server drops it. */
    private void keepBusy(String clientId, Callable<String> command) throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        List<BlockingQueue<FutureTask<String>>> queues =
                server.gate().loopsOfMoquette.queues();
        queues.get(Math.abs(clientId.hashCode()) % queues.size()).offer(new FutureTask<>(() -> {
            begun.countDown();
            return command.call();
        }));
        begun.await();
        assertThat(server.gate().stores.queues.containsQueue(clientId)).isTrue();
    }

    private static MqttPublishMessage notText() {
        MqttProperties properties = new MqttProperties();
        properties.add(new MqttProperties.IntegerProperty(PropertyIds.PAYLOAD_FORMAT, 1));
        return new MqttPublishMessage(
                new MqttFixedHeader(MqttMessageType.PUBLISH, false, MqttQoS.AT_MOST_ONCE, false, 0),
                new MqttPublishVariableHeader("t/mallory", 0, properties),
                Unpooled.wrappedBuffer(NOT_TEXT));
    }

    private static FutureTask<String> failing(Throwable failure) {
        return new FutureTask<>(() -> {
            if (failure instanceof Error error) {
                throw error;
            }
            throw (Exception) failure;
        });
    }
}
