package io.hongyan.broker.server;

import java.net.InetAddress;

/**
 * Whose share of the stores of generic MQTT something counts for: a user's, or, where the node answers for no user, that of the
 * client's address.
 */
record Owner(String user, InetAddress address) {
    /** Null if only the totals hold: for networks without limits by address. */
    static Owner of(Connection connection, String user) {
        if (user != null) {
            return new Owner(user, null);
        }
        return connection.gate.addresses.limits(connection.channel) ? new Owner(null, connection.address) : null;
    }
}
