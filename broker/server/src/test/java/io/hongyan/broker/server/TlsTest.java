package io.hongyan.broker.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hongyan.broker.server.listen.Edge;
import io.hongyan.broker.server.listen.EventLoops;
import io.hongyan.broker.server.listen.Handshakes;
import io.hongyan.broker.server.listen.Network;
import io.hongyan.broker.server.listen.Port;
import io.hongyan.broker.server.listen.Port.Service;
import io.hongyan.broker.server.listen.Proxies;
import io.hongyan.broker.server.tls.TlsContexts;
import io.hongyan.broker.server.tls.TlsOptions;
import io.hongyan.broker.server.tls.TlsOptions.ClientCertificates;
import io.hongyan.runtime.pem.KeyFiles;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** MQTT over TLS, with the system's library and with the JDK, and openssl at the other end. */
@Tag("long")
@Timeout(120)
class TlsTest {
    private static final int HANDSHAKE_MILLIS = 20_000;
    private static final int HANDSHAKES_MAX = 4;

    @TempDir
    private Path directory;

    private Certificates certificates;
    private TlsContexts tls;
    private Handshakes handshakes;
    private Edge edge;
    private BrokerServer server;

    private void start(SslProvider provider) throws Exception {
        start(provider, HANDSHAKE_MILLIS);
    }

    private void start(SslProvider provider, int handshakeMillis) throws Exception {
        certificates = new Certificates(directory);
        certificates.server("first");
        use("first");
        KeyFiles files = new KeyFiles(certificates.path("server.pem"), certificates.path("server-key.pem"), null);
        tls = new TlsContexts(
                new TlsOptions(files, ClientCertificates.OFF, handshakeMillis),
                Clock.systemUTC(),
                new SecureRandom(),
                provider);
        handshakes = new Handshakes(HANDSHAKES_MAX);
        edge = new Edge(new EventLoops(), tls, handshakes, new Proxies(List.of(), false, 1_000), System::nanoTime);
        Port port = new Port(Service.MQTT, "127.0.0.1", 0, true, false);
        BrokerConfig config =
                Servers.config().withListeners(new BrokerConfig.Listeners(List.of(port), "/mqtt", List.of()));
        server =
                new BrokerServer(config, edge, new TestHook(), Clock.systemUTC(), System::nanoTime, new SecureRandom());
        server.start();
    }

    @AfterEach
    void stop() {
        server.close();
        edge.close();
    }

    private void use(String name) throws IOException {
        for (String ending : List.of(".pem", "-key.pem")) {
            Files.copy(
                    certificates.path(name + ending),
                    certificates.path("server" + ending),
                    StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private int port() {
        return server.port(Service.MQTT, true);
    }

    private WireClient client() throws Exception {
        return WireClient.over(5, certificates.client().getSocketFactory().createSocket("127.0.0.1", port()));
    }

    private String certificateShown() throws Exception {
        try (SSLSocket socket =
                (SSLSocket) certificates.client().getSocketFactory().createSocket("127.0.0.1", port())) {
            return socket.getSession().getPeerPrincipal().getName();
        }
    }

    /** The output of openssl for a connection that it opens and ends. */
    private String look(String... options) throws IOException {
        String[] command = new String[options.length + 5];
        System.arraycopy(
                new String[] {"s_client", "-connect", "127.0.0.1:" + port(), "-CAfile", "ca.pem"}, 0, command, 0, 5);
        System.arraycopy(options, 0, command, 5, options.length);
        return certificates.openssl(command);
    }

    @Test
    void theLibraryOfThisSystemIsUsed() throws Exception {
        start(SslProvider.OPENSSL_REFCNT);
        assertThat(OpenSsl.isAvailable()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENSSL_REFCNT", "JDK"})
    void messagesPassAndTheVersionsAreThoseOfToday(SslProvider provider) throws Exception {
        start(provider);
        try (WireClient client = client().connected("a")) {
            client.send(Wire.publish(5, "im/send", 1, 1, new byte[200_000]));
            assertThat(client.read().id()).isEqualTo(1);
        }
        assertThat(look("-tls1_3", "-alpn", "mqtt"))
                .contains("TLSv1.3", "ALPN protocol: mqtt", "Verify return code: 0 (ok)");
        assertThat(look("-tls1_2", "-alpn", "mqtt")).contains("TLSv1.2", "ALPN protocol: mqtt", "ECDHE-ECDSA-AES");
        // Clients of devices often name no protocol, or an unusual one.
        assertThat(look("-alpn", "x-amzn-mqtt-ca")).contains("No ALPN negotiated");
        assertThatThrownBy(() -> look("-tls1_1", "-cipher", "ALL@SECLEVEL=0")).hasMessageContaining("alert");
        assertThatThrownBy(() -> look("-tls1_2", "-cipher", "AES128-SHA:ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0"))
                .hasMessageContaining("handshake failure");
        await().until(() -> handshakes.failed() == 2 && handshakes.open() == 0);
        assertThat(handshakes.done()).isEqualTo(4);
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENSSL_REFCNT", "JDK"})
    void aClientThatComesBackResumesAlsoAfterANewCertificate(SslProvider provider) throws Exception {
        start(provider);
        assertThat(look("-tls1_2", "-sess_out", "s12")).contains("New, TLSv1.2");
        assertThat(look("-tls1_2", "-sess_in", "s12")).contains("Reused, TLSv1.2");
        assertThat(look("-tls1_2", "-no_ticket", "-sess_out", "id")).contains("New, TLSv1.2");
        assertThat(look("-tls1_2", "-no_ticket", "-sess_in", "id")).contains("Reused, TLSv1.2");
        if (provider == SslProvider.JDK) {
            return;
        }
        assertThat(tls.resumed()).as("by ticket").isEqualTo(1);
        SSLContext client = certificates.client();
        for (String clientId : List.of("full", "resumed")) {
            // With TLS 1.3 the ticket comes with the first bytes of the server.
            WireClient.over(5, client.getSocketFactory().createSocket("127.0.0.1", port()))
                    .connected(clientId)
                    .close();
        }
        assertThat(tls.resumed()).isEqualTo(2);
        certificates.server("second");
        use("second");
        assertThat(tls.reload()).isTrue();
        assertThat(certificateShown()).isEqualTo("CN=second");
        assertThat(look("-tls1_2", "-sess_in", "s12")).contains("Reused, TLSv1.2");
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENSSL_REFCNT", "JDK"})
    void anotherHandshakeWithinAConnectionIsRefused(SslProvider provider) throws Exception {
        start(provider);
        Process process = new ProcessBuilder(
                        "openssl",
                        "s_client",
                        "-connect",
                        "127.0.0.1:" + port(),
                        "-tls1_2",
                        "-CAfile",
                        certificates.authority.toString())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().write("R\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        process.getOutputStream().flush();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(output).contains("RENEGOTIATING");
        assertThat(output.split("depth=0", -1))
                .as("certificates shown once: %s", output)
                .hasSize(2);
        await().until(() -> server.connections() == 0);
    }

    @Test
    void whoDoesNotFinishTheHandshakeIsClosed() throws Exception {
        start(SslProvider.OPENSSL_REFCNT, 1_000);
        try (Socket silent = new Socket("127.0.0.1", port());
                Socket slow = new Socket("127.0.0.1", port());
                Socket plain = new Socket("127.0.0.1", port())) {
            slow.getOutputStream().write(new byte[] {22, 3, 1, 2, 0, 1});
            plain.getOutputStream().write(new Wire.Connect(5, "a").bytes());
            assertThat(WireClient.over(5, silent).closed()).isTrue();
            assertThat(WireClient.over(5, slow).closed()).isTrue();
            assertThat(plain.getInputStream().readAllBytes().length).isLessThan(16);
        }
        await().until(() -> handshakes.open() == 0 && server.connections() == 0 && handshakes.failed() == 3);
    }

    @Test
    void anAddressHasOnlySoManyHandshakesUnderWay() throws Exception {
        start(SslProvider.OPENSSL_REFCNT);
        Socket[] waiting = new Socket[HANDSHAKES_MAX];
        for (int i = 0; i < waiting.length; i++) {
            waiting[i] = new Socket("127.0.0.1", port());
        }
        await().until(() -> handshakes.open() == HANDSHAKES_MAX);
        try (Socket further = new Socket("127.0.0.1", port())) {
            assertThat(WireClient.over(5, further).closed()).isTrue();
        }
        assertThat(handshakes.refused()).isEqualTo(1);
        for (Socket socket : waiting) {
            socket.close();
        }
        await().until(() -> handshakes.open() == 0);
        client().connected("a").close();
    }

    @Test
    void exemptNetworksHaveAnyNumberUnderWayAndDeniedOnesNone() throws Exception {
        start(SslProvider.OPENSSL_REFCNT);
        NetworkRules rules =
                new NetworkRules(List.of(Network.parse("127.0.0.9/32")), List.of(Network.parse("127.0.0.1/32")));
        server.changeLimits(now -> now.withFlood(Servers.FLOOD.withNetworks(rules)));
        Socket[] waiting = new Socket[HANDSHAKES_MAX + 2];
        for (int i = 0; i < waiting.length; i++) {
            waiting[i] = new Socket("127.0.0.1", port());
        }
        await().until(() -> handshakes.open() + handshakes.failed() == waiting.length);
        for (Socket socket : waiting) {
            socket.close();
        }
        await().until(() -> handshakes.failed() == waiting.length);
        assertThat(handshakes.refused()).isZero();
        try (WireClient denied = WireClient.tcpFrom("127.0.0.9", 5, port())) {
            assertThat(denied.closed()).isTrue();
        }
        assertThat(server.counters().value(GateCounter.CONNECTIONS_REFUSED_DENIED))
                .isEqualTo(1);
        assertThat(handshakes.failed()).as("no handshake was begun for it").isEqualTo(waiting.length);
        assertThat(handshakes.open()).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENSSL_REFCNT", "JDK"})
    void aNewCertificateIsTakenAndNobodyIsDisturbed(SslProvider provider) throws Exception {
        start(provider);
        try (WireClient before = client().connected("a")) {
            certificates.server("second");
            use("second");
            tls.look();
            assertThat(certificateShown())
                    .as("not while files may still change")
                    .isEqualTo("CN=first");
            tls.look();
            assertThat(certificateShown()).isEqualTo("CN=second");
            before.send(Wire.publish(5, "im/send", 1, 7, Wire.NONE));
            assertThat(before.read().id()).isEqualTo(7);
        }
        assertThat(tls.reloads()).isEqualTo(1);
        tls.look();
        assertThat(tls.reloads()).isEqualTo(1);
    }

    @Test
    void aCertificateThatCannotBeUsedChangesNothing() throws Exception {
        start(SslProvider.OPENSSL_REFCNT);
        certificates.server("second");
        Files.copy(
                certificates.path("second.pem"), certificates.path("server.pem"), StandardCopyOption.REPLACE_EXISTING);
        tls.look();
        tls.look();
        tls.look();
        assertThat(tls.failures()).as("told once").isEqualTo(1);
        Files.writeString(certificates.path("server.pem"), "nothing");
        assertThat(tls.reload()).isFalse();
        Files.delete(certificates.path("server.pem"));
        assertThat(tls.reload()).isFalse();
        certificates.signed("old", "/CN=old", "subjectAltName=IP:127.0.0.1", 0);
        use("old");
        assertThat(tls.reload()).isFalse();
        assertThat(certificateShown()).isEqualTo("CN=first");
        use("second");
        assertThat(tls.reload()).isTrue();
        assertThat(certificateShown()).isEqualTo("CN=second");
    }
}
