package io.hongyan.broker.server;

import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * The shares of all addresses, or of all users, by their key. One is kept while it has connections, and afterwards until its
 * buckets are full again. Safe for many threads.
 */
final class Shares<K> {
    static final long MINUTE_MILLIS = 60_000;

    private final ConcurrentHashMap<K, Share> shares = new ConcurrentHashMap<>();

    /** The share with one more connection; null where {@code admits} says no. */
    Share open(K key, Predicate<Share> admits) {
        boolean[] admitted = {false};
        Share share = shares.compute(key, (same, known) -> {
            Share it = known == null ? new Share() : known;
            admitted[0] = admits.test(it);
            return it;
        });
        return admitted[0] ? share : null;
    }

    /** One connection less. */
    void close(K key) {
        shares.computeIfPresent(key, (same, share) -> {
            share.close();
            return share;
        });
    }

    /** To be called every so often. */
    void forgetIdle(long nowMillis) {
        for (K key : shares.keySet()) {
            shares.computeIfPresent(key, (same, share) -> share.isIdle(nowMillis) ? null : share);
        }
    }

    int size() {
        return shares.size();
    }
}
