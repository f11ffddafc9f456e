package io.hongyan.broker.server;

import io.hongyan.broker.hook.BrokerHook;
import io.hongyan.broker.hook.ConnectRequest;
import io.hongyan.broker.hook.ConnectVerdict;
import io.hongyan.broker.hook.ConnectionId;
import io.hongyan.broker.hook.DisconnectCause;
import io.hongyan.broker.hook.FilterVerdict;
import io.hongyan.broker.hook.LastPacket;
import io.hongyan.broker.hook.PublishRequest;
import io.hongyan.broker.hook.PublishVerdict;
import io.hongyan.broker.hook.ResumeRequest;
import io.hongyan.broker.hook.ResumeVerdict;
import io.hongyan.broker.hook.SubscriptionChange;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

/** A node for tests: accepts everything unless told otherwise, and records its calls. */
final class TestHook implements BrokerHook {
    final Queue<ConnectRequest> connects = new ConcurrentLinkedQueue<>();
    final Queue<SubscriptionChange> changes = new ConcurrentLinkedQueue<>();
    final Queue<PublishRequest> publishes = new ConcurrentLinkedQueue<>();
    final Queue<ResumeRequest> resumes = new ConcurrentLinkedQueue<>();
    final Queue<Ended> ended = new ConcurrentLinkedQueue<>();
    final Queue<Delivered> delivered = new ConcurrentLinkedQueue<>();
    /** Open connections, by client id. */
    final Queue<LastPacket> lastPackets = new ConcurrentLinkedQueue<>();

    final Map<String, ConnectionId> online = new ConcurrentHashMap<>();

    volatile Function<ConnectRequest, CompletionStage<ConnectVerdict>> onConnect =
            request -> done(new ConnectVerdict.Accept(false, List.of(), "t/", true));
    volatile BiFunction<ConnectionId, SubscriptionChange, CompletionStage<List<FilterVerdict>>> onChange =
            (connection, change) -> done(granted(change));
    volatile Function<PublishRequest, CompletionStage<PublishVerdict>> onPublish =
            request -> done(PublishVerdict.Acknowledge.plain());

    volatile Function<ResumeRequest, CompletionStage<ResumeVerdict>> onResume =
            request -> done(new ResumeVerdict.GoOn());

    volatile Consumer<ConnectionId> onDelivered = connection -> {};

    private final Map<ConnectionId, String> clientIds = new ConcurrentHashMap<>();

    record Ended(ConnectionId connection, DisconnectCause cause, long lastPacketAtMillis, long sessionExpirySeconds) {}

    record Delivered(ConnectionId connection, long token) {}

    static <T> CompletionStage<T> done(T value) {
        return CompletableFuture.completedFuture(value);
    }

    static List<FilterVerdict> granted(SubscriptionChange change) {
        if (change instanceof SubscriptionChange.Subscribe subscribe) {
            return subscribe.filters().stream()
                    .map(filter -> new FilterVerdict(filter.qos()))
                    .toList();
        }
        return ((SubscriptionChange.Unsubscribe) change)
                .filters().stream().map(filter -> new FilterVerdict(0)).toList();
    }

    @Override
    public CompletionStage<ConnectVerdict> connecting(ConnectRequest request) {
        connects.add(request);
        clientIds.put(request.connection(), request.clientId());
        return onConnect.apply(request);
    }

    @Override
    public CompletionStage<List<FilterVerdict>> subscribing(ConnectionId connection, SubscriptionChange change) {
        changes.add(change);
        return onChange.apply(connection, change);
    }

    @Override
    public CompletionStage<PublishVerdict> publishing(PublishRequest request) {
        publishes.add(request);
        return onPublish.apply(request);
    }

    @Override
    public CompletionStage<ResumeVerdict> resuming(ResumeRequest request) {
        resumes.add(request);
        clientIds.put(request.connection(), request.clientId());
        return onResume.apply(request);
    }

    @Override
    public void connected(ConnectionId connection) {
        online.put(clientIds.get(connection), connection);
    }

    @Override
    public void disconnected(
            ConnectionId connection, DisconnectCause cause, long lastPacketAtMillis, long sessionExpirySeconds) {
        String clientId = clientIds.remove(connection);
        if (clientId != null) {
            online.remove(clientId, connection);
        }
        ended.add(new Ended(connection, cause, lastPacketAtMillis, sessionExpirySeconds));
    }

    @Override
    public void delivered(ConnectionId connection, long token) {
        delivered.add(new Delivered(connection, token));
        onDelivered.accept(connection);
    }

    @Override
    public void lastSeen(List<LastPacket> packets) {
        lastPackets.addAll(packets);
    }
}
