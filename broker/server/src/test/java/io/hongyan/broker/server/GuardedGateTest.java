package io.hongyan.broker.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hongyan.broker.hook.BrokerControl.Target;
import io.hongyan.broker.hook.ConnectRefusal;
import io.hongyan.broker.hook.ConnectVerdict;
import io.hongyan.broker.hook.ConnectionId;
import io.hongyan.broker.hook.FilterVerdict;
import io.hongyan.broker.hook.GuardedHook;
import java.io.EOFException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The gate with a node behind deadlines: a late answer changes nothing that only one of the two would know. */
@Timeout(60)
class GuardedGateTest {
    private static final long DEADLINE_MILLIS = 200;

    private final TestHook hook = new TestHook();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private BrokerServer server;

    @BeforeEach
    void start() {
        ConnectVerdict late = new ConnectVerdict.Refuse(ConnectRefusal.SERVER_UNAVAILABLE, "too late");
        server = Servers.start(
                Servers.config(),
                new GuardedHook(hook, new GuardedHook.Guard(DEADLINE_MILLIS, late, DEADLINE_MILLIS), timer));
    }

    @AfterEach
    void stop() {
        server.close();
        timer.shutdownNow();
    }

    @Test
    void aLateAcceptLeadsToOneReportOfTheEnd() throws Exception {
        CompletableFuture<ConnectVerdict> verdict = new CompletableFuture<>();
        hook.onConnect = request -> verdict;
        try (WireClient client = WireClient.tcp(5, server.mqttPort())) {
            assertThat(client.send(Wire.connect(5, "alice:iot:1")).read().connectCode())
                    .isEqualTo(0x88);
            verdict.complete(new ConnectVerdict.Accept(false, List.of(), "t/", true));
            assertThatThrownBy(client::read).isInstanceOf(EOFException.class);
        }
        hook.onConnect = request -> TestHook.done(new ConnectVerdict.Accept(false, List.of(), "t/", true));
        try (WireClient client = WireClient.tcp(5, server.mqttPort())) {
            client.connected("bob:iot:1");
        }
        await().until(() -> hook.ended.size() == 2);
        assertThat(hook.ended).extracting(TestHook.Ended::connection).doesNotHaveDuplicates();
        assertThat(hook.online).isEmpty();
    }

    @Test
    void aLateAnswerToSubscribeEndsTheConnectionSoThatNothingIsPushedIntoTheVoid() throws Exception {
        CompletableFuture<List<FilterVerdict>> verdicts = new CompletableFuture<>();
        hook.onChange = (connection, change) -> verdicts;
        try (WireClient client = WireClient.tcp(5, server.mqttPort())) {
            client.connected("alice:iot:1");
            ConnectionId id = hook.connects.remove().connection();
            Packet end = client.send(Wire.subscribe(5, 1, 1, "u/alice/#")).read();
            assertThat(end.type()).as("DISCONNECT, no SUBACK").isEqualTo(14);
            assertThat(end.disconnectReason()).isEqualTo(0x89);
            verdicts.complete(List.of(new FilterVerdict(1)));
            server.control().push(new byte[1], List.of(new Target(id, "u/alice/inbox", Wire.NONE, 1, 1)));
            await().until(() -> hook.ended.size() == 1);
        }
        assertThat(hook.delivered).isEmpty();
    }
}
