package io.hongyan.broker.hook;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * What a broker asks its host: three questions that hold a packet back, one about clients
 * that were there before this host, and four notices.
 *
 * <p>Calls for one connection come in the order of its packets, on the network thread of that connection; no method
 * may block. Answers may complete on any thread and in any order; the broker puts them back into packet order. A stage
 * that completes exceptionally closes the connection unanswered. Arguments are never null unless their record says so.
 *
 * <p>There are no default methods, so that a decorator cannot forget one.
 */
public interface BrokerHook {
    /** May this client come in? Nothing else of the connection is looked at before the answer. */
    CompletionStage<ConnectVerdict> connecting(ConnectRequest request);

    /**
     * May the client's filters change like this? Asked for claimed topics and for the others alike, so that the host
     * can keep the filters of sessions that outlive the connection.
     *
     * @return one verdict per filter, in order
     */
    CompletionStage<List<FilterVerdict>> subscribing(ConnectionId connection, SubscriptionChange change);

    /** A message for a claimed topic. The client's PUBACK waits for the answer. */
    CompletionStage<PublishVerdict> publishing(PublishRequest request);

    /**
     * A client stayed connected while the broker changed to this host, or this host started anew: asked once per
     * connection, before anything else of it. A connection that goes on can be pushed to from this call on, and
     * {@link #connected} is not called for it. Asked only by brokers that reach their host over a link.
     */
    CompletionStage<ResumeVerdict> resuming(ResumeRequest request);

    /** CONNACK has been written: the connection can be pushed to. */
    void connected(ConnectionId connection);

    /**
     * The connection is gone; exactly once for each connection whose {@link #connecting} or {@link #resuming} was
     * asked, also for those that were refused or ended before the answer. Where the link to the broker breaks, for each of
     * its connections. Nothing is reported of it afterwards.
     *
     * @param lastPacketAtMillis when its last packet came, milliseconds since 1970-01-01 UTC
     * @param sessionExpirySeconds how long its session outlives it: what CONNECT asked for, unless DISCONNECT changed it
     */
    void disconnected(
            ConnectionId connection, DisconnectCause cause, long lastPacketAtMillis, long sessionExpirySeconds);

    /**
     * The client has acknowledged every delivery of this connection up to the one pushed with {@code token}. Of a
     * delivery at QoS 0: it has been written to the network.
     */
    void delivered(ConnectionId connection, long token);

    /**
     * When the last packets of some connections came. Every so often, for those only that sent one since the notice
     * before; in no order with other calls, so it may name connections that are gone.
     */
    void heard(List<LastPacket> packets);
}
