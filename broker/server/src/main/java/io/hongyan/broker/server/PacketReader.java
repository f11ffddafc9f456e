package io.hongyan.broker.server;

import io.hongyan.broker.hook.DisconnectCause;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;

/**
 * Cuts the byte stream of one client into MQTT packets and stops doing so whenever the gate holds the connection. What
 * came too early stays here as bytes, at most one read of the socket and one packet. Stands where Netty's MQTT decoder
 * stood first; only the packets that need the full decoder go on to it.
 */
final class PacketReader extends ChannelInboundHandlerAdapter {
    private static final int HEADER_BYTES_MAX = 5;
    private static final int COMPACT_BYTES = 4_096;

    private final Connection connection;
    private ByteBuf pending;
    private boolean reading;
    private boolean readOff;

    PacketReader(Connection connection) {
        this.connection = connection;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        connection.wire = context;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        // Moquette learns of the connection when it is to take part in it.
        connection.opened();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof ByteBuf bytes)) {
            ReferenceCountUtil.release(message);
            connection.end(DisconnectCause.MALFORMED_PACKET);
            return;
        }
        connection.bytesRead(bytes.readableBytes());
        if (connection.ended()) {
            connection.gate.counters.increment(GateCounter.PACKETS_AFTER_END);
            bytes.release();
            return;
        }
        if (pending == null) {
            pending = bytes;
        } else {
            compact();
            pending.writeBytes(bytes);
            bytes.release();
            bytes = null;
        }
        process();
        keepRest(bytes);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        connection.readComplete();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        discard();
        connection.inactive();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        connection.writabilityChanged();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        connection.failed(cause);
    }

    /** Goes on after the last reason to hold has gone. */
    void resume() {
        if (reading) {
            return;
        }
        if (pending != null && !connection.ended()) {
            process();
            keepRest(null);
            connection.touch();
        }
        if (readOff && !connection.held() && !connection.ended()) {
            readOff = false;
            connection.channel.config().setAutoRead(true);
        }
    }

    void discard() {
        if (pending != null && !reading) {
            pending.release();
            pending = null;
        }
    }

    private void process() {
        reading = true;
        int packets = 0;
        try {
            while (!connection.held() && !connection.ended() && next()) {
                packets++;
            }
        } finally {
            reading = false;
        }
        connection.packetsRead(packets);
    }

    /** Keeps what could not be read yet; never a socket buffer, which is far larger than what is left in it. */
    private void keepRest(ByteBuf socketBuffer) {
        if (connection.ended() || !pending.isReadable()) {
            pending.release();
            pending = null;
            return;
        }
        if (socketBuffer != null) {
            ByteBuf rest = connection.channel.alloc().buffer(socketBuffer.readableBytes());
            rest.writeBytes(socketBuffer);
            socketBuffer.release();
            pending = rest;
        }
        if (connection.held() && !readOff) {
            readOff = true;
            connection.gate.counters.increment(GateCounter.READS_PAUSED);
            connection.channel.config().setAutoRead(false);
        }
    }

    private void compact() {
        if (pending.readerIndex() > COMPACT_BYTES) {
            pending.discardReadBytes();
        }
    }

    /** Reads one packet; false where there is no whole one, or where it has to wait. */
    private boolean next() {
        ByteBuf in = pending;
        int start = in.readerIndex();
        int end = in.writerIndex();
        int length = 0;
        int position = start + 1;
        while (true) {
            if (position >= end) {
                return false;
            }
            if (position - start == HEADER_BYTES_MAX) {
                connection.malformed();
                return false;
            }
            byte digit = in.getByte(position);
            length |= (digit & 0x7F) << 7 * (position - start - 1);
            position++;
            if (digit >= 0) {
                break;
            }
        }
        int total = position - start + length;
        if (total > connection.gate.config.packets().packetBytesMax()) {
            connection.tooLarge();
            return false;
        }
        if (end - start < total) {
            return false;
        }
        in.readerIndex(start + total);
        if (connection.packet(in, start, total, position, length)) {
            return true;
        }
        in.readerIndex(start);
        return false;
    }
}
