package io.hongyan.broker.server.tls;

import io.hongyan.runtime.pem.KeyFiles;
import java.util.Locale;

/**
 * @param clientCertificates whether clients show certificates; with anything but {@link ClientCertificates#OFF} the files name
 *     authorities
 * @param handshakeMillis from the first moment of a connection to the end of its handshake
 */
public record TlsOptions(KeyFiles files, ClientCertificates clientCertificates, int handshakeMillis) {
    /** Whether a client shows a certificate. */
    public enum ClientCertificates {
        OFF,
        /** It may; a certificate that is not valid ends the handshake. */
        OPTIONAL,
        REQUIRED;

        /** As in a configuration. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
