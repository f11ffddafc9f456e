package io.hongyan.broker.server;

import io.hongyan.broker.hook.DisconnectCause;

/**
 * One connection per client id: a newer one ends the older one and gets the id when the older one has ended. On the
 * event loop of each.
 */
final class SessionTakeover {
    /** A newer connection has this client id. */
    static void takenOverBy(Connection connection, Connection newcomer) {
        connection.successor = newcomer;
        if (!connection.isGone()) {
            connection.count(GateCounter.SESSIONS_TAKEN_OVER);
            connection.disconnect(DisconnectCause.SESSION_TAKEN_OVER);
        } else if (!connection.waitingForPredecessor) {
            callSuccessor(connection);
        }
    }

    static void predecessorGone(Connection connection) {
        connection.waitingForPredecessor = false;
        if (connection.isGone()) {
            giveUpClientId(connection);
        } else if (connection.admission != null && !connection.ended()) {
            connection.admission.enter();
        }
    }

    /**
     * Not before the predecessor has ended, or the next connection would not know that it must wait for that one too.
     */
    static void giveUpClientId(Connection connection) {
        if (connection.client().clientId() != null) {
            connection.gate.clients.remove(connection);
        }
        callSuccessor(connection);
    }

    private static void callSuccessor(Connection connection) {
        Connection next = connection.successor;
        connection.successor = null;
        if (next != null) {
            connection.gate.clients.predecessorGone(next);
        }
    }

    private SessionTakeover() {}
}
