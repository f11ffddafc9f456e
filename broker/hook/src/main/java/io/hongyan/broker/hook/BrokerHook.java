package io.hongyan.broker.hook;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * What a broker asks its node: three questions that delay the answer to a packet, one question about clients that were
 * connected before this node, and four notices.
 *
 * <p>Calls for one connection come in the order of its packets, on the network thread of that connection; no method may
 * block. Answers may complete on any thread and in any order; the broker restores the order of the packets. A stage
 * that completes exceptionally closes the connection unanswered. Arguments are never null unless their record says so.
 *
 * <p>There are no default methods, so that a decorator cannot forget one.
 */
public interface BrokerHook {
    /** May this client log in? Nothing else of the connection is handled before the answer. */
    CompletionStage<ConnectVerdict> connecting(ConnectRequest request);

    /**
     * May the client's filters change like this? Asked for claimed topics and for all others, so that the node can keep
     * the filters of sessions that outlive the connection.
     *
     * @return one verdict per filter, in order
     */
    CompletionStage<List<FilterVerdict>> subscribing(ConnectionId connection, SubscriptionChange change);

    /** A message for a claimed topic. The client's PUBACK waits for the answer. */
    CompletionStage<PublishVerdict> publishing(PublishRequest request);

    /**
     * A client stayed connected while the broker changed to this node, or this node restarted: asked once per
     * connection, before anything else about it. A connection that stays can be pushed to from this call on, and
     * {@link #connected} is not called for it. Asked only by brokers that reach their node over a link.
     */
    CompletionStage<ResumeVerdict> resuming(ResumeRequest request);

    /** CONNACK has been written: the connection can be pushed to. */
    void connected(ConnectionId connection);

    /**
     * The connection has ended; called exactly once for each connection whose {@link #connecting} or {@link #resuming}
     * was asked, also for those that were refused or ended before the answer. If the link to the broker breaks, called
     * for each of its connections. Nothing is reported about the connection afterwards.
     *
     * @param lastPacketAtMillis when its last packet came, milliseconds since 1970-01-01 UTC
     * @param sessionExpirySeconds how long its session outlives it: what CONNECT asked for, unless DISCONNECT changed
     *     it
     */
    void disconnected(
            ConnectionId connection, DisconnectCause cause, long lastPacketAtMillis, long sessionExpirySeconds);

    /**
     * The client has acknowledged every delivery of this connection up to the one pushed with {@code token}. A delivery
     * at QoS 0 counts once it is written to the network.
     */
    void delivered(ConnectionId connection, long token);

    /**
     * When the last packets of some connections came. Called from time to time, with the connections that sent a packet
     * since the previous notice; in no order with other calls, so it may name connections that have ended.
     */
    void lastSeen(List<LastPacket> packets);
}
