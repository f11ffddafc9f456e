package io.hongyan.broker.server;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The shares of all addresses, or of all users, by their key. A share is kept while it has connections, and afterwards
 * until its buckets are full again, unless too many are kept so. Safe for many threads.
 */
final class Shares<K> {
    static final long MINUTE_MILLIS = 60_000;
    /** Shares without connections; further ones are forgotten at once, so that nobody is refused for want of memory. */
    static final int REMEMBERED_MAX = 100_000;

    private final ConcurrentHashMap<K, Share> shares = new ConcurrentHashMap<>();
    private final AtomicInteger remembered = new AtomicInteger();

    /** Adds a connection to the share; null if {@code admits} refuses. */
    Share open(K key, Predicate<Share> admits) {
        Share[] admitted = {null};
        shares.compute(
                key,
                (same, known) -> changed(known, share -> {
                    if (admits.test(share)) {
                        admitted[0] = share;
                    }
                }));
        return admitted[0];
    }

    /** Removes a connection. */
    void close(K key) {
        shares.computeIfPresent(key, (same, share) -> changed(share, Share::close));
    }

    /** Changes the share, which is a new one if there are no connections. */
    void change(K key, Consumer<Share> how) {
        shares.compute(key, (same, known) -> changed(known, how));
    }

    /** Null if it is not to be kept. */
    private Share changed(Share known, Consumer<Share> how) {
        boolean wasRemembered = known != null && known.connections() == 0;
        Share share = known == null ? new Share() : known;
        how.accept(share);
        boolean isRemembered = share.connections() == 0;
        if (isRemembered && !wasRemembered && remembered.incrementAndGet() > REMEMBERED_MAX) {
            remembered.decrementAndGet();
            return null;
        } else if (wasRemembered && !isRemembered) {
            remembered.decrementAndGet();
        }
        return share;
    }

    /** Called periodically. */
    void forgetIdle(long nowMillis) {
        for (K key : shares.keySet()) {
            shares.computeIfPresent(key, (same, share) -> {
                if (!share.isIdle(nowMillis)) {
                    return share;
                }
                remembered.decrementAndGet();
                return null;
            });
        }
    }

    int size() {
        return shares.size();
    }
}
