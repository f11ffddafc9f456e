package io.hongyan.broker.server;

import io.hongyan.broker.hook.DisconnectCause;

/** How much longer to wait for a client, and the end of its connection when that time is over. */
final class ClientDeadlines {
    /**
     * Checks every deadline of a connected client.
     *
     * @param deliveries null if there were none
     * @return milliseconds until the next check, {@link Integer#MAX_VALUE} = when something happens
     */
    static int with(Connection connection, Deliveries deliveries, int now) {
        int publish = connection.publishes.remainingMillis(now);
        if (publish <= 0) {
            return over(connection, GateCounter.PUBLISHES_TIMED_OUT, DisconnectCause.SERVER_BUSY);
        }
        int acknowledge = Integer.MAX_VALUE;
        if (deliveries != null) {
            acknowledge = deliveries.remainingMillis(now);
            if (acknowledge <= 0) {
                return over(
                        connection, GateCounter.ACKNOWLEDGEMENTS_TIMED_OUT, DisconnectCause.ACKNOWLEDGEMENT_TIMEOUT);
            }
            deliveries.trim();
            connection.filters().forgetRoutes();
        }
        return Math.min(Math.min(publish, acknowledge), listening(connection, now));
    }

    private static int listening(Connection connection, int now) {
        if (connection.reader.held()) {
            int paused = connection.reader.pausePatienceMillis(now);
            return paused > 0
                    ? paused
                    : over(connection, GateCounter.READS_PAUSED_TOO_LONG, DisconnectCause.QUOTA_EXCEEDED);
        }
        int silence = connection.reader.silencePatienceMillis(now);
        return silence > 0
                ? silence
                : over(connection, GateCounter.KEEP_ALIVE_TIMEOUTS, DisconnectCause.KEEP_ALIVE_TIMEOUT);
    }

    /**
     * How much longer to wait for a client whose CONNECT is not answered, and the end of its connection when that time
     * is over.
     */
    static int beforeConnack(Connection connection, int now) {
        int patience = connectMillis(connection) - (now - connection.openedMillis);
        if (patience > 0) {
            return patience;
        }
        connection.count(GateCounter.CONNECTS_TIMED_OUT);
        if (connection.admission == null) {
            connection.end(DisconnectCause.CONNECTION_LOST);
        } else {
            connection.admission.timedOut();
        }
        return connection.gate.config.deadlines().closeMillis();
    }

    /** How long the end of a connection may still take, and what is done when that time is over. */
    static int ending(Connection connection, int now) {
        int closeMillis = connection.gate.config.deadlines().closeMillis();
        int patience = closeMillis - (now - connection.endingSince);
        if (patience > 0) {
            return patience;
        }
        if (connection.isClosed()) {
            // Moquette never answered the CONNECT, so it knows nothing of this connection.
            connection.moquette().abandon();
            connection.gone();
            return Integer.MAX_VALUE;
        }
        connection.channel.close();
        connection.endingSince = now;
        return closeMillis;
    }

    /** From accepting the socket until CONNECT is complete, then until it is answered. */
    static int connectMillis(Connection connection) {
        int answered = connection.gate.config.deadlines().connectMillis();
        return connection.awaitsConnect()
                ? Math.min(answered, connection.gate.flood().handshakes().millisMax())
                : answered;
    }

    /** Deadlines that were stopped while reading was held run again. */
    static void watchIdle(Connection connection) {
        int keepAlive = connection.client().keepAliveMillis();
        if (connection.connected() && (keepAlive > 0 || connection.deliveriesOrNull() != null)) {
            int acknowledge = connection.gate.config.deadlines().acknowledgeMillis();
            connection.watch(keepAlive > 0 ? Math.min(keepAlive, acknowledge) : acknowledge);
        }
    }

    private static int over(Connection connection, GateCounter counter, DisconnectCause why) {
        connection.count(counter);
        connection.end(why);
        return connection.gate.config.deadlines().closeMillis();
    }

    private ClientDeadlines() {}
}
