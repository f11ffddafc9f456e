package io.hongyan.bench.mqtt;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** One client connection; every method is called on the thread of its {@link MqttLoop}. */
public final class ClientConnection {
    /** Above this many waiting bytes {@link #writable} is false. */
    static final int OUTPUT_SOFT_BYTES = 128 << 10;
    /** Above this many waiting bytes the connection is closed: the server has stopped reading. */
    static final int OUTPUT_BYTES_MAX = 4 << 20;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final double PING_AT_PART_OF_KEEP_ALIVE = 0.9;

    /** The position of this connection in the loop's list; below 0 if it is not in it. */
    int position = -1;

    private final MqttLoop loop;
    private final ConnectionSettings settings;
    private final ConnectionHandler handler;
    private final PartialPacket partial = new PartialPacket();
    private final PacketSink packets = new Packets();

    private SocketChannel channel;
    private SelectionKey key;
    private ByteBuffer output;
    private boolean dirty;
    private boolean waitsForRoom;
    private boolean open = true;
    private boolean accepted;
    private boolean pingUnanswered;
    private long pingIntervalNanos;
    private long nextPingNanos = Long.MAX_VALUE;

    ClientConnection(MqttLoop loop, ConnectionSettings settings, ConnectionHandler handler) {
        this.loop = loop;
        this.settings = settings;
        this.handler = handler;
    }

    public ConnectionSettings settings() {
        return settings;
    }

    public boolean isOpen() {
        return open;
    }

    /** False when so many bytes wait to be written that the caller should pause until told otherwise. */
    public boolean writable() {
        boolean room = output == null || output.position() < OUTPUT_SOFT_BYTES;
        waitsForRoom |= !room;
        return room && open;
    }

    /**
     * Publishes; the bytes are sent at the end of the loop's turn.
     *
     * @param packetId ignored at QoS 0
     * @param payload copied before the call returns
     */
    public void publish(byte[] topicUtf8, int qos, boolean duplicate, int packetId, byte[] payload, int length) {
        if (prepare(PacketEncoder.publishBytes(topicUtf8.length, length))) {
            PacketEncoder.publish(output, topicUtf8, qos, duplicate, packetId, payload, length);
        }
    }

    public void pubAck(int packetId) {
        if (prepare(PacketEncoder.PUBACK_BYTES)) {
            PacketEncoder.pubAck(output, packetId);
        }
    }

    public void subscribe(int packetId, String filter, int qos) {
        if (prepare(PacketEncoder.filterBytes(filter))) {
            PacketEncoder.subscribe(output, packetId, filter, qos);
        }
    }

    public void unsubscribe(int packetId, String filter) {
        if (prepare(PacketEncoder.filterBytes(filter))) {
            PacketEncoder.unsubscribe(output, packetId, filter);
        }
    }

    /** Sends DISCONNECT and closes. */
    public void disconnect() {
        if (prepare(PacketEncoder.EMPTY_PACKET_BYTES)) {
            PacketEncoder.disconnect(output);
            flush();
            close();
        }
    }

    /** Closes the socket without DISCONNECT. */
    public void close() {
        end(ConnectionEnd.Cause.CLOSED_HERE, "closed by this client");
    }

    // ---- what the loop calls ----

    void start(Selector selector) {
        try {
            channel = SocketChannel.open();
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            if (settings.source() != null) {
                channel.bind(settings.source());
            }
            boolean atOnce = channel.connect(settings.server());
            key = channel.register(selector, SelectionKey.OP_CONNECT, this);
            if (atOnce) {
                established();
            }
        } catch (IOException e) {
            end(ConnectionEnd.Cause.NETWORK, String.valueOf(e.getMessage()));
        }
    }

    private void established() {
        key.interestOps(SelectionKey.OP_READ);
        if (prepare(PacketEncoder.connectBytes(settings))) {
            PacketEncoder.connect(output, settings);
        }
    }

    void ready(int operations, ByteBuffer readBuffer, PacketDecoder decoder) {
        try {
            if ((operations & SelectionKey.OP_CONNECT) != 0 && channel.finishConnect()) {
                established();
            }
            if ((operations & SelectionKey.OP_READ) != 0) {
                read(readBuffer, decoder);
            }
            if (open && (operations & SelectionKey.OP_WRITE) != 0) {
                flush();
            }
        } catch (IOException e) {
            end(ConnectionEnd.Cause.NETWORK, String.valueOf(e.getMessage()));
        } catch (ProtocolViolation e) {
            end(ConnectionEnd.Cause.PROTOCOL, e.getMessage());
        }
    }

    private void read(ByteBuffer in, PacketDecoder decoder) throws IOException {
        in.clear();
        partial.restoreTo(in);
        int count = channel.read(in);
        if (count < 0) {
            end(ConnectionEnd.Cause.CLOSED_BY_SERVER, accepted ? "end of stream" : "end of stream before CONNACK");
            return;
        }
        in.flip();
        decoder.decode(in, packets);
        if (open) {
            partial.keepRestOf(in);
        }
    }

    /** Writes waiting bytes; what the socket does not accept stays and is written when it does. */
    void flush() {
        dirty = false;
        if (!open || output == null || !channel.isConnected()) {
            return;
        }
        try {
            output.flip();
            channel.write(output);
            if (output.hasRemaining()) {
                output.compact();
                key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
            } else {
                loop.buffers().giveBack(output);
                output = null;
                if (key.interestOps() != SelectionKey.OP_READ) {
                    key.interestOps(SelectionKey.OP_READ);
                }
            }
        } catch (IOException e) {
            end(ConnectionEnd.Cause.NETWORK, String.valueOf(e.getMessage()));
            return;
        }
        if (waitsForRoom && writable()) {
            waitsForRoom = false;
            handler.writable(this);
        }
    }

    void pingIfDue(long nowNanos) {
        if (nowNanos < nextPingNanos) {
            return;
        }
        if (pingUnanswered) {
            end(ConnectionEnd.Cause.SILENCE, "no PINGRESP in " + settings.keepAliveSeconds() + " s");
            return;
        }
        nextPingNanos = nowNanos + pingIntervalNanos;
        pingUnanswered = true;
        if (prepare(PacketEncoder.EMPTY_PACKET_BYTES)) {
            PacketEncoder.pingReq(output);
        }
    }

    void end(ConnectionEnd.Cause cause, String detail) {
        if (!open) {
            return;
        }
        open = false;
        if (output != null) {
            loop.buffers().giveBack(output);
            output = null;
        }
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // The connection ends either way.
        }
        loop.forget(this);
        handler.closed(this, new ConnectionEnd(cause, detail));
    }

    /** Makes space in the output; false if the connection is closed, also by this call. */
    private boolean prepare(int bytes) {
        if (!open) {
            return false;
        }
        if (output == null) {
            output = loop.buffers().take(bytes);
        } else if (output.remaining() < bytes) {
            if (output.position() + bytes > OUTPUT_BYTES_MAX) {
                end(ConnectionEnd.Cause.OVERFLOW, OUTPUT_BYTES_MAX + " bytes wait to be written");
                return false;
            }
            output = loop.buffers().grow(output, bytes);
        }
        if (!dirty) {
            dirty = true;
            loop.flushLater(this);
        }
        return true;
    }

    private final class Packets implements PacketSink {
        @Override
        public void connAck(boolean sessionPresent, int code) {
            if (code != 0) {
                end(ConnectionEnd.Cause.REFUSED, "CONNACK " + code);
                return;
            }
            accepted = true;
            if (settings.keepAliveSeconds() > 0) {
                pingIntervalNanos =
                        (long) (settings.keepAliveSeconds() * PING_AT_PART_OF_KEEP_ALIVE * NANOS_PER_SECOND);
                // The first PING is at a point of the interval that differs per client: thousands connect at once and
                // must not ping at once.
                long phase = Integer.toUnsignedLong(settings.clientId().hashCode() * 0x9E3779B9);
                nextPingNanos = loop.nowNanos() + (long) (pingIntervalNanos * (phase / 0x1p32));
            }
            handler.connected(ClientConnection.this, sessionPresent);
        }

        @Override
        public void publish(IncomingPublish publish) {
            handler.received(ClientConnection.this, publish);
        }

        @Override
        public void pubAck(int packetId) {
            handler.acknowledged(ClientConnection.this, packetId);
        }

        @Override
        public void subAck(int packetId, int code) {
            handler.subscribed(ClientConnection.this, packetId, code);
        }

        @Override
        public void unsubAck(int packetId) {
            handler.subscribed(ClientConnection.this, packetId, 0);
        }

        @Override
        public void pingResp() {
            pingUnanswered = false;
        }

        @Override
        public boolean wantsMore() {
            return open;
        }
    }
}
