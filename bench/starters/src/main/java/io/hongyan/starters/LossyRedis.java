package io.hongyan.starters;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * A proxy in front of a Redis that loses some published messages on their way to a subscriber; neither end notices.
 * Everything else passes unchanged.
 */
public final class LossyRedis implements AutoCloseable {
    private static final Set<String> PUBLISHED = Set.of("message", "smessage", "pmessage");
    private static final int COPY_BYTES = 64 << 10;

    private final Redis redis;
    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicLong lost = new AtomicLong();
    private volatile Predicate<String> loses = published -> false;

    private LossyRedis(Redis redis) throws IOException {
        this.redis = redis;
        this.listener = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
    }

    /** On a free port of 127.0.0.1, until it is closed. */
    public static LossyRedis before(Redis redis) {
        try {
            LossyRedis lossy = new LossyRedis(redis);
            begin("lossy-redis", lossy::accept);
            return lossy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** @param which decides for each message to a subscriber: its channel and its bytes, each as a character */
    public void lose(Predicate<String> which) {
        loses = which;
    }

    /** How many it has lost. */
    public long lost() {
        return lost.get();
    }

    private void accept() throws IOException {
        while (!listener.isClosed()) {
            Socket client = listener.accept();
            sockets.add(client);
            Socket server = new Socket(redis.host(), redis.port());
            sockets.add(server);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            begin("lossy-redis-up", () -> joined(client, server, this::copy));
            begin("lossy-redis-down", () -> joined(server, client, this::pass));
        }
    }

    /** Work that ends with the connection it is for. */
    private interface Work {
        void run() throws IOException;
    }

    private interface Transfer {
        void run(InputStream in, OutputStream out) throws IOException;
    }

    private static void begin(String name, Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException over) {
                        // Both ends notice the end.
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    private void joined(Socket from, Socket to, Transfer transfer) throws IOException {
        try (from;
                to) {
            transfer.run(new BufferedInputStream(from.getInputStream(), COPY_BYTES), to.getOutputStream());
        } finally {
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    private void copy(InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[COPY_BYTES];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            out.write(buffer, 0, count);
        }
    }

    private void pass(InputStream in, OutputStream out) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        while (true) {
            readAnswer(in, answer);
            if (isPublished(answer) && loses.test(answer.toString(StandardCharsets.ISO_8859_1))) {
                lost.incrementAndGet();
            } else {
                answer.writeTo(out);
                out.flush();
            }
            answer.reset();
        }
    }

    /** Whether it is an array, or a push of RESP 3, that begins with one of those words. */
    private static boolean isPublished(ByteArrayOutputStream answer) {
        String[] head = new String(answer.toByteArray(), 0, Math.min(answer.size(), 40), StandardCharsets.ISO_8859_1)
                .split("\r\n", 4);
        return head.length > 2 && (head[0].startsWith("*") || head[0].startsWith(">")) && PUBLISHED.contains(head[2]);
    }

    /** Reads one complete answer with everything in it. */
    private static void readAnswer(InputStream in, ByteArrayOutputStream into) throws IOException {
        for (long left = 1; left > 0; left--) {
            String line = readLine(in, into);
            switch (line.charAt(0)) {
                case '$', '=', '!' -> readBytes(in, Long.parseLong(line.substring(1)), into);
                case '*', '>', '~' -> left += Math.max(0, Long.parseLong(line.substring(1)));
                case '%' -> left += 2 * Math.max(0, Long.parseLong(line.substring(1)));
                default -> {
                    // The line was the whole answer.
                }
            }
        }
    }

    private static String readLine(InputStream in, ByteArrayOutputStream into) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); ; next = in.read()) {
            if (next < 0) {
                throw new EOFException();
            }
            into.write(next);
            if (next == '\n') {
                return line.substring(0, line.length() - 1);
            }
            line.append((char) next);
        }
    }

    private static void readBytes(InputStream in, long length, ByteArrayOutputStream into) throws IOException {
        if (length < 0) {
            return;
        }
        int all = Math.toIntExact(length + 2);
        byte[] bytes = in.readNBytes(all);
        if (bytes.length < all) {
            throw new EOFException();
        }
        into.writeBytes(bytes);
    }

    /** Cuts off all connections. */
    @Override
    public void close() {
        try {
            listener.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
