package io.hongyan.broker.server;

import io.hongyan.broker.hook.DisconnectCause;
import io.hongyan.broker.hook.ResumeRequest;
import io.hongyan.broker.hook.ResumeVerdict;
import java.util.function.BiConsumer;

/** Announces a connected client to a node that does not know it, and brings the answer back to the event loop. */
final class Resumption extends Mail implements BiConsumer<ResumeVerdict, Throwable> {
    private final Connection connection;
    private ResumeVerdict verdict;

    Resumption(Connection connection) {
        this.connection = connection;
    }

    void begin(ResumeRequest request) {
        try {
            connection.gate.hook.resuming(request).whenComplete(this);
        } catch (Throwable failure) {
            accept(null, failure);
        }
    }

    /** From any thread. */
    @Override
    public void accept(ResumeVerdict answer, Throwable failure) {
        if (answer == null) {
            connection.gate.nodeFailed("resuming", failure);
            verdict = new ResumeVerdict.Close(DisconnectCause.SERVER_BUSY);
        } else {
            verdict = answer;
        }
        // Always by mail: the loop that announces clients must not be re-entered.
        connection.loop.post(this);
    }

    @Override
    Connection connection() {
        return connection;
    }

    @Override
    void deliver() {
        NodeChange.answered(connection, this, verdict);
    }
}
