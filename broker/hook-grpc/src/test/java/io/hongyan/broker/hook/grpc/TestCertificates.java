package io.hongyan.broker.hook.grpc;

import io.hongyan.runtime.pem.KeyFiles;
import io.hongyan.runtime.pem.PemException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.InstantSource;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Self-signed certificates, made with the JDK's keytool; to trust one, use it as an authority. */
final class TestCertificates implements AutoCloseable {
    private static final String PASSWORD = "changeit";

    private final Path directory;

    TestCertificates(String... names) throws Exception {
        directory = Files.createTempDirectory("certificates");
        for (String name : names) {
            make(name);
        }
    }

    LinkTls of(String own, String trusted) throws PemException {
        return new LinkTls(files(own, trusted), InstantSource.system());
    }

    /** From copies of the files, which can be replaced. */
    LinkTls copied(String copy, String own, String trusted) throws IOException, PemException {
        replace(copy, own, trusted);
        return new LinkTls(files(copy, copy + "-trusted"), InstantSource.system());
    }

    void replace(String copy, String own, String trusted) throws IOException {
        copy(file(own, "pem"), file(copy, "pem"));
        replaceKey(copy, own);
        copy(file(trusted, "pem"), file(copy + "-trusted", "pem"));
    }

    void replaceKey(String copy, String own) throws IOException {
        copy(file(own, "key"), file(copy, "key"));
    }

    /** As certbot does it: a new file replaces the old one. */
    private void copy(Path from, Path to) throws IOException {
        Path beside = Files.copy(from, directory.resolve("new"));
        Files.move(beside, to, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private KeyFiles files(String own, String trusted) {
        return new KeyFiles(file(own, "pem"), file(own, "key"), file(trusted, "pem"));
    }

    private Path file(String name, String ending) {
        return directory.resolve(name + '.' + ending);
    }

    private void make(String name) throws IOException, InterruptedException, GeneralSecurityException {
        Path store = file(name, "p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        name,
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-ext",
                        "bc:c",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        store.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!keytool.waitFor(30, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
            throw new IOException(said);
        }
        KeyStore opened = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
        write(name, "pem", "CERTIFICATE", opened.getCertificate(name).getEncoded());
        write(
                name,
                "key",
                "PRIVATE KEY",
                opened.getKey(name, PASSWORD.toCharArray()).getEncoded());
    }

    private void write(String name, String ending, String kind, byte[] bytes) throws IOException {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        Files.writeString(
                file(name, ending), "-----BEGIN " + kind + "-----\n" + base64 + "\n-----END " + kind + "-----\n");
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }
}
