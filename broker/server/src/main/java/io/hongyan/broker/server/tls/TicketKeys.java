package io.hongyan.broker.server.tls;

import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.netty.handler.ssl.SslContext;
import java.security.SecureRandom;

/**
 * Keys of session tickets, with which a client that reconnects needs no full handshake (RFC 5077, RFC 8446). They are
 * independent of the certificate, and are replaced every few hours, because whoever steals one can read the sessions
 * resumed with it. The previous key is kept so that tickets of the last hours still work. Kept in memory only.
 */
final class TicketKeys {
    private static final long LIFE_MILLIS = 6 * 3_600_000L;

    private final SecureRandom random;
    private OpenSslSessionTicketKey current;
    private OpenSslSessionTicketKey previous;
    private long madeMillis;

    TicketKeys(SecureRandom random) {
        this.random = random;
    }

    /** Forgets them: earlier tickets become void. */
    void forget() {
        current = null;
        previous = null;
    }

    /** True if there are new keys for {@link #into}. */
    boolean renew(long nowMillis) {
        if (current != null && nowMillis - madeMillis < LIFE_MILLIS) {
            return false;
        }
        previous = current;
        current = new OpenSslSessionTicketKey(
                bytes(OpenSslSessionTicketKey.NAME_SIZE),
                bytes(OpenSslSessionTicketKey.HMAC_KEY_SIZE),
                bytes(OpenSslSessionTicketKey.AES_KEY_SIZE));
        madeMillis = nowMillis;
        return true;
    }

    /** The JDK's own TLS creates and changes such keys itself. */
    void into(SslContext context) {
        if (context.sessionContext() instanceof OpenSslSessionContext sessions) {
            if (previous == null) {
                sessions.setTicketKeys(current);
            } else {
                // The first key is for new tickets.
                sessions.setTicketKeys(current, previous);
            }
        }
    }

    private byte[] bytes(int length) {
        byte[] made = new byte[length];
        random.nextBytes(made);
        return made;
    }
}
