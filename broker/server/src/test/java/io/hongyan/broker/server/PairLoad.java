package io.hongyan.broker.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * One thread that keeps pairs of clients busy: each sender has a window of unacknowledged publishes, each receiver
 * acknowledges at once. Arguments: port, pairs, window, seconds; with window 0 the clients only stay connected.
 */
final class PairLoad {
    private static final byte[] PAYLOAD = new byte[100];

    private final Selector selector = Selector.open();
    private final int window;
    private long sent;
    private long acknowledged;
    private long received;

    private PairLoad(int window) throws IOException {
        this.window = window;
    }

    public static void main(String[] arguments) throws Exception {
        int port = Integer.parseInt(arguments[0]);
        int pairs = Integer.parseInt(arguments[1]);
        int window = Integer.parseInt(arguments[2]);
        int seconds = Integer.parseInt(arguments[3]);
        PairLoad load = new PairLoad(window);
        List<Client> senders = new ArrayList<>();
        for (int i = 0; i < pairs; i++) {
            load.connect(port, "r" + i, i);
            senders.add(load.connect(port, "s" + i, i));
        }
        for (Client sender : senders) {
            sender.fill(window);
        }
        load.run(seconds);
    }

    private Client connect(int port, String name, int number) throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.bind(new InetSocketAddress("127.0.0." + (1 + number / 5_000), 0));
        channel.connect(new InetSocketAddress("127.0.0.1", port));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.write(ByteBuffer.wrap(
                Wire.join(Wire.connect(4, name), Wire.subscribe(4, 1, 1, "u/" + name.charAt(0) + "/#"))));
        ByteBuffer answers = ByteBuffer.allocate(9);
        while (answers.hasRemaining()) {
            if (channel.read(answers) < 0) {
                throw new IOException("closed");
            }
        }
        channel.configureBlocking(false);
        Client client = new Client(channel, name.charAt(0) == 's');
        channel.register(selector, SelectionKey.OP_READ, client);
        return client;
    }

    private void run(int seconds) throws IOException {
        long start = System.nanoTime();
        long second = start;
        long before = 0;
        while (System.nanoTime() - start < seconds * 1_000_000_000L) {
            selector.select(100);
            for (SelectionKey key : selector.selectedKeys()) {
                ((Client) key.attachment()).read();
            }
            selector.selectedKeys().clear();
            if (System.nanoTime() - second >= 1_000_000_000L) {
                second += 1_000_000_000L;
                System.out.println("received " + (received - before) + "/s");
                before = received;
            }
        }
        System.out.printf(
                "sent %d acknowledged %d received %d: %.0f messages/s%n",
                sent, acknowledged, received, received / (double) seconds);
    }

    private final class Client {
        private final SocketChannel channel;
        private final boolean sender;
        private final ByteBuffer in = ByteBuffer.allocateDirect(window == 0 ? 64 : 64 << 10);
        private final ByteBuffer out = ByteBuffer.allocateDirect(window == 0 ? 64 : 64 << 10);
        private int nextId = 1;
        private int nextAcknowledged = 1;

        Client(SocketChannel channel, boolean sender) {
            this.channel = channel;
            this.sender = sender;
        }

        void fill(int count) throws IOException {
            for (int i = 0; i < count; i++) {
                publish();
            }
            flush();
        }

        private void publish() {
            out.put(Wire.publish(4, "im/send", 1, nextId, PAYLOAD));
            nextId = nextId == 65_535 ? 1 : nextId + 1;
            sent++;
        }

        void read() throws IOException {
            if (channel.read(in) < 0) {
                throw new IOException("closed by the server");
            }
            in.flip();
            while (in.remaining() >= 2) {
                int start = in.position();
                int first = in.get() & 0xFF;
                int length = 0;
                int shift = 0;
                int digit = 0x80;
                while (digit >= 0x80 && in.hasRemaining()) {
                    digit = in.get() & 0xFF;
                    length |= (digit & 0x7F) << shift;
                    shift += 7;
                }
                if (digit >= 0x80 || in.remaining() < length) {
                    in.position(start);
                    break;
                }
                packet(first, in.position());
                in.position(in.position() + length);
            }
            in.compact();
            flush();
        }

        private void packet(int first, int body) {
            if (first >>> 4 == 4) {
                int id = in.getShort(body) & 0xFFFF;
                if (id != nextAcknowledged) {
                    throw new IllegalStateException("acknowledged " + id + " instead of " + nextAcknowledged);
                }
                nextAcknowledged = id == 65_535 ? 1 : id + 1;
                acknowledged++;
                publish();
            } else if (first >>> 4 == 3) {
                received++;
                int topic = in.getShort(body);
                out.put((byte) 0x40).put((byte) 2).putShort(in.getShort(body + 2 + topic));
            }
        }

        private void flush() throws IOException {
            out.flip();
            while (out.hasRemaining()) {
                channel.write(out);
            }
            out.clear();
        }

        @Override
        public String toString() {
            return (sender ? "sender" : "receiver") + " window " + window;
        }
    }
}
