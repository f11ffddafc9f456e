package io.hongyan.broker.server;

import java.util.concurrent.ConcurrentHashMap;

/** Which connection has which client id; a new connection gets the id only after the previous one has ended. */
final class Clients {
    private final ConcurrentHashMap<String, Connection> byClientId = new ConcurrentHashMap<>();

    /** On the event loop of the new connection; false if it has to wait for {@link Connection#predecessorGone}. */
    boolean claim(Connection newcomer) {
        Connection previous = byClientId.put(newcomer.client().clientId(), newcomer);
        if (previous == null) {
            return true;
        }
        newcomer.waitingForPredecessor = true;
        previous.loop.post(new ConnectionMail(previous, before -> SessionTakeover.takenOverBy(before, newcomer)));
        return false;
    }

    void predecessorGone(Connection newcomer) {
        newcomer.loop.post(new ConnectionMail(newcomer, SessionTakeover::predecessorGone));
    }

    void remove(Connection connection) {
        byClientId.remove(connection.client().clientId(), connection);
    }
}
