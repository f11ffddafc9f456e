package io.hongyan.broker.hook;

import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * A host behind deadlines: {@link #connecting} and {@link #subscribing} are answered by a fallback when the host is late or
 * fails. {@link #publishing} has neither: the message may be stored already, so no answer would be true; the broker closes
 * the connection instead.
 */
public final class GuardedHook implements BrokerHook {
    private final BrokerHook host;
    private final Guard guard;
    private final ScheduledExecutorService timer;

    /**
     * @param timer runs the fallbacks; its owner stops it
     */
    public GuardedHook(BrokerHook host, Guard guard, ScheduledExecutorService timer) {
        this.host = host;
        this.guard = guard;
        this.timer = timer;
    }

    @Override
    public CompletionStage<ConnectVerdict> connecting(ConnectRequest request) {
        CompletionStage<ConnectVerdict> answer;
        try {
            answer = host.connecting(request);
        } catch (RuntimeException failure) {
            return CompletableFuture.completedFuture(guard.connectFallback());
        }
        return guarded(answer, guard.connectMillis(), guard.connectFallback());
    }

    @Override
    public CompletionStage<List<FilterVerdict>> subscribing(ConnectionId connection, SubscriptionChange change) {
        int filters = change instanceof SubscriptionChange.Subscribe subscribe
                ? subscribe.filters().size()
                : ((SubscriptionChange.Unsubscribe) change).filters().size();
        List<FilterVerdict> fallback = Collections.nCopies(filters, guard.filterFallback());
        CompletionStage<List<FilterVerdict>> answer;
        try {
            answer = host.subscribing(connection, change);
        } catch (RuntimeException failure) {
            return CompletableFuture.completedFuture(fallback);
        }
        return guarded(answer, guard.subscribeMillis(), fallback);
    }

    @Override
    public CompletionStage<PublishVerdict> publishing(PublishRequest request) {
        return host.publishing(request);
    }

    @Override
    public void connected(ConnectionId connection) {
        host.connected(connection);
    }

    @Override
    public void disconnected(
            ConnectionId connection, DisconnectCause cause, long lastPacketAtMillis, long sessionExpirySeconds) {
        host.disconnected(connection, cause, lastPacketAtMillis, sessionExpirySeconds);
    }

    @Override
    public void delivered(ConnectionId connection, long token) {
        host.delivered(connection, token);
    }

    @Override
    public void heard(List<LastPacket> packets) {
        host.heard(packets);
    }

    private <T> CompletionStage<T> guarded(CompletionStage<T> answer, long deadlineMillis, T fallback) {
        CompletableFuture<T> result = new CompletableFuture<>();
        answer.whenComplete((value, failure) -> result.complete(failure == null ? value : fallback));
        if (!result.isDone()) {
            ScheduledFuture<?> late =
                    timer.schedule(() -> result.complete(fallback), deadlineMillis, TimeUnit.MILLISECONDS);
            result.whenComplete((value, failure) -> late.cancel(false));
        }
        return result;
    }

    /**
     * The deadlines and what is said when they pass.
     *
     * @param filterFallback said of each filter of the change
     */
    public record Guard(
            long connectMillis, ConnectVerdict connectFallback, long subscribeMillis, FilterVerdict filterFallback) {}
}
