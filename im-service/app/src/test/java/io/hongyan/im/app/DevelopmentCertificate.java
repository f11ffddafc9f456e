package io.hongyan.im.app;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The certificates that {@code scripts/hongyan certificate} creates. */
public final class DevelopmentCertificate {
    private final Path directory;
    private final String said;

    private DevelopmentCertificate(Path directory, String said) {
        this.directory = directory;
        this.said = said;
    }

    /** Creates one, or another one of the same authority. */
    public static DevelopmentCertificate make(Path data, String... options) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("../../scripts/hongyan", "certificate", "--data", data.toString()));
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new AssertionError(output);
        }
        return new DevelopmentCertificate(data.resolve("tls"), output);
    }

    /** What the command printed. */
    public String said() {
        return said;
    }

    public Path file(String name) {
        return directory.resolve(name);
    }

    /** The serial number of the server's certificate, hexadecimal. */
    String number() throws Exception {
        try (InputStream in = Files.newInputStream(file("server.pem"))) {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            return ((X509Certificate) factory.generateCertificate(in))
                    .getSerialNumber()
                    .toString(16);
        }
    }

    public Path authority() {
        return file("ca.pem");
    }

    /** Settings of a server with this certificate that listens on all interfaces. */
    public String[] settings(String... more) {
        List<String> all = new ArrayList<>(List.of(
                "HONGYAN_LISTEN_MQTTS",
                "127.0.0.1:0",
                "HONGYAN_LISTEN_WSS",
                "127.0.0.1:0",
                "HONGYAN_TLS_CERTIFICATE",
                file("server.pem").toString(),
                "HONGYAN_TLS_KEY",
                file("server-key.pem").toString()));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    /** A store without a password that holds the authority, for {@code javax.net.ssl.trustStore}. */
    public Path trustStore() throws Exception {
        KeyStore trusted = KeyStore.getInstance("JKS");
        trusted.load(null);
        try (InputStream in = Files.newInputStream(authority())) {
            trusted.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        Path store = file("trusted.jks");
        try (OutputStream out = Files.newOutputStream(store)) {
            trusted.store(out, "changeit".toCharArray());
        }
        return store;
    }

    /** Trusts the authority. */
    public TrustManagerFactory trust() throws Exception {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null);
        try (InputStream in = Files.newInputStream(authority())) {
            trusted.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        return trust;
    }

    /** A client that trusts the authority. */
    public SSLContext client() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust().getTrustManagers(), null);
        return context;
    }
}
