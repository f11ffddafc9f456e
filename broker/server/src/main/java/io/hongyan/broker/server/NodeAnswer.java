package io.hongyan.broker.server;

import java.util.function.BiConsumer;

/** Brings the node's answer about one connection back to its event loop. */
abstract class NodeAnswer<T> extends Mail implements BiConsumer<T, Throwable> {
    final Connection connection;
    private final String question;
    private T value;
    private boolean failed;

    NodeAnswer(Connection connection, String question) {
        this.connection = connection;
        this.question = question;
    }

    /** From any thread. */
    @Override
    public final void accept(T answer, Throwable failure) {
        value = answer;
        failed = answer == null || failure != null;
        if (failed) {
            connection.gate.nodeFailed(question, failure);
        }
        if (connection.loop.inEventLoop()) {
            run();
        } else {
            connection.loop.post(this);
        }
    }

    @Override
    final Connection connection() {
        return connection;
    }

    @Override
    final void deliver() {
        if (connection.ended()) {
            if (!failed) {
                tooLate(value);
            }
        } else if (failed) {
            failed();
        } else {
            answered(value);
        }
    }

    abstract void answered(T answer);

    abstract void failed();

    /** The connection has ended meanwhile: there is nobody to tell. */
    void tooLate(T answer) {}
}
