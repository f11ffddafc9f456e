package io.hongyan.broker.hook;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A node that records its calls and leaves the answers to the test. */
public final class RecordingHook implements BrokerHook {
    /** Requests, changes and notices in the order they came; each is here before its answer is waited for. */
    public final List<Object> heard = Collections.synchronizedList(new ArrayList<>());

    public final List<CompletableFuture<ConnectVerdict>> connects = Collections.synchronizedList(new ArrayList<>());
    public final List<CompletableFuture<List<FilterVerdict>>> changes = Collections.synchronizedList(new ArrayList<>());
    public final List<CompletableFuture<PublishVerdict>> publishes = Collections.synchronizedList(new ArrayList<>());
    public final List<CompletableFuture<ResumeVerdict>> resumes = Collections.synchronizedList(new ArrayList<>());

    /** A change of one connection. */
    public record Change(ConnectionId connection, SubscriptionChange change) {}

    /** A notice. */
    public record Notice(String name, ConnectionId connection, Object detail) {}

    @Override
    public CompletionStage<ConnectVerdict> connecting(ConnectRequest request) {
        CompletableFuture<ConnectVerdict> answer = new CompletableFuture<>();
        heard.add(request);
        connects.add(answer);
        return answer;
    }

    @Override
    public CompletionStage<List<FilterVerdict>> subscribing(ConnectionId connection, SubscriptionChange change) {
        CompletableFuture<List<FilterVerdict>> answer = new CompletableFuture<>();
        heard.add(new Change(connection, change));
        changes.add(answer);
        return answer;
    }

    @Override
    public CompletionStage<ResumeVerdict> resuming(ResumeRequest request) {
        CompletableFuture<ResumeVerdict> answer = new CompletableFuture<>();
        heard.add(request);
        resumes.add(answer);
        return answer;
    }

    @Override
    public CompletionStage<PublishVerdict> publishing(PublishRequest request) {
        CompletableFuture<PublishVerdict> answer = new CompletableFuture<>();
        heard.add(request);
        publishes.add(answer);
        return answer;
    }

    @Override
    public void connected(ConnectionId connection) {
        heard.add(new Notice("connected", connection, ""));
    }

    @Override
    public void disconnected(
            ConnectionId connection, DisconnectCause cause, long lastPacketAtMillis, long sessionExpirySeconds) {
        heard.add(
                new Notice("disconnected", connection, cause + "@" + lastPacketAtMillis + "+" + sessionExpirySeconds));
    }

    @Override
    public void delivered(ConnectionId connection, long token) {
        heard.add(new Notice("delivered", connection, token));
    }

    @Override
    public void lastSeen(List<LastPacket> packets) {
        packets.forEach(packet -> heard.add(new Notice("heard", packet.connection(), packet.atMillis())));
    }
}
