package io.hongyan.broker.server;

import io.hongyan.broker.hook.DisconnectCause;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;

/**
 * Cuts the byte stream of one client into MQTT packets and stops while the gate holds the connection. Bytes that came
 * too early are kept, at most one read of the socket and one packet. A packet is decoded only after it was cut: a
 * length inside it that exceeds the packet ends the connection.
 */
final class PacketReader extends ChannelInboundHandlerAdapter {
    // Reasons to hold.
    static final int CONNECT = 1;
    static final int SUBSCRIBE = 2;
    static final int MOQUETTE = 4;
    static final int UNANSWERED = 8;
    static final int UNWRITABLE = 16;
    static final int RATE = 32;
    static final int LEAVING = 64;
    static final int NODE = 128;
    static final int COMMANDS = 256;

    private static final int HEADER_BYTES_MAX = 5;
    private static final int COMPACT_BYTES = 4_096;
    /** How fast the bytes of a packet must come at least to keep its connection alive. */
    private static final int BYTES_PER_SECOND_MIN = 1_024;
    /** Header and mask of a short frame of WebSocket. */
    private static final int FRAME_BYTES = 6;
    /** Used instead of a keep-alive for a client that has none, while one of its packets is incomplete. */
    private static final int PACKET_MILLIS = 90_000;

    private final Connection connection;
    private final Gate gate;
    private ClientProfile client = ClientProfile.UNKNOWN;
    private ByteBuf pending;
    private final PacketRate rate;
    private int holds;
    private int heldSinceMillis;
    private int lastPacketMillis;
    private int resumedMillis;
    private int lastBytesMillis;
    private int pendingSinceMillis;
    private int droppedBytes;
    private boolean cutting;
    private boolean readOff;

    PacketReader(Connection connection) {
        this.connection = connection;
        this.gate = connection.gate;
        this.rate = new PacketRate(connection);
        this.lastPacketMillis = gate.now();
        this.resumedMillis = lastPacketMillis;
    }

    void client(ClientProfile known) {
        client = known;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        connection.wire = context;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        // Moquette is told of the connection when it is needed.
        connection.watch(ClientDeadlines.connectMillis(connection));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof ByteBuf bytes)) {
            ReferenceCountUtil.release(message);
            connection.end(DisconnectCause.MALFORMED_PACKET);
            return;
        }
        if (connection.ended()) {
            connection.count(GateCounter.PACKETS_AFTER_END);
            droppedBytes += bytes.readableBytes();
            bytes.release();
            if (droppedBytes > LingeringClose.BYTES_MAX) {
                connection.channel.close();
            }
            return;
        }
        long now = gate.nowMillis();
        lastBytesMillis = (int) now;
        connection.readStarts();
        int read = bytes.readableBytes();
        if (pending == null) {
            pending = bytes;
        } else {
            compact();
            pending.writeBytes(bytes);
            bytes.release();
            bytes = null;
        }
        cut(read, now);
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
        if (context.channel().isWritable()) {
            release(UNWRITABLE);
        } else {
            hold(UNWRITABLE);
        }
        MoquetteLink moquette = connection.moquetteOrNull();
        if (moquette != null) {
            moquette.writabilityChanged();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        Ending.failed(connection, cause);
    }

    /** A WebSocket frame with nothing for {@link #cut}; it is counted, and slows a client that sends too many. */
    void frameWithoutPacket(int bytes) {
        if (!connection.ended()) {
            rate.received(1, FRAME_BYTES + bytes, gate.nowMillis());
            stopReading();
        }
    }

    /** Bytes that have come too early; approximately, from any thread. */
    int pendingBytes() {
        ByteBuf kept = pending;
        return kept == null ? 0 : kept.capacity();
    }

    int lastPacketMillis() {
        return lastPacketMillis;
    }

    /** Nothing that has come will be read any more. */
    void discard() {
        if (pending != null) {
            pending.release();
            pending = null;
        }
    }

    /**
     * Milliseconds until the client counts as silent. The bytes of a long packet count as activity too, if they come at
     * no less than {@link #BYTES_PER_SECOND_MIN}. Without keep-alive a client may be silent, but not within a packet.
     */
    int silencePatienceMillis(int nowMillis) {
        int unread = pending == null ? 0 : pending.readableBytes();
        int keepAlive = client.keepAliveMillis();
        int since = lastPacketMillis;
        if (keepAlive == 0) {
            if (unread == 0) {
                return Integer.MAX_VALUE;
            }
            keepAlive = PACKET_MILLIS;
            since = pendingSinceMillis - since > 0 ? pendingSinceMillis : since;
        }
        long ofPacket = keepAlive + unread * 1_000L / BYTES_PER_SECOND_MIN - (nowMillis - since);
        return (int) Math.min(ofPacket, unread == 0 ? ofPacket : keepAlive - (nowMillis - lastBytesMillis));
    }

    /** When reading last continued after a hold. */
    int resumedMillis() {
        return resumedMillis;
    }

    // ---- holding

    void hold(int reason) {
        if (holds == 0) {
            heldSinceMillis = gate.now();
            connection.watch(gate.config.deadlines().readPausedMillis());
        }
        holds |= reason;
    }

    void release(int reason) {
        if ((holds & reason) == 0) {
            return;
        }
        holds &= ~reason;
        if (holds == 0 && !connection.ended()) {
            // Silence does not count while the socket is not read.
            resumedMillis = gate.now();
            lastPacketMillis = resumedMillis;
            lastBytesMillis = resumedMillis;
            ClientDeadlines.watchIdle(connection);
            resume();
        }
    }

    boolean heldFor(int reason) {
        return (holds & reason) != 0;
    }

    boolean held() {
        return holds != 0;
    }

    /** Milliseconds this hold may still last. */
    int pausePatienceMillis(int nowMillis) {
        return gate.config.deadlines().readPausedMillis() - (nowMillis - heldSinceMillis);
    }

    private void resume() {
        if (cutting) {
            return;
        }
        if (pending != null) {
            cut(0, gate.nowMillis());
            keepRest(null);
            connection.touch();
        }
        if (readOff && !held() && !connection.ended()) {
            readOff = false;
            connection.channel.config().setAutoRead(true);
        }
    }

    // ---- cutting

    /** @param read bytes that have just come */
    private void cut(int read, long now) {
        cutting = true;
        int packets = 0;
        try {
            while (holds == 0 && !connection.ended() && next()) {
                packets++;
            }
        } finally {
            cutting = false;
        }
        if (packets > 0) {
            lastPacketMillis = (int) now;
        }
        if (read > 0 && connection.output.webSocket()) {
            // Each frame costs about as much as a packet, however small it is.
            rate.received(Math.max(packets, 1), FRAME_BYTES + read, now);
        } else {
            rate.received(packets, read, now);
        }
    }

    /** Keeps bytes that could not be read yet; never a socket buffer, which is far larger than the rest in it. */
    private void keepRest(ByteBuf socketBuffer) {
        if (connection.ended() || !pending.isReadable()) {
            pending.release();
            pending = null;
            return;
        }
        if (socketBuffer != null) {
            pendingSinceMillis = lastBytesMillis;
            pending = connection.channel.alloc().buffer(socketBuffer.readableBytes());
            pending.writeBytes(socketBuffer);
            socketBuffer.release();
        }
        if (client.keepAliveMillis() == 0) {
            connection.watch(PACKET_MILLIS);
        }
        stopReading();
    }

    private void stopReading() {
        if (held() && !readOff) {
            readOff = true;
            connection.count(paused());
            connection.channel.config().setAutoRead(false);
        }
    }

    /** For what the socket is not read; a limit before anything else. */
    private GateCounter paused() {
        if (heldFor(UNANSWERED)) {
            return GateCounter.READS_PAUSED_UNANSWERED;
        }
        if (heldFor(UNWRITABLE)) {
            return GateCounter.READS_PAUSED_UNSENT;
        }
        if (heldFor(RATE)) {
            return GateCounter.READS_PAUSED_RATE;
        }
        if (heldFor(COMMANDS)) {
            return GateCounter.READS_PAUSED_COMMANDS;
        }
        return heldFor(NODE) ? GateCounter.READS_PAUSED_NODE : GateCounter.READS_PAUSED_PACKET;
    }

    private void compact() {
        if (pending.readerIndex() > COMPACT_BYTES) {
            pending.discardReadBytes();
        }
    }

    /** Reads one packet; false if there is no whole one, or if it must wait. */
    private boolean next() {
        ByteBuf in = pending;
        int start = in.readerIndex();
        int end = in.writerIndex();
        int length = 0;
        int position = start + 1;
        byte digit;
        do {
            if (position >= end) {
                return false;
            }
            if (position - start == HEADER_BYTES_MAX) {
                return connection.refuse(PacketFault.LENGTH);
            }
            digit = in.getByte(position);
            length |= (digit & 0x7F) << 7 * (position - start - 1);
            position++;
        } while (digit < 0);
        PacketFault fault = ClientPackets.headerFault(connection, in.getByte(start) & 0xFF);
        if (fault != null) {
            return connection.refuse(fault);
        }
        int total = position - start + length;
        if (total > connection.packetBytesMax()) {
            connection.count(GateCounter.PACKETS_TOO_LARGE);
            return connection.end(DisconnectCause.PACKET_TOO_LARGE);
        }
        if (end - start < total) {
            return false;
        }
        in.readerIndex(start + total);
        boolean padded = digit == 0 && position - start > 2;
        Frame frame = connection.loop.frame.open(in, start, position, length, padded, client.v5());
        if (ClientPackets.read(connection, frame)) {
            return true;
        }
        in.readerIndex(start);
        return false;
    }
}
