package io.hongyan.broker.server;

import io.hongyan.broker.hook.DisconnectCause;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Counts the bytes a socket sends before its CONNECT is complete, as they come from the network: handshakes, headers
 * and frames included. It is first in the pipeline and is removed when CONNECT has come.
 */
final class HandshakeBytes extends ChannelInboundHandlerAdapter {
    private final Connection connection;
    private int received;

    HandshakeBytes(Connection connection) {
        this.connection = connection;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof ByteBuf bytes) {
            received += bytes.readableBytes();
        }
        context.fireChannelRead(message);
        if (!connection.awaitsConnect()) {
            context.pipeline().remove(this);
            return;
        }
        if (received > connection.gate.flood().handshakes().bytesPerSocketMax()) {
            connection.count(GateCounter.HANDSHAKES_TOO_LARGE);
            connection.cut(DisconnectCause.PACKET_TOO_LARGE, EndLog.SENT_TOO_MUCH, null);
        } else if (received > HandshakeBudget.SOCKET_BYTES) {
            connection.gate.handshakes.received(connection, received);
        }
    }
}
