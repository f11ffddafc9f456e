package io.hongyan.starters;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Free ports of 127.0.0.1, below the range of outgoing connections: while a server is down, a client that reconnects
 * could otherwise get the server's own port and connect to itself. Whoever draws a port claims it, so that nobody else
 * draws it before the server listens; {@code scripts/servers} does the same, and forgets old claims.
 */
public final class FreePorts {
    private static final int TRIES_MAX = 100;
    private static final int PORT_MIN = 20_000;
    private static final int PORT_MAX = 32_000;

    /** After this time the server listens on the port, or the port is not needed. */
    private static final Duration CLAIM = Duration.ofMinutes(10);

    private FreePorts() {}

    public static int draw() {
        return draw(new SplittableRandom());
    }

    public static int draw(RandomGenerator random) {
        for (int i = 0; i < TRIES_MAX; i++) {
            int port = random.nextInt(PORT_MIN, PORT_MAX);
            if (isFree(port) && claim(port)) {
                return port;
            }
        }
        throw new IllegalStateException("found no free port from " + PORT_MIN + " to " + PORT_MAX);
    }

    private static boolean claim(int port) {
        Path claims = Path.of(
                System.getenv().getOrDefault("TMPDIR", "/tmp"), "hongyan-ports-" + System.getProperty("user.name"));
        Path claim = claims.resolve(Integer.toString(port));
        Instant now = Instant.now();
        try {
            Files.createDirectories(claims);
            if (Files.exists(claim)
                    && Files.getLastModifiedTime(claim).toInstant().isBefore(now.minus(CLAIM))) {
                Files.setLastModifiedTime(claim, FileTime.from(now));
                return true;
            }
            Files.createDirectory(claim);
            return true;
        } catch (FileAlreadyExistsException | NoSuchFileException taken) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
