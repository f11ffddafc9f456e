package io.hongyan.broker.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hongyan.broker.hook.ConnectVerdict;
import io.hongyan.broker.hook.ConnectVerdict.Accept;
import io.hongyan.broker.hook.DisconnectCause;
import io.hongyan.broker.hook.FilterVerdict;
import io.hongyan.broker.hook.PublishVerdict;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that drains: nobody can connect, and connected clients go in steps, with all requests answered. */
@Timeout(60)
class DrainTest {
    private static final String ELSEWHERE = "mqtt2.example.com:1883";
    private static final int USE_ANOTHER_SERVER = 0x9C;
    private static final int SERVER_REFERENCE = 0x1C;

    private final TestHook hook = new TestHook();
    /** Added to the clock of the server. */
    private final AtomicLong passedMillis = new AtomicLong();

    private BrokerServer server;

    @BeforeEach
    void start() {
        server = new BrokerServer(
                Servers.config(),
                hook,
                Clock.systemUTC(),
                () -> TimeUnit.MILLISECONDS.toNanos(passedMillis.get()),
                new SecureRandom());
        server.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private WireClient client(int level) throws Exception {
        return WireClient.tcp(level, server.mqttPort());
    }

    private void pass(long millis) {
        passedMillis.addAndGet(millis);
        server.drainStep();
    }

    @Test
    void newClientsAreToldToGoElsewhereUntilTheDrainIsUndone() throws Exception {
        server.drain(new DrainPlan(10, ELSEWHERE));
        try (WireClient old = client(4);
                WireClient young = client(5)) {
            assertThat(old.send(Wire.connect(4, "a")).read().connectCode()).isEqualTo(3);
            assertThat(old.closed()).isTrue();
            Packet refusal = young.send(Wire.connect(5, "b")).read();
            assertThat(refusal.connectCode()).isEqualTo(USE_ANOTHER_SERVER);
            assertThat(text(refusal)).contains((char) SERVER_REFERENCE + "\0" + (char) ELSEWHERE.length() + ELSEWHERE);
            assertThat(young.closed()).isTrue();
        }
        assertThat(hook.connects).as("the node is not asked").isEmpty();
        assertThat(server.counters().value(GateCounter.CONNECTS_REFUSED_DRAINING))
                .isEqualTo(2);
        assertThat(server.drainPlan()).isEqualTo(new DrainPlan(10, ELSEWHERE));

        server.undrain();
        assertThat(server.drainPlan()).isNull();
        try (WireClient client = client(5)) {
            client.connected("c");
        }
    }

    @Test
    void whoIsJustComingInIsRefusedToo() throws Exception {
        CompletableFuture<ConnectVerdict> verdict = new CompletableFuture<>();
        hook.onConnect = request -> verdict;
        try (WireClient client = client(5)) {
            client.send(Wire.connect(5, "a"));
            await().until(() -> hook.connects.size() == 1);
            server.drain(new DrainPlan(1_000, null));
            pass(1_000);
            verdict.complete(new Accept(false, List.of(), "t/", true));
            Packet refusal = client.read();
            assertThat(refusal.connectCode()).isEqualTo(USE_ANOTHER_SERVER);
            assertThat(text(refusal)).doesNotContain(String.valueOf((char) SERVER_REFERENCE));
        }
        await().until(() -> server.clients() == 0);
        assertThat(hook.ended.element().cause()).isEqualTo(DisconnectCause.USE_ANOTHER_SERVER);
    }

    @Test
    void clientsGoAtTheNamedRate() throws Exception {
        List<WireClient> clients = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            WireClient client = client(5);
            client.connected("c" + i);
            clients.add(client);
        }
        assertThat(server.clients()).isEqualTo(10);
        server.drain(new DrainPlan(2, null));
        pass(499);
        assertThat(server.clients()).isEqualTo(10);
        pass(1);
        await().until(() -> server.clients() == 9);
        // After a pause at most the clients of one second are moved at once.
        pass(4_000);
        await().until(() -> server.clients() == 7);
        server.drain(new DrainPlan(5, null));
        pass(1_000);
        await().until(() -> server.clients() == 2);
        server.undrain();
        pass(10_000);
        assertThat(server.clients()).isEqualTo(2);
        assertThat(server.counters().value(GateCounter.CLIENTS_MOVED_AWAY)).isEqualTo(8);
        for (WireClient client : clients) {
            client.close();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void whatAClientHasAskedIsAnsweredBeforeItGoes(int level) throws Exception {
        CompletableFuture<PublishVerdict> first = new CompletableFuture<>();
        CompletableFuture<PublishVerdict> second = new CompletableFuture<>();
        CompletableFuture<List<FilterVerdict>> filters = new CompletableFuture<>();
        hook.onPublish = request -> hook.publishes.size() == 1 ? first : second;
        hook.onChange = (connection, change) -> filters;
        try (WireClient client = client(level)) {
            client.connected("c");
            client.send(
                    Wire.publish(level, "im/send", 1, 1, Wire.text("one")),
                    Wire.publish(level, "im/send", 1, 2, Wire.text("two")),
                    Wire.subscribe(level, 3, 1, "u/a/#"));
            await().until(() -> hook.publishes.size() == 2 && hook.changes.size() == 1);
            server.drain(new DrainPlan(10, ELSEWHERE));
            pass(1_000);
            first.complete(PublishVerdict.Acknowledge.plain());
            Packet answer = client.read();
            assertThat(answer.type()).isEqualTo(PacketWriter.PUBACK);
            assertThat(answer.id()).isEqualTo(1);
            // What a client sends after it was told to go is not read.
            client.send(Wire.publish(level, "im/send", 1, 4, Wire.text("three")));
            filters.complete(List.of(new FilterVerdict(1)));
            assertThat(client.read().type()).isEqualTo(PacketWriter.SUBACK);
            assertThat(client.silentFor(200)).isTrue();
            second.complete(PublishVerdict.Acknowledge.plain());
            answer = client.read();
            assertThat(answer.type()).isEqualTo(PacketWriter.PUBACK);
            assertThat(answer.id()).isEqualTo(2);
            if (level == 5) {
                Packet bye = client.read();
                assertThat(bye.type()).isEqualTo(PacketWriter.DISCONNECT);
                assertThat(bye.disconnectReason()).isEqualTo(USE_ANOTHER_SERVER);
                assertThat(text(bye)).endsWith((char) SERVER_REFERENCE + "\0" + (char) ELSEWHERE.length() + ELSEWHERE);
            }
            assertThat(client.closed()).isTrue();
        }
        assertThat(hook.publishes).hasSize(2);
        await().until(() -> hook.ended.size() == 1);
        assertThat(hook.ended.element().cause()).isEqualTo(DisconnectCause.USE_ANOTHER_SERVER);
    }

    @Test
    void aReferenceThatIsTooLongForTheClientIsLeftOut() throws Exception {
        try (WireClient client = client(5)) {
            byte[] packetBytesMax = new Wire.Bytes().u8(0x27).u32(30).bytes();
            client.connected(new Wire.Connect(5, "c").properties(packetBytesMax));
            server.drain(new DrainPlan(10, "x".repeat(100)));
            pass(1_000);
            Packet bye = client.read();
            assertThat(bye.disconnectReason()).isEqualTo(USE_ANOTHER_SERVER);
            assertThat(bye.body()).hasSize(1);
        }
    }

    private static String text(Packet packet) {
        return new String(packet.body(), StandardCharsets.ISO_8859_1);
    }
}
