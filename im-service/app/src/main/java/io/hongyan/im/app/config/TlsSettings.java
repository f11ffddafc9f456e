package io.hongyan.im.app.config;

import io.hongyan.broker.server.tls.TlsOptions;
import io.hongyan.broker.server.tls.TlsOptions.ClientCertificates;
import io.hongyan.im.adapter.mqtt.CertificateLogin;
import io.hongyan.runtime.pem.KeyFiles;
import io.hongyan.settings.Setting;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** TLS for clients; links between gates and nodes have their own. */
public record TlsSettings(
        @Setting(
                value = "The server's certificate and the intermediate ones, PEM; or `off`. Certificate and key are"
                        + " read again when they change, and on SIGHUP.",
                defaultValue = "off")
        String certificate,

        @Setting(
                value = "Private key of `tls.certificate`, PEM without a password (PKCS 8, PKCS 1 or SEC 1); or `off`.",
                defaultValue = "off")
        String key,

        @Setting(
                value = "Whether clients show certificates: `off`, `optional`, or `required` (a client without one is"
                        + " refused). A certificate that names a user (`tls.client_names`) replaces user name and"
                        + " token.",
                defaultValue = "off")
        ClientCertificates clientCertificates,

        @Setting(
                value = "Authorities whose client certificates are accepted, PEM; or `off`. Read again when the file"
                        + " changes.",
                defaultValue = "off")
        String clientAuthorities,

        @Setting(
                value = "Which user a client certificate names: patterns with `{uid}`, and with `{platform}` and"
                        + " `{device}` if the certificate is for these alone, after `uri:`, `dns:` (alternative"
                        + " names) or `cn:` (common name). The first pattern that fits decides.",
                defaultValue = "uri:hongyan:{uid}:{platform}:{device}")
        List<String> clientNames,

        @Setting(
                value = "Time for a TLS handshake; then the connection is closed.",
                defaultValue = "5_000",
                unit = "ms",
                min = 100,
                max = 600_000)
        int handshakeMillisMax,

        @Setting(
                value = "Unfinished TLS handshakes of one address; further connections are closed.",
                defaultValue = "256",
                min = 1)
        int handshakesPerAddressMax) {
    private static final String OFF = "off";

    /** Whether there is a certificate. */
    public boolean isOn() {
        return !certificate.equals(OFF);
    }

    /** Only if there is a certificate. */
    public TlsOptions options() {
        Path authorities = hasClientAuthorities() ? Path.of(clientAuthorities) : null;
        KeyFiles files = new KeyFiles(Path.of(certificate), Path.of(key), authorities);
        return new TlsOptions(files, clientCertificates, handshakeMillisMax);
    }

    boolean hasClientAuthorities() {
        return !clientAuthorities.equals(OFF);
    }

    /** How names in client certificates become users. */
    public CertificateLogin certificateLogin() {
        return clientCertificates == ClientCertificates.OFF ? CertificateLogin.NONE : new CertificateLogin(clientNames);
    }

    List<String> contradictions(Listen listen, ProxySettings proxy) {
        List<String> found = new ArrayList<>();
        if (certificate.equals(OFF) != key.equals(OFF)) {
            found.add("tls.certificate and tls.key go together");
        }
        if (hasClientAuthorities() != (clientCertificates != ClientCertificates.OFF)) {
            found.add("tls.client_certificates and tls.client_authorities go together");
        }
        try {
            new CertificateLogin(clientNames);
        } catch (IllegalArgumentException wrong) {
            found.add("tls.client_names: " + wrong.getMessage());
        }
        listen.encrypted().forEach((name, endpoint) -> {
            if (!endpoint.isOff() && !isOn()) {
                found.add(name + " needs tls.certificate and tls.key");
            }
        });
        if (!listen.allowPlaintext()) {
            listen.plain().forEach((name, endpoint) -> {
                if (!endpoint.isLoopback() && !proxy.encrypts(name)) {
                    found.add(name
                            + " can be reached from other machines without TLS: passwords, tokens and messages could"
                            + " be read on the network; use listen.mqtts, listen.wss, listen.https and"
                            + " tls.certificate instead, or proxy.listeners, proxy.networks and"
                            + " proxy.tls_in_front: true if a proxy does TLS (or listen.allow_plaintext:"
                            + " true if this is intended)");
                }
            });
        }
        return found;
    }
}
