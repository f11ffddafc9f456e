package io.hongyan.broker.hook.grpc;

import io.grpc.ChannelCredentials;
import io.grpc.ServerCredentials;
import io.grpc.TlsChannelCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.TlsServerCredentials.ClientAuth;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Mutual TLS: each end shows its certificate and takes only one that an authority of its own list has signed.
 *
 * @param certificate PEM, with the certificates between it and the authority
 * @param key its private key, PEM (PKCS 8)
 * @param authorities PEM, one certificate or more
 */
public record LinkTls(Path certificate, Path key, Path authorities) {
    ServerCredentials forNode() throws IOException {
        return TlsServerCredentials.newBuilder()
                .keyManager(certificate.toFile(), key.toFile())
                .trustManager(authorities.toFile())
                .clientAuth(ClientAuth.REQUIRE)
                .build();
    }

    ChannelCredentials forGate() throws IOException {
        return TlsChannelCredentials.newBuilder()
                .keyManager(certificate.toFile(), key.toFile())
                .trustManager(authorities.toFile())
                .build();
    }
}
