package io.hongyan.bench.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * What a server needs for MQTT over TLS: a port and a certificate made by {@code scripts/hongyan certificate}.
 *
 * @param address where it listens for TLS
 * @param authority of its certificate, PEM
 * @param settings to start it with
 */
public record TlsServer(InetSocketAddress address, Path authority, Map<String, String> settings) {

    /** @param home the project's directory */
    public static TlsServer prepare(Path home, Path workDirectory) {
        Path script = home.resolve("scripts/hongyan");
        try {
            Process process = new ProcessBuilder(script.toString(), "certificate", "--data", workDirectory.toString())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(process.getInputStream().readAllBytes());
            if (process.waitFor() != 0) {
                throw new IllegalStateException(said);
            }
        } catch (IOException unable) {
            throw new UncheckedIOException(unable);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
        int port = ChildProcess.freePort();
        Path directory = workDirectory.toAbsolutePath().resolve("tls");
        return new TlsServer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                directory.resolve("ca.pem"),
                Map.of(
                        "listen.mqtts",
                        "127.0.0.1:" + port,
                        "tls.certificate",
                        directory.resolve("server.pem").toString(),
                        "tls.key",
                        directory.resolve("server-key.pem").toString()));
    }

    /** The settings, without a limit on handshakes of one address. */
    public Map<String, String> unlimitedSettings() {
        Map<String, String> all = new HashMap<>(settings);
        all.put("tls.handshakes_per_address_max", "100000");
        return all;
    }
}
