package io.hongyan.broker.hook.grpc;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Certificates that sign themselves, made with the JDK's keytool; whoever trusts one has it as an authority. */
final class TestCertificates implements AutoCloseable {
    private static final String PASSWORD = "changeit";

    private final Path directory;

    TestCertificates(String... names) throws Exception {
        directory = Files.createTempDirectory("certificates");
        for (String name : names) {
            make(name);
        }
    }

    LinkTls of(String own, String trusted) {
        return new LinkTls(file(own, "pem"), file(own, "key"), file(trusted, "pem"));
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
