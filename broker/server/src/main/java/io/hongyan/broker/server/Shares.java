package io.hongyan.broker.server;

import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The shares of all addresses, or of all users, by their key. A share is kept while it has connections, and afterwards
 * until its buckets are full again. Safe for many threads.
 */
final class Shares<K> {
    static final long MINUTE_MILLIS = 60_000;

    private final ConcurrentHashMap<K, Share> shares = new ConcurrentHashMap<>();

    /** Adds a connection to the share; null if {@code admits} refuses. */
    Share open(K key, Predicate<Share> admits) {
        boolean[] admitted = {false};
        Share share = shares.compute(key, (same, known) -> {
            Share it = known == null ? new Share() : known;
            admitted[0] = admits.test(it);
            return it;
        });
        return admitted[0] ? share : null;
    }

    /** Removes a connection. */
    void close(K key) {
        shares.computeIfPresent(key, (same, share) -> {
            share.close();
            return share;
        });
    }

    /** Changes the share, which is a new one if there are no connections. */
    void change(K key, Consumer<Share> how) {
        shares.compute(key, (same, known) -> {
            Share it = known == null ? new Share() : known;
            how.accept(it);
            return it;
        });
    }

    /** Called periodically. */
    void forgetIdle(long nowMillis) {
        for (K key : shares.keySet()) {
            shares.computeIfPresent(key, (same, share) -> share.isIdle(nowMillis) ? null : share);
        }
    }

    int size() {
        return shares.size();
    }
}
