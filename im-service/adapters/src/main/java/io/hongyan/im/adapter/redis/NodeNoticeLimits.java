package io.hongyan.im.adapter.redis;

/**
 * Limits for notices between nodes.
 *
 * @param waitingMax notices that may wait to be sent; more are lost, which the others notice
 * @param waitingBytesMax approximate bytes of them
 * @param batchMax notices sent together
 * @param batchBytesMax approximate bytes of them; one is always accepted
 * @param lifeSignMillis after which a node without notices sends a sign of life
 * @param silenceMillis after which the subscription to a silent node is renewed
 * @param renewMillis how often a node renews its lease
 * @param leaseMillis how long a lease is valid
 * @param checkMillis how often each session is checked
 */
record NodeNoticeLimits(
        int waitingMax,
        long waitingBytesMax,
        int batchMax,
        int batchBytesMax,
        long lifeSignMillis,
        long silenceMillis,
        long renewMillis,
        long leaseMillis,
        long checkMillis) {
    static final NodeNoticeLimits DEFAULT =
            new NodeNoticeLimits(50_000, 32L << 20, 500, 256 << 10, 1_000, 3_000, 1_000, 5_000, 30_000);

    NodeNoticeLimits withWaitingMax(int other) {
        return new NodeNoticeLimits(
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
