package io.hongyan.bench.server;

import io.hongyan.bench.time.BenchTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Debian's mosquitto, configured to relay as fast as possible without dropping anything: no persistence, no queue
 * limit, a wide window.
 */
public final class MosquittoServer implements ServerUnderTest {
    private static final List<Path> PROGRAMS =
            List.of(Path.of("/usr/sbin/mosquitto"), Path.of("/usr/local/sbin/mosquitto"));
    private static final long READY_MILLIS_MAX = 10_000;
    private static final int IN_FLIGHT_MAX = 1000;

    private final ChildProcess process;
    private final InetSocketAddress address;

    private MosquittoServer(ChildProcess process, InetSocketAddress address) {
        this.process = process;
        this.address = address;
    }

    /** @param workDirectory for its configuration and output */
    public static MosquittoServer start(Path workDirectory, BenchTime time) {
        Path program = PROGRAMS.stream()
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "mosquitto is not installed; install it with: apt-get install mosquitto"));
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), ChildProcess.freePort());
        String configuration = String.join(
                "\n",
                "listener " + address.getPort() + " 127.0.0.1",
                "allow_anonymous true",
                "persistence false",
                "set_tcp_nodelay true",
                "max_inflight_messages " + IN_FLIGHT_MAX,
                "max_queued_messages 0",
                "user root",
                "log_type error",
                "log_type warning",
                "");
        try {
            Files.createDirectories(workDirectory);
            Path file = Files.writeString(workDirectory.resolve("mosquitto.conf"), configuration);
            ChildProcess process =
                    ChildProcess.start(List.of(program.toString(), "-c", file.toString()), workDirectory);
            MosquittoServer server = new MosquittoServer(process, address);
            process.awaitPort(address, time, READY_MILLIS_MAX);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String name() {
        return "mosquitto";
    }

    @Override
    public InetSocketAddress mqtt() {
        return address;
    }

    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        process.close();
    }
}
