package io.hongyan.broker.server;

import io.hongyan.broker.hook.ResumeRequest;
import io.hongyan.broker.hook.ResumeRequest.Granted;
import io.hongyan.broker.hook.ResumeVerdict;

/**
 * Handles a connection when the node becomes unreachable, comes back, or accepts no more for a while. On its event
 * loop.
 */
final class NodeChange {
    /** The node will not answer open questions, and is told nothing any more. */
    static void away(Connection connection) {
        connection.asked = false;
        connection.resumption = null;
        if (connection.connected()) {
            connection.awaitsNode = true;
            connection.publishes.nodeAway();
            if (connection.deliveriesOrNull() != null) {
                connection.deliveriesOrNull().forgetTokens();
            }
        } else if (connection.admission != null && !connection.ended()) {
            connection.admission.nodeAway();
        }
    }

    /** @return whether {@link #answered} will be called */
    static boolean announce(Connection connection) {
        if (!connection.awaitsNode || connection.ended()) {
            return false;
        }
        ClientProfile client = connection.client();
        connection.asked = true;
        connection.resumption = new Resumption(connection);
        connection.resumption.begin(new ResumeRequest(
                connection.id,
                client.clientId(),
                AddressCounts.of(connection.channel),
                client.protocolLevel(),
                connection.sessionExpirySeconds,
                client.receiveMaximum(),
                client.packetBytesMax(),
                new Granted(connection.filters().all(), client.messaging(), client.resume()),
                connection.gate.timeOf(connection.reader.lastPacketMillis())));
        return true;
    }

    /** A node that was asked and has gone since may still answer. */
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
        connection.awaitsNode = false;
        connection.count(GateCounter.CONNECTIONS_RESUMED);
        connection.publishes.askAgain();
        if (connection.subscription != null) {
            connection.subscription.askAgain();
        }
        connection.reader.release(PacketReader.NODE);
        connection.touch();
    }

    /** Whether the node may be asked now; if not, reading stops until it may. */
    static boolean mayAsk(Connection connection) {
        if (!connection.awaitsNode && !connection.gate.nodeFull) {
            return true;
        }
        connection.reader.hold(PacketReader.NODE);
        if (!connection.awaitsNode) {
            connection.loop.waitForRoom(connection);
        }
        return false;
    }

    static void roomy(Connection connection) {
        if (!connection.awaitsNode) {
            connection.reader.release(PacketReader.NODE);
            connection.touch();
        }
    }

    private NodeChange() {}
}
