package io.hongyan.bench.chaos.run;

import io.hongyan.bench.chaos.run.Links.State;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;

/** One connection over a link: two sockets, and the bytes on their way from one to the other. On the links' thread. */
final class LinkedPair {
    static final long SLOW_TICK_MILLIS = 10;

    private static final int CHUNK_BYTES = 16 << 10;
    private static final int WAITING_BYTES_MAX = 256 << 10;
    private static final long SLOW_DELAY_NANOS = 80_000_000L;
    private static final long SLOW_BYTES_PER_SECOND = 64 << 10;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final Links.Link link;
    private final Side asking;
    private final Side answering;
    private Selector selector;
    private boolean reached;
    private boolean over;

    LinkedPair(Links.Link link, SocketChannel accepted) throws IOException {
        this.link = link;
        asking = new Side(accepted);
        answering = new Side(SocketChannel.open());
        asking.other = answering;
        answering.other = asking;
    }

    /** Bytes that must not be passed on before their time; null bytes are the end of the stream. */
    private record Chunk(ByteBuffer bytes, long dueNanos) {}

    /** One socket, and what was read from it. */
    final class Side {
        private final SocketChannel channel;
        private final Deque<Chunk> read = new ArrayDeque<>();
        private SelectionKey key;
        private Side other;
        private int waitingBytes;
        private long lastDueNanos;
        private boolean connected;
        private boolean readToEnd;
        private boolean shut;

        private Side(SocketChannel channel) {
            this.channel = channel;
        }

        void ready() {
            try {
                if (key.isConnectable() && channel.finishConnect()) {
                    connected();
                }
                if (key.isValid() && key.isReadable()) {
                    read(System.nanoTime());
                }
                changed(System.nanoTime());
            } catch (IOException e) {
                reset();
            }
        }

        private void connected() {
            connected = true;
            reached = true;
            link.told(true);
        }

        private void read(long now) throws IOException {
            while (waitingBytes < WAITING_BYTES_MAX && !readToEnd) {
                ByteBuffer bytes = ByteBuffer.allocate(CHUNK_BYTES);
                int count = channel.read(bytes);
                if (count == 0) {
                    return;
                }
                if (count < 0) {
                    readToEnd = true;
                    read.add(new Chunk(null, lastDueNanos));
                } else {
                    waitingBytes += count;
                    lastDueNanos = dueNanos(now, count);
                    read.add(new Chunk(bytes.flip(), lastDueNanos));
                }
            }
        }

        private long dueNanos(long now, int bytes) {
            if (link.state() != State.SLOW) {
                return now;
            }
            return Math.max(now + SLOW_DELAY_NANOS, lastDueNanos) + bytes * NANOS_PER_SECOND / SLOW_BYTES_PER_SECOND;
        }

        /** Passes on bytes from the other side, as far as their time has come and the socket accepts them. */
        private void write(long now) throws IOException {
            Deque<Chunk> waiting = other.read;
            boolean slow = link.state() == State.SLOW;
            while (!waiting.isEmpty() && (!slow || waiting.peek().dueNanos() <= now)) {
                ByteBuffer bytes = waiting.peek().bytes();
                if (bytes == null) {
                    channel.shutdownOutput();
                    shut = true;
                } else {
                    other.waitingBytes -= channel.write(bytes);
                    if (bytes.hasRemaining()) {
                        return;
                    }
                }
                waiting.remove();
            }
        }

        private void setInterest() {
            if (!key.isValid()) {
                return;
            }
            int interest = 0;
            if (!connected) {
                interest = SelectionKey.OP_CONNECT;
            } else if (link.state() != State.STALLED) {
                interest = readToEnd || waitingBytes >= WAITING_BYTES_MAX ? 0 : SelectionKey.OP_READ;
                // The timer handles what is not due yet.
                if (!other.read.isEmpty() && link.state() != State.SLOW) {
                    interest |= SelectionKey.OP_WRITE;
                }
            }
            key.interestOps(interest);
        }
    }

    void start(Selector with) {
        selector = with;
        try {
            prepare(asking.channel);
            prepare(answering.channel);
            asking.connected = true;
            asking.key = asking.channel.register(selector, 0, asking);
            boolean atOnce = answering.channel.connect(link.target());
            answering.key = answering.channel.register(selector, 0, answering);
            if (atOnce) {
                answering.connected();
            }
            changed(System.nanoTime());
        } catch (IOException e) {
            reset();
        }
    }

    private static void prepare(SocketChannel channel) throws IOException {
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }

    /** Moves what can be moved now. */
    void changed(long now) {
        if (over) {
            return;
        }
        try {
            if (link.state() != State.STALLED && answering.connected) {
                asking.write(now);
                answering.write(now);
            }
            if (asking.shut && answering.shut) {
                end();
                return;
            }
            asking.setInterest();
            answering.setInterest();
        } catch (IOException e) {
            reset();
        }
    }

    /** Both ends see that the connection was broken. */
    void reset() {
        linger(asking.channel);
        linger(answering.channel);
        end();
    }

    private static void linger(SocketChannel channel) {
        try {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException e) {
            // It is closed already.
        }
    }

    private void end() {
        if (over) {
            return;
        }
        over = true;
        close(asking.channel);
        close(answering.channel);
        link.forget(this);
        if (reached) {
            link.told(false);
        }
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // It is over either way.
        }
    }
}
