package io.hongyan.broker.server;

import io.hongyan.broker.hook.ResumeRequest;
import io.hongyan.broker.hook.ResumeRequest.Granted;
import io.hongyan.broker.hook.ResumeVerdict;

/**
 * Handles a connection when the host becomes unreachable, comes back, or accepts no more for a while. On its event
 * loop.
 */
final class HostChange {
    /** The host will not answer open questions, and is told nothing any more. */
    static void away(Connection connection) {
        connection.asked = false;
        connection.resumption = null;
        if (connection.connected()) {
            connection.awaitsHost = true;
            connection.publishes.hostAway();
            if (connection.deliveriesOrNull() != null) {
                connection.deliveriesOrNull().forgetTokens();
            }
        } else if (connection.admission != null && !connection.ended()) {
            connection.admission.hostAway();
        }
    }

    /** @return whether {@link #answered} will be called */
    static boolean announce(Connection connection) {
        if (!connection.awaitsHost || connection.ended()) {
            return false;
        }
        ClientProfile client = connection.client();
        connection.asked = true;
        connection.resumption = new Resumption(connection);
        connection.resumption.begin(new ResumeRequest(
                connection.id,
                client.clientId(),
                Addresses.of(connection.channel),
                client.protocolLevel(),
                connection.sessionExpirySeconds,
                client.receiveMaximum(),
                client.packetBytesMax(),
                new Granted(connection.filters().all(), client.messaging(), client.resume()),
                connection.gate.timeOf(connection.reader.lastPacketMillis())));
        return true;
    }

    /** A host that was asked and has gone since may still answer. */
    static void answered(Connection connection, Resumption announced, ResumeVerdict verdict) {
        if (connection.resumption != announced) {
            return;
        }
        connection.resumption = null;
        connection.loop.resumedOne();
        if (connection.ended()) {
            return;
        }
        if (verdict instanceof ResumeVerdict.Close close) {
            connection.disconnect(close.cause());
            return;
        }
        connection.awaitsHost = false;
        connection.count(GateCounter.CONNECTIONS_RESUMED);
        connection.publishes.askAgain();
        if (connection.subscription != null) {
            connection.subscription.askAgain();
        }
        connection.reader.release(PacketReader.HOST);
        connection.touch();
    }

    /** Whether the host may be asked now; if not, reading stops until it may. */
    static boolean mayAsk(Connection connection) {
        if (!connection.awaitsHost && !connection.gate.hostFull) {
            return true;
        }
        connection.reader.hold(PacketReader.HOST);
        if (!connection.awaitsHost) {
            connection.loop.waitForRoom(connection);
        }
        return false;
    }

    static void roomy(Connection connection) {
        if (!connection.awaitsHost) {
            connection.reader.release(PacketReader.HOST);
            connection.touch();
        }
    }

    private HostChange() {}
}
