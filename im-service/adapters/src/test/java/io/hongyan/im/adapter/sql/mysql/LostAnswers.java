package io.hongyan.im.adapter.sql.mysql;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Stands before a MySQL server and cuts off the connection of one chosen commit when the server has carried it out, in place
 * of its answer; or all connections for a while.
 */
final class LostAnswers implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 16;

    /** The command that carries a statement. */
    private static final byte QUERY = 3;

    private static final List<String> WRITING = List.of("INSERT", "UPDATE", "DELETE");

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger commits = new AtomicInteger();
    private final AtomicInteger statements = new AtomicInteger();
    private final AtomicLong answeredBytes = new AtomicLong();
    private final int port;
    private final boolean ofWrites;
    private final AtomicInteger refused = new AtomicInteger();
    private final Set<Socket> clients = ConcurrentHashMap.newKeySet();
    private volatile int lost;
    private volatile boolean away;

    /**
     * @param port where the server listens
     * @param ofWrites whether transactions that only read are passed over
     */
    LostAnswers(int port, boolean ofWrites) throws IOException {
        this.port = port;
        this.ofWrites = ofWrites;
        threads.execute(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** @param number which of the commits from now on loses its answer, from 1; 0 for none */
    void lose(int number) {
        commits.set(0);
        statements.set(0);
        answeredBytes.set(0);
        lost = number;
    }

    /** Commits since {@link #lose}. */
    int commits() {
        return commits.get();
    }

    /** Since then, the commits too. */
    int statements() {
        return statements.get();
    }

    /** What the server has answered since then. */
    long answeredBytes() {
        return answeredBytes.get();
    }

    /** Cuts off all connections and takes none from now on. */
    void goAway() throws IOException {
        away = true;
        for (Socket client : clients) {
            client.close();
        }
    }

    void comeBack() {
        away = false;
    }

    /** Connections that were not taken. */
    int refused() {
        return refused.get();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                threads.execute(() -> serve(client));
            }
        } catch (IOException closed) {
            threads.shutdownNow();
        }
    }

    /** One command after the other, as clients of MySQL do: nothing is sent before the answer is there. */
    private void serve(Socket client) {
        clients.add(client);
        try (client;
                Socket server = new Socket(InetAddress.getLoopbackAddress(), port)) {
            if (away) {
                refused.incrementAndGet();
                return;
            }
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            Cut cut = new Cut(client, server);
            threads.execute(cut::answers);
            cut.commands();
        } catch (IOException eitherSideClosed) {
            // The other side is closed with it.
        } finally {
            clients.remove(client);
        }
    }

    private final class Cut {
        private final Socket client;
        private final Socket server;
        private volatile boolean losing;

        Cut(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        void commands() throws IOException {
            InputStream in = new BufferedInputStream(client.getInputStream(), BUFFER_BYTES);
            OutputStream out = new BufferedOutputStream(server.getOutputStream(), BUFFER_BYTES);
            boolean written = false;
            for (byte[] header = in.readNBytes(4); header.length == 4; header = in.readNBytes(4)) {
                byte[] packet = in.readNBytes(header[0] & 0xff | (header[1] & 0xff) << 8 | (header[2] & 0xff) << 16);
                String word = firstWord(packet);
                if (packet.length > 1 && packet[0] == QUERY) {
                    statements.incrementAndGet();
                }
                if (word.equals("COMMIT")) {
                    losing = (written || !ofWrites) && commits.incrementAndGet() == lost;
                    written = false;
                } else {
                    written |= WRITING.contains(word);
                }
                out.write(header);
                out.write(packet);
                out.flush();
            }
        }

        void answers() {
            byte[] buffer = new byte[BUFFER_BYTES];
            try (client;
                    server) {
                InputStream in = server.getInputStream();
                OutputStream out = client.getOutputStream();
                for (int bytes = in.read(buffer); bytes >= 0 && !losing; bytes = in.read(buffer)) {
                    answeredBytes.addAndGet(bytes);
                    out.write(buffer, 0, bytes);
                }
            } catch (IOException eitherSideClosed) {
                // The other side is closed with it.
            }
        }
    }

    private static String firstWord(byte[] packet) {
        int length = Math.max(0, Math.min("COMMIT".length(), packet.length - 1));
        return length == 0 ? "" : new String(packet, 1, length, StandardCharsets.US_ASCII).toUpperCase(Locale.ROOT);
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
