package io.hongyan.broker.server.tls;

import io.hongyan.runtime.pem.KeyFiles.Identity;
import io.hongyan.runtime.pem.KeyWatch;
import io.hongyan.runtime.pem.PemException;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.OpenSslSessionStats;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.util.ReferenceCountUtil;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's side of TLS, with the certificate in its files now. New files are used for new connections; open ones
 * stay as they are. Files that cannot be used change nothing. Any thread may ask for a handler; one thread checks the
 * files.
 */
public final class TlsContexts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TlsContexts.class);
    private static final long DAY_MILLIS = 86_400_000;
    private static final int WARNED_DAYS = 21;
    private static final int SESSIONS_MAX = 10_000;
    private static final int SESSION_SECONDS = 6 * 3_600;
    private static final int CLOSE_MILLIS = 1_000;

    /** Forward secrecy and authenticated encryption only; the first three are those of TLS 1.3. */
    private static final List<String> CIPHERS = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    static {
        // The JDK lets clients ask for a new handshake in TLS 1.2 again and again; it reads this property once.
        // BoringSSL never allows it.
        System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
    }

    private final TlsOptions options;
    private final SslProvider provider;
    private final Clock clock;
    private final TicketKeys tickets;
    private final AtomicLong reloads = new AtomicLong();
    private final AtomicLong resumedBefore = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private volatile Current current;
    private final KeyWatch watch;
    private long warnedDay = -1;

    /** The protocol inside TLS (RFC 7301); a client that names none of these is served all the same. */
    public enum Inside {
        MQTT("mqtt"),
        HTTP("http/1.1");

        private final String protocol;

        Inside(String protocol) {
            this.protocol = protocol;
        }
    }

    private record Current(Identity identity, Map<Inside, SslContext> contexts) {}

    /**
     * Reads the files.
     *
     * @param random makes the keys of session tickets
     * @throws PemException they cannot be used
     */
    public TlsContexts(TlsOptions options, Clock clock, SecureRandom random) throws PemException {
        this(options, clock, random, OpenSsl.isAvailable() ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK);
    }

    /**
     * The same.
     *
     * @param provider the TLS implementation
     */
    public TlsContexts(TlsOptions options, Clock clock, SecureRandom random, SslProvider provider) throws PemException {
        this.options = options;
        this.provider = provider;
        this.clock = clock;
        this.tickets = new TicketKeys(random);
        watch = new KeyWatch(options.files());
        tickets.renew(clock.millis());
        current = build(options.files().read());
        LOG.info("TLS by {}: {}", provider == SslProvider.JDK ? "the JDK" : OpenSsl.versionString(), described());
        if (secondsLeft() < 0) {
            LOG.error(
                    "the certificate in {} has expired: clients will refuse it",
                    options.files().certificate());
        }
    }

    /** The handler of one connection, for the first position in its pipeline. */
    public SslHandler handler(Inside inside, ByteBufAllocator allocator) {
        SslHandler handler = handlerOf(inside, allocator);
        handler.setHandshakeTimeoutMillis(options.handshakeMillis());
        handler.setCloseNotifyFlushTimeoutMillis(CLOSE_MILLIS);
        return handler;
    }

    private SslHandler handlerOf(Inside inside, ByteBufAllocator allocator) {
        while (true) {
            SslContext context = current.contexts.get(inside);
            try {
                return context.newHandler(allocator);
            } catch (RuntimeException released) {
                // Between the two lines the certificate may have changed, and the old context been released.
                if (context == current.contexts.get(inside)) {
                    throw released;
                }
            }
        }
    }

    /**
     * Called every few seconds: loads new files once they have stopped changing, warns of a certificate that is about
     * to expire.
     */
    public synchronized void look() {
        if (watch.changed()) {
            take();
        }
        if (tickets.renew(clock.millis())) {
            current.contexts.values().forEach(tickets::into);
        }
        warn();
    }

    /** Reads the files now; returns false if they cannot be used, and then the certificate stays as it is. */
    public synchronized boolean reload() {
        watch.taken();
        return take();
    }

    /** Seconds until the certificate in use expires; negative after that. */
    public long secondsLeft() {
        return (current.identity.own().getNotAfter().getTime() - clock.millis()) / 1_000;
    }

    /** When the certificate in use expires, seconds since 1970. */
    public long expirySeconds() {
        return current.identity.own().getNotAfter().getTime() / 1_000;
    }

    /** Handshakes that resumed an earlier session by its ticket; 0 with the JDK's TLS, which does not count them. */
    public long resumed() {
        return resumedBefore.get() + resumed(current);
    }

    private static long resumed(Current counted) {
        long sum = 0;
        for (SslContext context : counted.contexts.values()) {
            if (context.sessionContext() instanceof OpenSslSessionContext sessions) {
                OpenSslSessionStats stats = sessions.stats();
                sum += stats.hits() + stats.ticketKeyResume() + stats.ticketKeyRenew();
            }
        }
        return sum;
    }

    /** How often new certificates were loaded. */
    public long reloads() {
        return reloads.get();
    }

    /** How often new files could not be used. */
    public long failures() {
        return failures.get();
    }

    @Override
    public synchronized void close() {
        release(current);
    }

    private boolean take() {
        Current old = current;
        try {
            Identity identity = options.files().read();
            if (identity.own().getNotAfter().getTime() <= clock.millis()) {
                throw new PemException("the certificate in " + options.files().certificate() + " has expired");
            }
            if (!identity.authorities().equals(old.identity.authorities())) {
                // A client with a certificate of a removed authority must not come back with a ticket.
                tickets.forget();
                tickets.renew(clock.millis());
            }
            current = build(identity);
        } catch (PemException unusable) {
            failures.incrementAndGet();
            LOG.warn("the new certificate cannot be used, the old one stays in use: {}", unusable.getMessage());
            return false;
        }
        resumedBefore.addAndGet(resumed(old));
        release(old);
        reloads.incrementAndGet();
        warnedDay = -1;
        LOG.info("a new certificate is in use: {}", described());
        return true;
    }

    private void warn() {
        long days = Math.floorDiv(secondsLeft() * 1_000, DAY_MILLIS);
        long today = clock.millis() / DAY_MILLIS;
        if (days < WARNED_DAYS && today != warnedDay) {
            warnedDay = today;
            LOG.warn("the certificate in {} expires in {} days", options.files().certificate(), days);
        }
    }

    private String described() {
        Identity identity = current.identity;
        return identity.own().getSubjectX500Principal() + ", valid until "
                + Instant.ofEpochMilli(identity.own().getNotAfter().getTime());
    }

    private Current build(Identity identity) throws PemException {
        Map<Inside, SslContext> contexts = new EnumMap<>(Inside.class);
        try {
            for (Inside inside : Inside.values()) {
                SslContext context = context(identity, inside);
                contexts.put(inside, context);
                tickets.into(context);
            }
        } catch (SSLException | IllegalArgumentException unusable) {
            contexts.values().forEach(ReferenceCountUtil::release);
            throw new PemException(
                    options.files().certificate() + " cannot be used: " + unusable.getMessage(), unusable);
        }
        return new Current(identity, contexts);
    }

    private SslContext context(Identity identity, Inside inside) throws SSLException {
        SslContextBuilder builder = SslContextBuilder.forServer(identity.key(), identity.chain())
                .sslProvider(provider)
                .protocols("TLSv1.3", "TLSv1.2")
                .ciphers(CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
                .sessionCacheSize(SESSIONS_MAX)
                .sessionTimeout(SESSION_SECONDS)
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        inside.protocol));
        if (!identity.authorities().isEmpty()) {
            builder.trustManager(identity.authorities());
        }
        return builder.clientAuth(
                        switch (options.clientCertificates()) {
                            case OFF -> ClientAuth.NONE;
                            case OPTIONAL -> ClientAuth.OPTIONAL;
                            case REQUIRED -> ClientAuth.REQUIRE;
                        })
                .build();
    }

    private static void release(Current gone) {
        gone.contexts.values().forEach(ReferenceCountUtil::release);
    }
}
