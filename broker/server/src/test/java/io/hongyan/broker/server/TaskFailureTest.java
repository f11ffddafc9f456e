package io.hongyan.broker.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hongyan.broker.hook.BrokerControl.Multicast;
import io.hongyan.broker.hook.BrokerControl.Target;
import io.hongyan.broker.hook.ConnectVerdict;
import io.hongyan.broker.hook.ConnectionId;
import io.hongyan.broker.hook.GrantedFilter;
import io.hongyan.broker.hook.PublishVerdict;
import io.hongyan.broker.hook.ResumeVerdict;
import io.hongyan.broker.hook.UserProperty;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A failure in a task of one connection costs that connection; nothing of the others is lost. */
@Timeout(60)
class TaskFailureTest {
    private static final int CLIENTS = 24;

    private final TestHook hook = new TestHook();
    private final List<WireClient> clients = new ArrayList<>();
    private BrokerServer server;

    @BeforeEach
    void start() throws Exception {
        server = Servers.start(Servers.config(), hook);
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(WireClient.tcp(5, server.mqttPort()).connected("c" + i).subscribed(1, "u/a/#"));
        }
        await().until(() -> hook.online.size() == CLIENTS);
    }

    @AfterEach
    void stop() throws Exception {
        for (WireClient client : clients) {
            client.close();
        }
        server.close();
    }

    private ConnectionId id(int client) {
        return hook.online.get("c" + client);
    }

    private void pushToAll(long token, int spoiled) {
        List<Multicast> pushes = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            if (id(i) != null) {
                // A head that is not there fails where the packet is written.
                byte[] head = i == spoiled ? null : Wire.NONE;
                pushes.add(new Multicast(Wire.text("x"), List.of(new Target(id(i), "u/a/inbox", head, 1, token))));
            }
        }
        server.control().pushAll(pushes);
    }

    private long failures() {
        return server.counters().value(GateCounter.TASKS_FAILED);
    }

    @Test
    void deliveryThatCannotBeWrittenEndsItsConnectionAndTheOthersOfTheTurnArrive() throws Exception {
        int spoiled = 7;
        pushToAll(1, spoiled);
        pushToAll(2, -1);
        for (int i = 0; i < CLIENTS; i++) {
            if (i != spoiled) {
                for (int token = 1; token <= 2; token++) {
                    Packet packet = clients.get(i).read();
                    assertThat(packet.type()).isEqualTo(3);
                    clients.get(i).send(Wire.acknowledge(4, packet.publishId()));
                }
            }
        }
        assertThat(clients.get(spoiled).closed()).isTrue();
        await().until(() -> hook.ended.size() == 1);
        ConnectionId lost = hook.ended.peek().connection();
        await().until(() ->
                hook.delivered.stream().filter(report -> report.token() == 2).count() == CLIENTS - 1);
        assertThat(hook.delivered)
                .as("no token passes over what was not written")
                .noneMatch(report -> report.connection().equals(lost));
        assertThat(failures()).isEqualTo(1);
    }

    @Test
    void errorOfTheNodeInOneTurnLeavesTheTurnsOfTheOthers() throws Exception {
        ConnectionId poor = id(3);
        hook.onDelivered = connection -> {
            if (connection.equals(poor)) {
                throw new StackOverflowError();
            }
        };
        for (int round = 1; round <= 3; round++) {
            pushToAll(round, -1);
            for (WireClient client : clients) {
                Packet packet = client.read();
                assertThat(packet.type()).isEqualTo(3);
                client.send(Wire.acknowledge(4, packet.publishId()));
            }
        }
        await().until(() ->
                hook.delivered.stream().filter(report -> report.token() == 3).count() == CLIENTS);
        assertThat(server.counters().value(GateCounter.NODE_FAILURES)).isPositive();
        assertThat(clients.get(0).send(Wire.PINGREQ).read().type()).isEqualTo(13);
    }

    /** The process is to end; here only its handler is told. */
    @Test
    void fatalErrorsComeToTheHandlerOfTheProcess() throws Exception {
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        List<String> fatal = new CopyOnWriteArrayList<>();
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> fatal.add(failure.getMessage()));
        try {
            hook.onDelivered = connection -> {
                throw new InternalError("the node");
            };
            pushToAll(1, -1);
            Packet packet = clients.get(0).read();
            clients.get(0).send(Wire.acknowledge(4, packet.publishId()));
            // It would put a handler of its own in the place of this one.
            await().dontCatchUncaughtExceptions().until(() -> fatal.contains("the node"));

            Connection connection = server.gate().connection(id(1));
            connection.loop.post(new ConnectionMail(connection, it -> {
                throw new InternalError("a task");
            }));
            await().dontCatchUncaughtExceptions().until(() -> fatal.contains("a task"));
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }

    @Test
    void answerThatCannotBeWrittenEndsItsConnectionAndTheOthersOfTheTurnAreAnswered() throws Exception {
        Map<ConnectionId, CompletableFuture<PublishVerdict>> asked = new ConcurrentHashMap<>();
        hook.onPublish = request -> asked.computeIfAbsent(request.connection(), id -> new CompletableFuture<>());
        for (WireClient client : clients) {
            client.send(Wire.publish(5, "im/send", 1, 9, Wire.NONE));
        }
        await().until(() -> asked.size() == CLIENTS);
        int spoiled = 7;
        ConnectionId poor = id(spoiled);
        PublishVerdict broken =
                new PublishVerdict.Acknowledge(0x80, null, List.of(new UserProperty("name", null)), null, false);
        asked.forEach((id, answer) -> answer.complete(id.equals(poor) ? broken : PublishVerdict.Acknowledge.plain()));
        assertThat(clients.get(spoiled).closed()).isTrue();
        for (int i = 0; i < CLIENTS; i++) {
            if (i != spoiled) {
                assertThat(clients.get(i).read().id()).isEqualTo(9);
            }
        }
        await().until(() -> failures() == 1);
    }

    @Test
    void errorOfTheNodeAtAPublishEndsItsConnectionOnly() throws Exception {
        hook.onPublish = request -> {
            if (request.payload().length == 3) {
                throw new StackOverflowError();
            }
            return TestHook.done(PublishVerdict.Acknowledge.plain());
        };
        clients.get(0).send(Wire.publish(5, "im/send", 1, 1, Wire.text("bad")));
        assertThat(clients.get(0).closed()).isTrue();
        for (int i = 1; i < CLIENTS; i++) {
            assertThat(clients.get(i)
                            .send(Wire.publish(5, "im/send", 1, 9, Wire.text("good")))
                            .read()
                            .id())
                    .isEqualTo(9);
        }
    }

    @Test
    void publishAtWhichEveryNodeGoesIsNotAskedWithoutEnd() throws Exception {
        hook.onPublish = request -> new CompletableFuture<>();
        WireClient poison = clients.get(0);
        poison.send(Wire.publish(5, "im/send", 1, 1, Wire.text("bad")));
        for (int asked = 1; asked <= 5; asked++) {
            int expected = asked;
            await().until(() -> hook.publishes.size() == expected);
            server.presence().away().toCompletableFuture().get(10, TimeUnit.SECONDS);
            hook.onResume = request -> TestHook.done(new ResumeVerdict.GoOn());
            server.presence().back();
        }
        assertThat(poison.closed()).isTrue();
        assertThat(hook.publishes).hasSize(5);
        assertThat(server.counters().value(GateCounter.PUBLISHES_GIVEN_UP)).isEqualTo(1);
        await().until(() -> server.clients() == CLIENTS - 1);
    }

    /** As where there is no direct memory for a WebSocket frame: only the promise of the write says so. */
    @ParameterizedTest
    @CsvSource({"true,true", "true,false", "false,true", "false,false"})
    void writeThatFailsEndsTheConnection(boolean webSocket, boolean reported) {
        SecureRandom random = new SecureRandom();
        byte[] secret = new byte[random.nextInt(1, 9)];
        Gate gate = new Gate(Servers.config(), hook, Clock.systemUTC(), System::nanoTime, secret, id -> {});
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.pipeline().addLast(new ChannelOutboundHandlerAdapter() {
            @Override
            public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
                ReferenceCountUtil.release(message);
                StackOverflowError failure = new StackOverflowError();
                if (promise.isVoid()) {
                    throw failure;
                }
                promise.setFailure(failure);
            }
        });
        Connection connection = new Connection(gate, channel, InetAddress.getLoopbackAddress(), new Share(), webSocket);
        channel.pipeline().addLast(connection.reader);
        Filters filters = new Filters();
        filters.put(new GrantedFilter("u/a/#", 0, 0));
        connection.admitted(
                ClientProfile.speaking(5, Integer.MAX_VALUE)
                        .admitted("a", null, new ConnectVerdict.Accept(false, List.of(), "", true)),
                filters);
        connection.established();
        if (reported) {
            new PushMail(connection, new Target(connection.id, "u/a/inbox", Wire.NONE, 0, 5), Wire.NONE).deliver();
        } else {
            ByteBuf out = connection.out();
            out.writeByte(0xD0).writeByte(0);
        }
        connection.endTurnIfTouched();
        channel.runPendingTasks();
        assertThat(channel.isOpen()).isFalse();
        assertThat(gate.counters.value(GateCounter.TASKS_FAILED)).isEqualTo(1);
        assertThat(hook.delivered).isEmpty();
    }
}
