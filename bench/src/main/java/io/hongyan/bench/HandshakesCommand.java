package io.hongyan.bench;

import io.hongyan.bench.load.LoadFailure;
import io.hongyan.bench.report.Result;
import io.hongyan.bench.server.HongyanServer;
import io.hongyan.bench.server.TlsServer;
import io.hongyan.bench.server.Usage;
import io.hongyan.bench.server.UsageProbe;
import io.hongyan.bench.time.BenchTime;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.concurrent.Callable;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "handshakes",
        description =
                "TLS handshakes with a server, one after the other: rate and CPU of the server, full and resumed.",
        mixinStandardHelpOptions = true)
final class HandshakesCommand implements Callable<Integer> {
    /**
     * CONNECT with an authentication method, which is refused: so the server writes, and sends the tickets of TLS 1.3
     * with it.
     */
    private static final byte[] CONNECT = {
        0x10, 0x12, 0, 4, 'M', 'Q', 'T', 'T', 5, 2, 0, 60, 4, 0x15, 0, 1, 'x', 0, 1, 'a'
    };

    private static final int WARM_UP = 300;

    private final Console console;
    private final BenchTime time;

    @Mixin
    private ServerOptions servers;

    @Option(names = "--seconds", defaultValue = "10", description = "Seconds for each kind (${DEFAULT-VALUE}).")
    private int seconds;

    @Option(names = "--protocol", defaultValue = "TLSv1.3", description = "TLSv1.3 or TLSv1.2 (${DEFAULT-VALUE}).")
    private String protocol;

    @Option(names = "--json", description = "One JSON object per result on standard output.")
    private boolean json;

    HandshakesCommand(Console console, BenchTime time) {
        this.console = console;
        this.time = time;
    }

    @Override
    public Integer call() throws Exception {
        try (WorkDirectory work = new WorkDirectory()) {
            TlsServer tls = TlsServer.prepare(servers.home(), work.of("certificate"));
            try (HongyanServer server =
                    servers.started("handshakes", tls.unlimitedSettings(), work.of("hongyan"), time)) {
                SSLContext client = trusting(tls.authority());
                for (int i = 0; i < WARM_UP; i++) {
                    shakeHands(client, tls, i % 2 == 0);
                }
                console.results(List.of(measure(server, client, tls, false), measure(server, client, tls, true)), json);
            }
        }
        return 0;
    }

    private Result measure(HongyanServer server, SSLContext client, TlsServer tls, boolean resume) throws IOException {
        shakeHands(client, tls, resume);
        try (UsageProbe probe = new UsageProbe(server.pid())) {
            Usage before = probe.read();
            long from = time.nanos();
            int count = 0;
            while (time.nanos() - from < seconds * 1_000_000_000L) {
                shakeHands(client, tls, resume);
                count++;
            }
            double took = (time.nanos() - from) / 1e9;
            Usage used = probe.read().since(before);
            return new Result("handshakes")
                    .text("kind", resume ? "resumed" : "full")
                    .text("protocol", protocol)
                    .figure("per_second", count / took)
                    .figure("server_cpu_micros", (double) used.cpuMicros() / count);
        }
    }

    private void shakeHands(SSLContext client, TlsServer tls, boolean resume) throws IOException {
        try (SSLSocket socket = (SSLSocket) client.getSocketFactory()
                .createSocket(tls.address().getAddress(), tls.address().getPort())) {
            socket.setTcpNoDelay(true);
            socket.setEnabledProtocols(new String[] {protocol});
            socket.startHandshake();
            socket.getOutputStream().write(CONNECT);
            InputStream in = socket.getInputStream();
            while (in.read() >= 0) {
                // Until the server closes.
            }
            if (!resume) {
                socket.getSession().invalidate();
            }
        }
    }

    private static SSLContext trusting(Path authority) {
        try (InputStream in = Files.newInputStream(authority)) {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null);
            trusted.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException unusable) {
            throw new LoadFailure("not TLS: " + unusable);
        }
    }
}
