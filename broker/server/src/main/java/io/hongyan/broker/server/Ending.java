package io.hongyan.broker.server;

import io.hongyan.broker.hook.DisconnectCause;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** How a connection ends: what is still sent to its client, and when its socket closes. On its event loop. */
final class Ending {
    private static final long LINGER_MILLIS = 300;

    /**
     * Sends what is to be written, then DISCONNECT for MQTT 5, then closes the socket.
     *
     * @param text a sentence for the client, null = none
     * @return false, for callers that have nothing more to do with the connection then
     */
    static boolean begin(Connection connection, DisconnectCause why, String text) {
        if (connection.ended()) {
            return false;
        }
        tell(connection, why, text);
        connection.startEnding(why, null, null);
        Output output = connection.output;
        if (connection.lingers()) {
            if (!output.isEmpty()) {
                output.writeLast();
            }
            connection
                    .channel
                    .eventLoop()
                    .schedule(() -> connection.attempt(() -> close(connection)), LINGER_MILLIS, TimeUnit.MILLISECONDS);
        } else if (output.isEmpty()) {
            close(connection);
        } else {
            output.writeLast().addListener(done -> connection.loop.post(new ConnectionMail(connection, Ending::close)));
        }
        return false;
    }

    /** A client that has sent DISCONNECT gets nothing more. */
    private static void tell(Connection connection, DisconnectCause why, String text) {
        boolean hears = connection.connected()
                && connection.client().v5()
                && why != DisconnectCause.CLIENT_DISCONNECTED
                && why != DisconnectCause.CONNECTION_LOST;
        if (hears) {
            String elsewhere =
                    why == DisconnectCause.USE_ANOTHER_SERVER ? connection.gate.draining.serverReference() : null;
            PacketWriter.disconnect(
                    connection.out(),
                    why.reasonCode(),
                    text,
                    elsewhere,
                    connection.client().packetBytesMax());
        }
    }

    /** Closes the socket of an ended connection in a way that lets the client read the last bytes. */
    static void close(Connection connection) {
        if (!connection.isClosed()
                && !connection.isGone()
                && connection.output.lastWritten()
                && connection.channel.isActive()
                && !entersMoquette(connection)) {
            connection.leave();
            LingeringClose.begin(connection);
        } else {
            closeSocket(connection);
        }
    }

    /** At once, unless Moquette is just processing the CONNECT: it would never clean up after a lost CONNACK. */
    static void closeSocket(Connection connection) {
        if (!entersMoquette(connection)) {
            connection.channel.close();
        }
    }

    private static boolean entersMoquette(Connection connection) {
        MoquetteLink moquette = connection.moquetteOrNull();
        return moquette != null && moquette.entering();
    }

    /** Reading or writing has failed. */
    static void failed(Connection connection, Throwable failure) {
        if (failure instanceof CorruptedWebSocketFrameException frame
                && frame.closeStatus().equals(WebSocketCloseStatus.MESSAGE_TOO_BIG)) {
            connection.count(GateCounter.PACKETS_TOO_LARGE);
        }
        if (failure instanceof IOException || failure instanceof DecoderException) {
            if (!connection.ended()) {
                connection.gate.connectionFailed(connection.id, failure);
            }
            connection.cut(DisconnectCause.CONNECTION_LOST, null, null);
        } else {
            connection.taskFailed(failure);
        }
    }

    private Ending() {}
}
