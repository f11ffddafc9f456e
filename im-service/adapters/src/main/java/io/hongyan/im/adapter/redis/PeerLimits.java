package io.hongyan.im.adapter.redis;

/**
 * Bounds of what goes between nodes.
 *
 * @param waitingMax notices that may wait to be sent; more are lost, which the others notice
 * @param waitingBytesMax bytes of them, about
 * @param batchMax notices sent together
 * @param batchBytesMax bytes of them, about; one is always let in
 * @param lifeSignMillis after which a node that has nothing to tell says so
 * @param silenceMillis after which a node that says nothing is listened to anew
 * @param renewMillis how often a node renews its lease
 * @param leaseMillis how long a lease is good
 * @param checkMillis how often each session is looked up again
 */
record PeerLimits(
        int waitingMax,
        long waitingBytesMax,
        int batchMax,
        int batchBytesMax,
        long lifeSignMillis,
        long silenceMillis,
        long renewMillis,
        long leaseMillis,
        long checkMillis) {
    static final PeerLimits DEFAULT =
            new PeerLimits(50_000, 32L << 20, 500, 256 << 10, 1_000, 3_000, 1_000, 5_000, 30_000);

    PeerLimits withWaitingMax(int other) {
        return new PeerLimits(
                other,
                waitingBytesMax,
                batchMax,
                batchBytesMax,
                lifeSignMillis,
                silenceMillis,
                renewMillis,
                leaseMillis,
                checkMillis);
    }
}
