package io.hongyan.broker.server;

import io.hongyan.broker.hook.DisconnectCause;
import io.hongyan.broker.hook.PublishRequest;
import io.hongyan.broker.hook.PublishVerdict;
import java.util.List;
import java.util.function.BiConsumer;

/** A PUBLISH that waits for its answer, in the order of its connection; also brings the answer to the event loop. */
final class PendingPublish extends Mail implements BiConsumer<PublishVerdict, Throwable> {
    final int packetId;
    final int sinceMillis;
    /** It is Moquette's to answer. */
    final boolean generic;

    /** What the host is asked; null where it is not, or has answered. */
    PublishRequest request;

    /** How often a host was asked. */
    int asked;

    PendingPublish later;
    PublishVerdict verdict;

    private final Connection connection;
    private PublishVerdict arrived;

    PendingPublish(Connection connection, int packetId, int sinceMillis, boolean generic) {
        this.connection = connection;
        this.packetId = packetId;
        this.sinceMillis = sinceMillis;
        this.generic = generic;
    }

    /** From any thread. */
    @Override
    public void accept(PublishVerdict answer, Throwable failure) {
        if (failure != null || answer == null) {
            connection.gate.hostFailed("publishing", failure);
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

    boolean awaitsHost() {
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
