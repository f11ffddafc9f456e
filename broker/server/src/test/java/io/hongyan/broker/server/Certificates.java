package io.hongyan.broker.server;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** An authority and certificates signed by it, made with openssl as operators do. */
final class Certificates {
    private static final long SECONDS_MAX = 30;

    final Path authority;
    private final Path directory;

    Certificates(Path directory) throws IOException {
        this.directory = directory;
        this.authority = directory.resolve("ca.pem");
        ecKey("ca");
        openssl("req", "-x509", "-new", "-days", "30", "-key", "ca-key.pem", "-subj", "/CN=test", "-out", "ca.pem");
    }

    Path path(String name) {
        return directory.resolve(name);
    }

    /** NAME.pem and NAME-key.pem, for this machine. */
    void server(String name) throws IOException {
        signed(name, "/CN=" + name, "subjectAltName=IP:127.0.0.1,DNS:localhost", 30);
    }

    void signed(String name, String subject, String extensions, int days) throws IOException {
        ecKey(name);
        openssl("req", "-new", "-key", name + "-key.pem", "-subj", subject, "-out", name + ".csr");
        Files.writeString(path(name + ".ext"), extensions);
        openssl(
                "x509",
                "-req",
                "-in",
                name + ".csr",
                "-CA",
                "ca.pem",
                "-CAkey",
                "ca-key.pem",
                "-CAcreateserial",
                "-extfile",
                name + ".ext",
                "-days",
                Integer.toString(days),
                "-out",
                name + ".pem");
    }

    private void ecKey(String name) throws IOException {
        openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", name + "-key.pem");
    }

    /** Runs it in the directory and returns its output; fails if it fails. */
    String openssl(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException(command + ": " + output);
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            throw new IOException(interrupted);
        }
        return output;
    }

    /** A client that trusts the authority. */
    SSLContext client() throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null);
        try (InputStream in = Files.newInputStream(authority)) {
            trusted.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
