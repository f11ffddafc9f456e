package io.hongyan.broker.server;

import io.hongyan.broker.hook.BrokerControl.Target;

/** One target of a push, for its connection. */
final class PushMail extends Mail implements Deliveries.Held {
    final Target target;
    final byte[] shared;
    private final Connection connection;

    PushMail(Connection connection, Target target, byte[] shared) {
        this.connection = connection;
        this.target = target;
        this.shared = shared;
    }

    @Override
    Connection connection() {
        return connection;
    }

    @Override
    void deliver() {
        if (connection.connected()) {
            connection.deliveries().push(this);
        }
    }

    @Override
    public boolean send(Deliveries deliveries) {
        return deliveries.send(this);
    }

    @Override
    public void drop() {
        // The node owns its bytes; there is nothing to release.
    }
}
