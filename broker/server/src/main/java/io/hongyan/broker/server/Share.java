package io.hongyan.broker.server;

/** What the connections of one address, or of one user, have together. */
final class Share {
    final TokenBucket packets = new TokenBucket();
    final TokenBucket bytes = new TokenBucket();
    final TokenBucket connects = new TokenBucket();

    /** Guarded by {@link Shares}. */
    private int connections;
    /** Logins that failed in the minute since then, of an address. */
    private long failuresSinceMillis;

    private int failures;

    int connections() {
        return connections;
    }

    /** False above the limit, and then it is not counted. */
    boolean open(int connectionsMax) {
        if (connections >= connectionsMax) {
            return false;
        }
        connections++;
        return true;
    }

    void close() {
        connections--;
    }

    synchronized void failed(long nowMillis) {
        if (nowMillis - failuresSinceMillis >= Shares.MINUTE_MILLIS) {
            failuresSinceMillis = nowMillis;
            failures = 0;
        }
        failures++;
    }

    synchronized int failures(long nowMillis) {
        return nowMillis - failuresSinceMillis < Shares.MINUTE_MILLIS ? failures : 0;
    }

    /** Whether nothing would be different if it were made anew. */
    boolean isIdle(long nowMillis) {
        return connections == 0
                && failures(nowMillis) == 0
                && connects.isFull(nowMillis)
                && packets.isFull(nowMillis)
                && bytes.isFull(nowMillis);
    }
}
