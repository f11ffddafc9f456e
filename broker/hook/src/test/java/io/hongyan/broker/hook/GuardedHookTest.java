package io.hongyan.broker.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hongyan.broker.hook.ResumeRequest.Granted;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GuardedHookTest extends BrokerHookContract {
    private static final ConnectionId CONNECTION = new ConnectionId("g", 1);
    private static final ConnectRequest CONNECT = new ConnectRequest(
            CONNECTION,
            "c",
            4,
            new ConnectRequest.Credentials(null, null),
            ConnectRequest.SessionTerms.CLEAN,
            ConnectRequest.ClientLimits.keepAlive(0),
            null,
            "",
            List.of());
    private static final ConnectVerdict REFUSAL =
            new ConnectVerdict.Refuse(ConnectRefusal.SERVER_UNAVAILABLE, "too late");

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final RecordingHook hook = new RecordingHook();

    @AfterEach
    void stop() {
        timer.shutdownNow();
    }

    @Override
    protected BrokerHook join(BrokerHook hook) {
        return guarded(hook, 60_000);
    }

    private BrokerHook guarded(BrokerHook hook, long millis) {
        return new GuardedHook(hook, new GuardedHook.Guard(millis, REFUSAL, millis), timer);
    }

    @Test
    void lateConnectIsAnsweredByTheFallback() {
        CompletionStage<ConnectVerdict> answer = guarded(hook, 20).connecting(CONNECT);
        await().untilAsserted(() -> assertThat(answer.toCompletableFuture()).isCompletedWithValue(REFUSAL));
    }

    @Test
    void failedConnectIsAnsweredByTheFallback() {
        CompletionStage<ConnectVerdict> answer = guarded(hook, 60_000).connecting(CONNECT);
        hook.connects.get(0).completeExceptionally(new IllegalStateException("down"));
        assertThat(answer.toCompletableFuture()).isCompletedWithValue(REFUSAL);
    }

    @Test
    void ofANodeThatIsLateToAcceptTheBrokerReportsTheEndOnce() {
        BrokerHook guarded = guarded(hook, 20);
        CompletionStage<ConnectVerdict> answer = guarded.connecting(CONNECT);
        await().until(() -> answer.toCompletableFuture().isDone());
        guarded.disconnected(CONNECTION, DisconnectCause.SERVER_BUSY, 1, 0);
        hook.connects.get(0).complete(new ConnectVerdict.Accept(false, List.of(), "", true));
        assertThat(answer.toCompletableFuture()).isCompletedWithValue(REFUSAL);
        assertThat(hook.heard)
                .containsExactly(CONNECT, new RecordingHook.Notice("disconnected", CONNECTION, "SERVER_BUSY@1+0"));
    }

    @Test
    void lateSubscribeFailsAsNoAnswerWouldBeTrue() {
        CompletionStage<List<FilterVerdict>> answer =
                guarded(hook, 20).subscribing(CONNECTION, new SubscriptionChange.Unsubscribe(List.of("a", "b")));
        await().untilAsserted(() -> assertThat(answer.toCompletableFuture()).isCompletedExceptionally());
        hook.changes.get(0).complete(List.of(new FilterVerdict(0), new FilterVerdict(0)));
        assertThat(answer.toCompletableFuture()).isCompletedExceptionally();
    }

    @Test
    void lateResumingFails() {
        CompletionStage<ResumeVerdict> answer = guarded(hook, 20)
                .resuming(new ResumeRequest(
                        CONNECTION, "c", "127.0.0.1", 5, 0, 1, 1_000, new Granted(List.of(), true, ""), 1));
        await().untilAsserted(() -> assertThat(answer.toCompletableFuture()).isCompletedExceptionally());
    }

    @Test
    void latePublishStaysOpenAsItMayBeStored() {
        CompletionStage<PublishVerdict> answer =
                guarded(hook, 20).publishing(new PublishRequest(CONNECTION, "im/send", new byte[0], 1));
        await().during(Duration.ofMillis(200))
                .untilAsserted(() -> assertThat(answer.toCompletableFuture()).isNotDone());
        hook.publishes.get(0).complete(PublishVerdict.Acknowledge.plain());
        assertThat(answer.toCompletableFuture()).isCompletedWithValue(PublishVerdict.Acknowledge.plain());
    }
}
