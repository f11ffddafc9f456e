package io.hongyan.broker.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hongyan.broker.hook.BrokerControl.Target;
import io.hongyan.broker.hook.ConnectVerdict;
import io.hongyan.broker.hook.ConnectionId;
import io.hongyan.broker.hook.DisconnectCause;
import io.hongyan.broker.hook.FilterVerdict;
import io.hongyan.broker.hook.GrantedFilter;
import io.hongyan.broker.hook.PublishVerdict;
import io.hongyan.broker.hook.ResumeRequest;
import io.hongyan.broker.hook.ResumeVerdict;
import java.io.EOFException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The node is another process that goes away and comes back, or another one comes. */
@Timeout(60)
class NodeAwayTest {
    private final TestHook hook = new TestHook();
    private BrokerServer server;

    @BeforeEach
    void start() {
        hook.onConnect = request -> TestHook.done(
                new ConnectVerdict.Accept(false, List.of(), "t/", true, "of " + request.clientId(), List.of()));
        server = Servers.start(Servers.config(), hook);
    }

    @AfterEach
    void stop() {
        server.close();
        assertThat(server.healthy()).isTrue();
    }

    private WireClient client(int level) throws Exception {
        return WireClient.tcp(level, server.mqttPort());
    }

    private void away() throws Exception {
        server.presence().away().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private ResumeRequest announced() {
        await().until(() -> !hook.resumes.isEmpty());
        return hook.resumes.remove();
    }

    private void push(ConnectionId to, long token, String body) {
        server.control().push(Wire.text(body), List.of(new Target(to, "u/alice/inbox", Wire.NONE, 1, token)));
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void aNewClientIsRefusedAndTheNodeNeverHearsOfIt(int level) throws Exception {
        away();
        try (WireClient client = client(level)) {
            Packet answer = client.send(Wire.connect(level, "alice:iot:1")).read();
            assertThat(answer.connectCode()).isEqualTo(level == 5 ? 0x88 : 3);
            assertThatThrownBy(client::read).isInstanceOf(EOFException.class);
        }
        server.presence().back();
        try (WireClient client = client(level)) {
            client.connected("alice:iot:1");
        }
        await().until(() -> hook.ended.size() == 1);
        assertThat(hook.connects).hasSize(1);
    }

    @Test
    void aConnectThatTheNodeHasNotAnsweredIsRefused() throws Exception {
        CompletableFuture<ConnectVerdict> never = new CompletableFuture<>();
        hook.onConnect = request -> never;
        try (WireClient client = client(5)) {
            client.send(Wire.connect(5, "alice:iot:1"));
            await().until(() -> !hook.connects.isEmpty());
            away();
            assertThat(client.read().connectCode()).isEqualTo(0x88);
        }
        never.complete(new ConnectVerdict.Accept(false, List.of(), "t/", true));
        server.presence().back();
        assertThat(hook.ended).as("the node that was asked is gone").isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void aConnectedClientStaysIsAnnouncedAndGoesOn(int level) throws Exception {
        try (WireClient client = client(level)) {
            Wire.Connect connect = new Wire.Connect(level, "alice:iot:1");
            if (level == 5) {
                connect.properties(new Wire.Bytes()
                        .u8(PropertyIds.MAXIMUM_PACKET_SIZE)
                        .u32(5_000)
                        .bytes());
            }
            client.connected(connect).subscribed(1, "u/alice/#");
            ConnectionId id = hook.connects.remove().connection();
            away();
            client.send(Wire.PINGREQ);
            assertThat(client.read().type()).as("PINGRESP").isEqualTo(13);
            client.send(Wire.publish(level, "im/send", 1, 7, Wire.text("waits")));
            server.presence().back();

            ResumeRequest request = announced();
            assertThat(request.connection()).isEqualTo(id);
            assertThat(request.clientId()).isEqualTo("alice:iot:1");
            assertThat(request.protocolLevel()).isEqualTo(level);
            assertThat(request.remoteAddress()).isEqualTo("127.0.0.1");
            assertThat(request.granted().resume()).isEqualTo("of alice:iot:1");
            assertThat(request.maximumPacketSize()).isEqualTo(level == 5 ? 5_000 : Integer.MAX_VALUE);
            assertThat(request.granted().messaging()).isTrue();
            assertThat(request.granted().filters()).containsExactly(new GrantedFilter("u/alice/#", 1, 0));
            Packet puback = client.read();
            assertThat(puback.type()).isEqualTo(4);
            assertThat(puback.id()).isEqualTo(7);
            assertThat(hook.publishes).hasSize(1);
            push(id, 1, "after");
            assertThat(client.read().payload(level)).isEqualTo("after");
        }
        await().until(() -> hook.ended.size() == 1);
    }

    @Test
    void whatWasNotAnsweredIsAskedAgainInOrderBeforeAnythingLater() throws Exception {
        hook.onPublish = request -> new CompletableFuture<>();
        hook.onChange = (connection, change) -> new CompletableFuture<>();
        try (WireClient client = client(5)) {
            client.connected("alice:iot:1");
            client.send(
                    Wire.publish(5, "im/send", 1, 1, Wire.text("first")),
                    Wire.publish(5, "im/send", 0, 0, Wire.text("nobody waits for this")),
                    Wire.publish(5, "im/send", 1, 2, Wire.text("second")),
                    Wire.subscribe(5, 3, 1, "u/alice/#"));
            await().until(() -> hook.publishes.size() == 3 && hook.changes.size() == 1);
            away();
            hook.publishes.clear();
            hook.changes.clear();
            CompletableFuture<ResumeVerdict> resumed = new CompletableFuture<>();
            hook.onResume = request -> resumed;
            hook.onPublish = request -> TestHook.done(PublishVerdict.Acknowledge.plain());
            hook.onChange = (connection, change) -> TestHook.done(List.of(new FilterVerdict(1)));
            client.send(Wire.publish(5, "im/send", 1, 4, Wire.text("third")));
            server.presence().back();
            announced();
            assertThat(hook.publishes)
                    .as("nothing is asked before the client is known")
                    .isEmpty();
            resumed.complete(new ResumeVerdict.GoOn());
            List<Packet> answers = List.of(client.read(), client.read(), client.read(), client.read());
            assertThat(answers.stream().filter(packet -> packet.type() == 4).map(Packet::id))
                    .containsExactly(1, 2, 4);
            assertThat(answers).filteredOn(packet -> packet.type() == 9).hasSize(1);
            assertThat(hook.publishes)
                    .extracting(request -> new String(request.payload()))
                    .containsExactly("first", "second", "third");
            assertThat(hook.changes).hasSize(1);
            push(hook.connects.remove().connection(), 1, "by the filter that was asked for again");
            assertThat(client.read().type()).isEqualTo(3);
        }
    }

    @Test
    void tokensOfTheNodeThatIsGoneAreNotToldToTheNext() throws Exception {
        try (WireClient client = client(5)) {
            client.connected("alice:iot:1").subscribed(1, "u/alice/#");
            ConnectionId id = hook.connects.remove().connection();
            push(id, 100, "old");
            int old = client.read().publishId();
            away();
            server.presence().back();
            announced();
            push(id, 0, "new");
            int young = client.read().publishId();
            assertThat(young).isNotEqualTo(old);
            client.send(Wire.acknowledge(4, old), Wire.acknowledge(4, young));
            await().until(() -> !hook.delivered.isEmpty());
            assertThat(hook.delivered).containsExactly(new TestHook.Delivered(id, 0));
        }
    }

    @Test
    void aClientThatTheNextNodeDoesNotTakeIsClosed() throws Exception {
        hook.onResume = request -> TestHook.done(new ResumeVerdict.Close(DisconnectCause.SESSION_TAKEN_OVER));
        try (WireClient client = client(5)) {
            client.connected("alice:iot:1");
            away();
            server.presence().back();
            Packet end = client.read();
            assertThat(end.type()).isEqualTo(14);
            assertThat(end.disconnectReason()).isEqualTo(0x8E);
        }
        await().until(() -> hook.ended.size() == 1);
    }

    @Test
    void aClientThatEndsMeanwhileIsNotAnnounced() throws Exception {
        try (WireClient client = client(5)) {
            client.connected("alice:iot:1");
            away();
            client.send(Wire.DISCONNECT);
            assertThatThrownBy(client::read).isInstanceOf(EOFException.class);
        }
        await().until(() -> server.connections() == 0);
        server.presence().back();
        try (WireClient client = client(5)) {
            client.connected("bob:iot:1");
        }
        await().until(() -> hook.ended.size() == 1);
        assertThat(hook.resumes).isEmpty();
        assertThat(hook.ended)
                .extracting(TestHook.Ended::connection)
                .as("only the one this node was asked about")
                .allMatch(id -> id.number() > 1);
    }

    @Test
    void aNodeThatIsLostAgainWhileClientsAreAnnouncedIsForgotten() throws Exception {
        CompletableFuture<ResumeVerdict> never = new CompletableFuture<>();
        hook.onResume = request -> never;
        try (WireClient client = client(5)) {
            client.connected("alice:iot:1");
            away();
            server.presence().back();
            announced();
            away();
            never.complete(new ResumeVerdict.Close(DisconnectCause.NOT_AUTHORIZED));
            hook.onResume = request -> TestHook.done(new ResumeVerdict.GoOn());
            server.presence().back();
            announced();
            client.send(Wire.publish(5, "im/send", 1, 7, Wire.text("goes on")));
            assertThat(client.read().id()).isEqualTo(7);
        }
    }

    @Test
    void clientsAreSentElsewhereWhenTheNodeIsGivenUp() throws Exception {
        try (WireClient client = client(5)) {
            client.connected("alice:iot:1");
            away();
            server.presence().givenUp();
            Packet end = client.read();
            assertThat(end.type()).isEqualTo(14);
            assertThat(end.disconnectReason()).isEqualTo(0x9C);
        }
        assertThat(server.counters().value(GateCounter.CONNECTIONS_GIVEN_UP)).isEqualTo(1);
        assertThat(hook.ended).isEmpty();
    }

    @Test
    void whileTheWayToTheNodeIsFullClientsAreNotRead() throws Exception {
        try (WireClient client = client(5)) {
            client.connected("alice:iot:1");
            server.presence().full();
            client.send(Wire.PINGREQ, Wire.publish(5, "im/send", 1, 7, Wire.text("waits")), Wire.PINGREQ);
            assertThat(client.read().type()).as("PINGRESP").isEqualTo(13);
            assertThat(hook.publishes).isEmpty();
            server.presence().roomy();
            assertThat(List.of(client.read().type(), client.read().type())).containsExactlyInAnyOrder(4, 13);
        }
    }
}
