package io.hongyan.broker.server;

/** The shared counters of the connections of one address, or of one user. */
final class Share {
    final TokenBucket packets = new TokenBucket();
    final TokenBucket bytes = new TokenBucket();
    final TokenBucket connects = new TokenBucket();

    /** Guarded by {@link Shares}. */
    private int connections;
    /** Failed logins of an address in the minute since then. */
    private long failuresSinceMillis;

    private int failures;

    int connections() {
        return connections;
    }

    /** False above the limit, and then the connection is not counted. */
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

    /** Whether it equals a new one. */
    boolean isIdle(long nowMillis) {
        return connections == 0
                && failures(nowMillis) == 0
                && connects.isFull(nowMillis)
                && packets.isFull(nowMillis)
                && bytes.isFull(nowMillis);
    }
}
