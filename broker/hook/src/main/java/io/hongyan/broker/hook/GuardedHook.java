package io.hongyan.broker.hook;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A node with deadlines. If the node is late or fails, {@link #connecting} gets a fallback answer; the broker then ends
 * the connection, so that a node that accepts later learns of its end. For {@link #subscribing} and {@link #resuming}
 * the broker has no true fallback: the node may hold the filters already and push for them. So these fail after their
 * deadline, and the broker closes the connection. {@link #publishing} has no deadline here, because the broker has its
 * own, after which it also closes the connection.
 */
public final class GuardedHook implements BrokerHook {
    private final BrokerHook hook;
    private final Guard guard;
    private final ScheduledExecutorService timer;

    /**
     * @param timer watches the deadlines; its owner stops it
     */
    public GuardedHook(BrokerHook hook, Guard guard, ScheduledExecutorService timer) {
        this.hook = hook;
        this.guard = guard;
        this.timer = timer;
    }

    @Override
    public CompletionStage<ConnectVerdict> connecting(ConnectRequest request) {
        CompletionStage<ConnectVerdict> answer;
        try {
            answer = hook.connecting(request);
        } catch (RuntimeException failure) {
            return CompletableFuture.completedFuture(guard.connectFallback());
        }
        return orFallback(answer);
    }

    @Override
    public CompletionStage<List<FilterVerdict>> subscribing(ConnectionId connection, SubscriptionChange change) {
        return inTime(hook.subscribing(connection, change), "subscribing");
    }

    @Override
    public CompletionStage<ResumeVerdict> resuming(ResumeRequest request) {
        return inTime(hook.resuming(request), "resuming");
    }

    @Override
    public CompletionStage<PublishVerdict> publishing(PublishRequest request) {
        return hook.publishing(request);
    }

    @Override
    public void connected(ConnectionId connection) {
        hook.connected(connection);
    }

    @Override
    public void disconnected(
            ConnectionId connection, DisconnectCause cause, long lastPacketAtMillis, long sessionExpirySeconds) {
        hook.disconnected(connection, cause, lastPacketAtMillis, sessionExpirySeconds);
    }

    @Override
    public void delivered(ConnectionId connection, long token) {
        hook.delivered(connection, token);
    }

    @Override
    public void lastSeen(List<LastPacket> packets) {
        hook.lastSeen(packets);
    }

    /** The answer, or the fallback if it is late or failed. */
    private CompletionStage<ConnectVerdict> orFallback(CompletionStage<ConnectVerdict> answer) {
        CompletableFuture<ConnectVerdict> result = new CompletableFuture<>();
        answer.whenComplete((value, failure) -> result.complete(failure == null ? value : guard.connectFallback()));
        return until(guard.connectMillis(), result, () -> result.complete(guard.connectFallback()));
    }

    /** The answer, or a failure if it is late. */
    private <T> CompletionStage<T> inTime(CompletionStage<T> answer, String question) {
        CompletableFuture<T> result = new CompletableFuture<>();
        answer.whenComplete((value, failure) -> {
            if (failure == null) {
                result.complete(value);
            } else {
                result.completeExceptionally(failure);
            }
        });
        return until(
                guard.answerMillis(),
                result,
                () -> result.completeExceptionally(
                        new TimeoutException(question + " was not answered in " + guard.answerMillis() + " ms")));
    }

    private <T> CompletionStage<T> until(long deadlineMillis, CompletableFuture<T> result, Runnable whenLate) {
        if (!result.isDone()) {
            ScheduledFuture<?> late = timer.schedule(whenLate, deadlineMillis, TimeUnit.MILLISECONDS);
            result.whenComplete((value, failure) -> late.cancel(false));
        }
        return result;
    }

    /**
     * The deadlines, and the sentence for a client whose {@link #connecting} is late.
     *
     * @param answerMillis deadline of the other questions except {@link #publishing}
     */
    public record Guard(long connectMillis, ConnectVerdict connectFallback, long answerMillis) {}
}
