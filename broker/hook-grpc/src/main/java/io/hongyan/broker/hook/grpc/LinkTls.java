package io.hongyan.broker.hook.grpc;

import io.grpc.ChannelCredentials;
import io.grpc.ServerCredentials;
import io.grpc.TlsChannelCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.TlsServerCredentials.ClientAuth;
import io.grpc.util.AdvancedTlsX509KeyManager;
import io.grpc.util.AdvancedTlsX509TrustManager;
import io.hongyan.runtime.pem.KeyFiles;
import io.hongyan.runtime.pem.KeyFiles.Identity;
import io.hongyan.runtime.pem.KeyWatch;
import io.hongyan.runtime.pem.PemException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mutual TLS: each end shows its certificate and accepts only one signed by an authority of its list. New files are
 * used for new links; open links stay as they are. Files that cannot be used change nothing.
 */
public final class LinkTls {
    private static final Logger LOG = LoggerFactory.getLogger(LinkTls.class);

    private final KeyFiles files;
    private final InstantSource clock;
    private final KeyWatch watch;
    private final AdvancedTlsX509KeyManager identity = new AdvancedTlsX509KeyManager();
    private final AdvancedTlsX509TrustManager trusted;
    private final AtomicLong reloads = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private volatile long expirySeconds;

    /**
     * Reads the files.
     *
     * @param files with authorities
     * @throws PemException they cannot be used
     */
    public LinkTls(KeyFiles files, InstantSource clock) throws PemException {
        this.files = files;
        this.clock = clock;
        this.watch = new KeyWatch(files);
        try {
            this.trusted = AdvancedTlsX509TrustManager.newBuilder().build();
        } catch (CertificateException unable) {
            throw new PemException("this Java has no support for X.509 certificates: " + unable.getMessage(), unable);
        }
        use(files.read());
    }

    ServerCredentials forNode() {
        return TlsServerCredentials.newBuilder()
                .keyManager(identity)
                .trustManager(trusted)
                .clientAuth(ClientAuth.REQUIRE)
                .build();
    }

    ChannelCredentials forGate() {
        return TlsChannelCredentials.newBuilder()
                .keyManager(identity)
                .trustManager(trusted)
                .build();
    }

    /** Call it every few seconds: it loads new files once they have stopped changing. */
    public synchronized void look() {
        if (watch.changed()) {
            take();
        }
    }

    /** Reads the files now; returns false if they cannot be used, and then nothing changes. */
    public synchronized boolean reload() {
        watch.taken();
        return take();
    }

    /** When the certificate in use expires, seconds since 1970. */
    public long expirySeconds() {
        return expirySeconds;
    }

    /** How often new certificates were loaded. */
    public long reloads() {
        return reloads.get();
    }

    /** How often new files could not be used. */
    public long failures() {
        return failures.get();
    }

    private boolean take() {
        try {
            Identity read = files.read();
            if (read.own().getNotAfter().toInstant().isBefore(clock.instant())) {
                throw new PemException("the certificate in " + files.certificate() + " has expired");
            }
            use(read);
        } catch (PemException unusable) {
            failures.incrementAndGet();
            LOG.warn(
                    "the new certificate of links cannot be used, the old one stays in use: {}", unusable.getMessage());
            return false;
        }
        reloads.incrementAndGet();
        LOG.info("a new certificate of links is in use, valid until {}", Instant.ofEpochSecond(expirySeconds));
        return true;
    }

    private void use(Identity read) throws PemException {
        try {
            // The only step that can fail comes first, so that the change is all or nothing.
            trusted.updateTrustCredentials(read.authorities().toArray(X509Certificate[]::new));
        } catch (IOException | GeneralSecurityException unusable) {
            throw new PemException(files.authorities() + " cannot be used: " + unusable.getMessage(), unusable);
        }
        identity.updateIdentityCredentials(read.chain().toArray(X509Certificate[]::new), read.key());
        expirySeconds = read.own().getNotAfter().toInstant().getEpochSecond();
    }
}
