package io.hongyan.client.net;

/**
 * How long to wait before connecting again: at random up to 1, 2, 4 … 120 seconds, so that devices that lost their
 * connection at once do not come back at once. One thread at a time uses it.
 */
public final class Backoff {
    private static final long FIRST_MILLIS = 1_000;
    private static final long LONGEST_MILLIS = 120_000;
    private static final long RESETS_APART_MILLIS = 5_000;

    private final Chance chance;
    private long ceilingMillis = FIRST_MILLIS;
    private long resetAtMillis = -RESETS_APART_MILLIS;

    /** Where random numbers come from. */
    public interface Chance {
        /** From 0 to below 1, each as likely as any other. */
        double next();
    }

    /** Begins with the shortest pause. */
    public Backoff(Chance chance) {
        this.chance = chance;
    }

    /** The pause before the next attempt; the one after it may be twice as long. */
    public long nextMillis() {
        long ceiling = ceilingMillis;
        ceilingMillis = Math.min(LONGEST_MILLIS, ceiling * 2);
        return (long) (chance.next() * ceiling);
    }

    /** A connection was made: the pauses begin anew. */
    public void succeeded() {
        ceilingMillis = FIRST_MILLIS;
    }

    /**
     * The next attempt has better prospects: the app is in the foreground, the device woke up, the network is another one.
     *
     * @return whether to try at once; not more often than once in 5 seconds
     */
    public boolean hint(long elapsedMillis) {
        if (elapsedMillis - resetAtMillis < RESETS_APART_MILLIS) {
            return false;
        }
        resetAtMillis = elapsedMillis;
        ceilingMillis = FIRST_MILLIS;
        return true;
    }
}
