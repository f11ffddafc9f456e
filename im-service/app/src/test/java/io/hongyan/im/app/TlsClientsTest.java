package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hongyan.im.app.client.ChatClient;
import io.hongyan.im.app.client.ChatClient.Received;
import io.hongyan.im.app.client.HiveMq5Client;
import io.hongyan.im.app.client.MosquittoClient;
import io.hongyan.im.app.client.PahoClient;
import io.hongyan.im.app.client.Programs;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Stock clients over TLS, with the certificate that the script makes. */
@Tag("long")
@Timeout(240)
final class TlsClientsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    @Test
    void everyClientReachesEveryOtherOverTls() throws Exception {
        DevelopmentCertificate certificate = DevelopmentCertificate.make(directory);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(certificate.file("server-key.pem"))))
                .isEqualTo("rw-------");
        try (RunningServer server = RunningServer.start(directory, certificate.settings())) {
            List<ChatClient> clients = new ArrayList<>();
            try {
                clients.add(PahoClient.onlineOverTls(server, certificate, "paho:iot:java"));
                clients.add(HiveMq5Client.overTls(server, certificate, "hivemq5:iot:java"));
                clients.add(MosquittoClient.overTls(server, certificate, "mosquitto311", "311"));
                clients.add(MosquittoClient.overTls(server, certificate, "mosquitto5", "5"));
                clients.add(Programs.nodeOverTls(server, certificate, "node"));
                for (ChatClient from : clients) {
                    for (ChatClient to : others(clients, from)) {
                        from.send(from.uid() + '-' + to.uid(), to.uid(), "over TLS");
                    }
                }
                for (ChatClient to : clients) {
                    await().atMost(PATIENCE)
                            .untilAsserted(() -> assertThat(to.inbox())
                                    .as("inbox of %s", to.uid())
                                    .filteredOn(received -> received.id().endsWith('-' + to.uid()))
                                    .hasSize(clients.size() - 1));
                }
                assertThat(server.metric("tls_handshakes_total")).isGreaterThanOrEqualTo(clients.size());
            } finally {
                for (ChatClient client : clients) {
                    client.close();
                }
            }
        }
    }

    @Test
    void aDeviceComesInByItsCertificate() throws Exception {
        DevelopmentCertificate certificate =
                DevelopmentCertificate.make(directory, "--client", "alice:iot:lamp", "--client", "bob:iot:lamp");
        String[] settings = certificate.settings(
                "HONGYAN_TLS_CLIENT_CERTIFICATES",
                "optional",
                "HONGYAN_TLS_CLIENT_AUTHORITIES",
                certificate.authority().toString());
        try (RunningServer server = RunningServer.start(directory, settings)) {
            server.token("bob");
            assertThat(publish(server, certificate, "alice-iot-lamp", "alice:iot:lamp"))
                    .isEqualTo(0);
            assertThat(publish(server, certificate, "alice-iot-lamp", "alice:iot:lamp", "-u", "alice"))
                    .isEqualTo(0);
            // Another device, another user, another user name.
            assertThat(publish(server, certificate, "alice-iot-lamp", "alice:iot:other"))
                    .isNotZero();
            assertThat(publish(server, certificate, "alice-iot-lamp", "bob:iot:lamp"))
                    .isNotZero();
            assertThat(publish(server, certificate, "alice-iot-lamp", "alice:iot:lamp", "-u", "bob"))
                    .isNotZero();
            assertThat(server.metric("mqtt_connects_refused_total{reason=\"certificate\"}"))
                    .isEqualTo(2);
            // Without a certificate a token is needed, and is enough.
            PahoClient.onlineOverTls(server, certificate, "bob:iot:token").close();
        }
        DevelopmentCertificate stranger =
                DevelopmentCertificate.make(directory.resolve("other"), "--client", "alice:iot:lamp");
        settings[settings.length - 3] = "required";
        try (RunningServer server = RunningServer.start(directory, settings)) {
            assertThat(publish(server, certificate, "alice-iot-lamp", "alice:iot:lamp"))
                    .isEqualTo(0);
            long failed = server.metric("tls_handshakes_failed_total");
            assertThat(mosquitto(server, certificate, List.of("-i", "alice:iot:lamp")))
                    .isNotZero();
            assertThat(mosquitto(server, certificate, with(stranger, "alice-iot-lamp", "alice:iot:lamp")))
                    .isNotZero();
            await().atMost(PATIENCE).until(() -> server.metric("tls_handshakes_failed_total") == failed + 2);
        }
    }

    private static int publish(
            RunningServer server, DevelopmentCertificate certificate, String name, String clientId, String... more)
            throws Exception {
        List<String> options = new ArrayList<>(with(certificate, name, clientId));
        options.addAll(List.of(more));
        return mosquitto(server, certificate, options);
    }

    private static List<String> with(DevelopmentCertificate certificate, String name, String clientId) {
        return List.of(
                "--cert", certificate.file("client-" + name + ".pem").toString(),
                "--key", certificate.file("client-" + name + "-key.pem").toString(),
                "-i", clientId);
    }

    /** Its exit code. */
    private static int mosquitto(RunningServer server, DevelopmentCertificate certificate, List<String> options)
            throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "mosquitto_pub",
                "-V",
                "5",
                "-h",
                "127.0.0.1",
                "-p",
                Integer.toString(server.mqttsPort()),
                "--cafile",
                certificate.authority().toString(),
                "-q",
                "1",
                "-t",
                "t/alice/x",
                "-m",
                "on"));
        command.addAll(options);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).as(output).isTrue();
        return process.exitValue();
    }

    private static List<ChatClient> others(List<ChatClient> clients, ChatClient but) {
        return clients.stream().filter(client -> client != but).toList();
    }

    @Test
    void certificatesChangeUnderLoadAndNobodyLosesHisConnection() throws Exception {
        DevelopmentCertificate certificate = DevelopmentCertificate.make(directory);
        String[] settings = certificate.settings("HONGYAN_LISTEN_HTTPS", "127.0.0.1:0");
        try (RunningServer server = RunningServer.start(directory, settings);
                PahoClient alice = PahoClient.onlineOverTls(server, certificate, "alice:iot:1");
                HiveMq5Client bob = HiveMq5Client.overTls(server, certificate, "bob:iot:1");
                ChatClient page = Programs.nodeOverTls(server, certificate, "page")) {
            AtomicInteger sent = new AtomicInteger();
            AtomicBoolean enough = new AtomicBoolean();
            List<Throwable> failures = new ArrayList<>();
            Thread load = new Thread(() -> {
                try {
                    while (!enough.get()) {
                        alice.send("m" + sent.incrementAndGet(), "bob", "under load");
                    }
                } catch (Exception failed) {
                    failures.add(failed);
                }
            });
            load.start();
            for (int i = 1; i <= 2; i++) {
                assertThat(certificateOverHttps(server, certificate)).isEqualTo(certificate.number());
                String before = certificate.number();
                DevelopmentCertificate.make(directory);
                assertThat(certificate.number()).isNotEqualTo(before);
                int reloads = i;
                await().atMost(PATIENCE).until(() -> server.metric("tls_certificate_reloads_total") == reloads);
                // New connections get the new certificate.
                PahoClient.onlineOverTls(server, certificate, "alice:iot:1" + i).close();
                assertThat(certificateOverHttps(server, certificate)).isEqualTo(certificate.number());
                // It does not reconnect: it is the connection from before.
                page.send("p" + i, "alice", "still here");
                alice.send("a" + i, "page", "you too");
            }
            String newest = certificate.number();
            Files.writeString(certificate.file("server.pem"), "half a certificate");
            await().atMost(PATIENCE).until(() -> server.metric("tls_certificate_reload_failures_total") >= 1);
            PahoClient.onlineOverTls(server, certificate, "carol:iot:1").close();
            assertThat(certificateOverHttps(server, certificate)).isEqualTo(newest);
            enough.set(true);
            load.join(TimeUnit.SECONDS.toMillis(30));
            assertThat(failures).isEmpty();
            assertThat(alice.lost()).isNull();
            assertThat(alice.connected()).isTrue();
            await().atMost(PATIENCE).until(() -> bob.inbox().size() == sent.get());
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(page.inbox()).extracting(Received::id).contains("a1", "a2");
                assertThat(alice.inbox()).extracting(Received::id).contains("p1", "p2");
            });
        }
    }

    /** The serial number of the certificate that curl sees, which speaks HTTP/1.1 by ALPN. */
    private static String certificateOverHttps(RunningServer server, DevelopmentCertificate certificate)
            throws Exception {
        Process curl = new ProcessBuilder(
                        "curl",
                        "--silent",
                        "--verbose",
                        "--cacert",
                        certificate.authority().toString(),
                        "--write-out",
                        "%{certs}",
                        "https://127.0.0.1:" + server.httpsPort() + "/health")
                .redirectErrorStream(true)
                .start();
        String printed = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(curl.waitFor()).as(printed).isZero();
        assertThat(printed).contains("ALPN: server accepted http/1.1", "{\"status\":\"alive\"}");
        Matcher number = Pattern.compile("Serial Number: *([0-9a-fA-F:]+)").matcher(printed);
        assertThat(number.find()).as(printed).isTrue();
        return new BigInteger(number.group(1).replace(":", ""), 16).toString(16);
    }
}
