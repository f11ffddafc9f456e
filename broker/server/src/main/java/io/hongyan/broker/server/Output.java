package io.hongyan.broker.server;

import io.hongyan.broker.hook.DisconnectCause;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;

/**
 * What one connection writes: everything of one turn of the event loop is collected in one buffer and sent in one
 * flush.
 */
final class Output {
    private static final int BYTES_MIN = 256;
    private static final int BYTES_EXPECTED_MAX = 32 << 10;

    private final Connection connection;
    private final Gate gate;
    private final boolean webSocket;
    private ByteBuf gathered;
    private boolean mustFlush;
    private boolean lastWritten;
    private int writeNumber;
    /** Bytes of recent turns: growing a buffer copies it. */
    private int bytesExpected = BYTES_MIN;

    Output(Connection connection, boolean webSocket) {
        this.connection = connection;
        this.gate = connection.gate;
        this.webSocket = webSocket;
    }

    ByteBuf buffer() {
        if (gathered == null) {
            gathered = connection.channel.alloc().directBuffer(bytesExpected);
            connection.touch();
        }
        return gathered;
    }

    boolean isEmpty() {
        return gathered == null;
    }

    /** Number of the write that will include the bytes collected now. */
    int nextWriteNumber() {
        return writeNumber + 1;
    }

    private void write() {
        if (gathered == null) {
            return;
        }
        ByteBuf bytes = gathered;
        gathered = null;
        mustFlush = true;
        expect(bytes.readableBytes());
        ChannelHandlerContext wire = connection.wire;
        Deliveries deliveries = connection.deliveriesOrNull();
        if (deliveries != null && deliveries.awaitsWrite()) {
            int number = ++writeNumber;
            wire.write(bytes).addListener(done -> {
                if (done.isSuccess()) {
                    connection.attempt(() -> deliveries.written(number));
                } else {
                    Ending.failed(connection, done.cause());
                }
            });
        } else if (webSocket) {
            // The WebSocket handlers fail promises, which a void promise does not allow. Bytes that could not be
            // written end the connection, as they would be lost without a trace otherwise.
            wire.write(bytes).addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
        } else {
            wire.write(bytes, wire.voidPromise());
        }
    }

    /**
     * Whether droppable packets are to be written: false while the client does not read fast enough. The limit is the
     * lower mark of the write buffer, so that droppable bytes alone never stop the reading of a socket, which ends a
     * connection after a while.
     */
    boolean hasRoom() {
        BrokerConfig.FlowLimits flow = connection.flow();
        long unsent = flow.writeBufferHighBytes() - connection.channel.bytesBeforeUnwritable();
        return unsent + (gathered == null ? 0 : gathered.readableBytes()) <= flow.writeBufferLowBytes();
    }

    /** Passes many bytes on before the turn ends, because others check whether the channel is writable. */
    void writeIfMuch() {
        if (gathered != null && gathered.readableBytes() >= BYTES_EXPECTED_MAX) {
            write();
        }
    }

    void flush() {
        write();
        if (mustFlush) {
            mustFlush = false;
            connection.wire.flush();
            checkBacklog();
        }
    }

    /** The last bytes of the connection; completes when they were sent or failed. */
    ChannelFuture writeLast() {
        lastWritten = true;
        ByteBuf bytes = gathered;
        gathered = null;
        return connection.wire.writeAndFlush(bytes);
    }

    /** Whether something was written for a client whose connection ends. */
    boolean lastWritten() {
        return lastWritten;
    }

    boolean webSocket() {
        return webSocket;
    }

    void discard() {
        if (gathered != null) {
            gathered.release();
            gathered = null;
        }
    }

    private void expect(int written) {
        if (written > bytesExpected) {
            bytesExpected = Math.min(BYTES_EXPECTED_MAX, Integer.highestOneBit(written) << 1);
        } else if (written < bytesExpected >> 2 && bytesExpected > BYTES_MIN) {
            bytesExpected >>= 1;
        }
    }

    private void checkBacklog() {
        if (!connection.channel.isWritable()
                && connection.channel.bytesBeforeWritable()
                        > gate.limits().flow().outboundBytesMax()) {
            connection.count(GateCounter.SLOW_READERS);
            connection.cut(DisconnectCause.QUOTA_EXCEEDED, null, null);
        }
    }
}
