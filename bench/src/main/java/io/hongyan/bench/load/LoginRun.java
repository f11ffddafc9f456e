package io.hongyan.bench.load;

import io.hongyan.bench.time.BenchTime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

/**
 * Clients that log in, each thread one after the other: a socket, the login, the logout. From many addresses of loopback,
 * so that no run lacks ports.
 */
public final class LoginRun {
    private static final int ADDRESSES = 200;
    private static final int ANSWER_MILLIS_MAX = 30_000;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final double NANOS_PER_MILLI = 1e6;

    private final InetSocketAddress server;
    private final LoginProtocol protocol;
    private final int threads;
    private final BenchTime time;

    public LoginRun(InetSocketAddress server, LoginProtocol protocol, int threads, BenchTime time) {
        this.server = server;
        this.protocol = protocol;
        this.threads = threads;
        this.time = time;
    }

    /** @param nanos from opening the socket to the end of the login, sorted */
    public record Outcome(long[] nanos, double seconds) {
        public double perSecond() {
            return nanos.length / seconds;
        }

        /** @param part 0.5 for the median */
        public double millis(double part) {
            return nanos.length == 0 ? Double.NaN : nanos[(int) (part * (nanos.length - 1))] / NANOS_PER_MILLI;
        }
    }

    /**
     * @param users gives the uid of the n-th login, counted from 0
     * @param logins counts the logins that were started
     */
    public Outcome during(double seconds, AtomicLong logins, LongFunction<String> users) {
        long from = time.nanos();
        long until = from + (long) (seconds * NANOS_PER_SECOND);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<CompletableFuture<List<Long>>> parts = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                parts.add(CompletableFuture.supplyAsync(() -> logIn(until, logins, users), pool));
            }
            long[] nanos = parts.stream()
                    .flatMap(part -> part.join().stream())
                    .mapToLong(Long::longValue)
                    .sorted()
                    .toArray();
            return new Outcome(nanos, (time.nanos() - from) / (double) NANOS_PER_SECOND);
        } catch (CompletionException failed) {
            throw failed.getCause() instanceof LoadFailure failure ? failure : failed;
        } finally {
            pool.shutdownNow();
        }
    }

    private List<Long> logIn(long until, AtomicLong logins, LongFunction<String> users) {
        List<Long> nanos = new ArrayList<>();
        while (time.nanos() < until) {
            long number = logins.getAndIncrement();
            try {
                nanos.add(logIn(number, users.apply(number)));
            } catch (IOException e) {
                throw new LoadFailure("login " + number + " failed: " + e);
            }
        }
        return nanos;
    }

    private long logIn(long number, String uid) throws IOException {
        LoginProtocol.Login login = protocol.prepare(uid);
        try (Socket socket = new Socket()) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(ANSWER_MILLIS_MAX);
            socket.bind(new InetSocketAddress(
                    InetAddress.getByAddress(new byte[] {127, 0, 1, (byte) (1 + number % ADDRESSES)}), 0));
            long from = time.nanos();
            socket.connect(server);
            login.in(socket);
            long took = time.nanos() - from;
            login.out(socket);
            while (socket.getInputStream().read() >= 0) {
                // Until the server closes: then the port is free at once.
            }
            return took;
        }
    }
}
