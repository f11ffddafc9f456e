package io.hongyan.broker.server;

import java.util.function.Consumer;

/** A task for one connection. */
final class ConnectionMail extends Mail {
    private final Connection connection;
    private final Consumer<Connection> task;

    ConnectionMail(Connection connection, Consumer<Connection> task) {
        this.connection = connection;
        this.task = task;
    }

    @Override
    Connection connection() {
        return connection;
    }

    @Override
    void deliver() {
        task.accept(connection);
    }
}
