package io.hongyan.broker.server;

import io.hongyan.broker.hook.DisconnectCause;
import io.hongyan.broker.hook.PublishRequest;
import io.hongyan.broker.hook.PublishVerdict;
import java.util.List;
import java.util.function.BiConsumer;

/** A PUBLISH that waits for its answer, in the order of its connection; also brings the answer to the event loop. */
final class PendingPublish extends Mail implements BiConsumer<PublishVerdict, Throwable> {
    final int packetId;
    final long sinceNanos;
    /** Moquette answers it. */
    final boolean generic;
    /** It is answered with PUBREC. */
    final boolean exactlyOnce;

    /** The question to the node; null if there is none, or the node has answered. */
    PublishRequest request;

    /** How often a node was asked. */
    int asked;

    PendingPublish later;
    PublishVerdict verdict;

    private final Connection connection;
    private PublishVerdict arrived;

    PendingPublish(Connection connection, int packetId, int qos, long sinceNanos, boolean generic) {
        this.connection = connection;
        this.packetId = packetId;
        this.sinceNanos = sinceNanos;
        this.generic = generic;
        this.exactlyOnce = qos == 2;
    }

    /** From any thread. */
    @Override
    public void accept(PublishVerdict answer, Throwable failure) {
        if (failure != null || answer == null) {
            connection.gate.nodeFailed("publishing", failure);
            arrived = new PublishVerdict.CloseUnanswered(DisconnectCause.SERVER_BUSY);
        } else {
            arrived = answer;
        }
        if (connection.loop.inEventLoop()) {
            run();
        } else {
            connection.loop.post(this);
        }
    }

    int sinceMillis() {
        return (int) (sinceNanos / Gate.NANOS_PER_MILLI);
    }

    /** The node was asked and has accepted it, and its client is told so. */
    boolean succeeded() {
        return !generic
                && packetId != 0
                && verdict instanceof PublishVerdict.Acknowledge answer
                && answer.reasonCode() == 0;
    }

    boolean awaitsNode() {
        return request != null;
    }

    void answer(int reasonCode) {
        request = null;
        verdict = reasonCode == 0
                ? PublishVerdict.Acknowledge.plain()
                : new PublishVerdict.Acknowledge(reasonCode, null, List.of(), null, false);
        connection.touch();
    }

    @Override
    Connection connection() {
        return connection;
    }

    @Override
    void deliver() {
        request = null;
        verdict = arrived;
        connection.touch();
    }
}
