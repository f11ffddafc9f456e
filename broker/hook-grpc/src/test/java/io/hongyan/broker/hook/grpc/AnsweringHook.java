package io.hongyan.broker.hook.grpc;

import io.hongyan.broker.hook.BrokerControl;
import io.hongyan.broker.hook.BrokerControl.Target;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A node that grants every filter before the call returns, and pushes for it at once. */
class AnsweringHook implements BrokerHook {
    private final BrokerControl broker;
    private long token;

    AnsweringHook(BrokerControl broker) {
        this.broker = broker;
    }

    @Override
    public CompletionStage<ConnectVerdict> connecting(ConnectRequest request) {
        return CompletableFuture.completedFuture(new ConnectVerdict.Accept(false, List.of(), "", true));
    }

    @Override
    public CompletionStage<List<FilterVerdict>> subscribing(ConnectionId connection, SubscriptionChange change) {
        CompletableFuture<List<FilterVerdict>> answer =
                CompletableFuture.completedFuture(List.of(new FilterVerdict(1)));
        broker.push(new byte[] {1}, List.of(new Target(connection, "u/a/inbox", new byte[0], 1, token++)));
        return answer;
    }

    @Override
    public CompletionStage<PublishVerdict> publishing(PublishRequest request) {
        return CompletableFuture.completedFuture(PublishVerdict.Acknowledge.plain());
    }

    @Override
    public CompletionStage<ResumeVerdict> resuming(ResumeRequest request) {
        return CompletableFuture.completedFuture(new ResumeVerdict.GoOn());
    }

    @Override
    public void connected(ConnectionId connection) {}

    @Override
    public void disconnected(
            ConnectionId connection, DisconnectCause cause, long lastPacketAtMillis, long sessionExpirySeconds) {}

    @Override
    public void delivered(ConnectionId connection, long delivered) {}

    @Override
    public void lastSeen(List<LastPacket> packets) {}
}
