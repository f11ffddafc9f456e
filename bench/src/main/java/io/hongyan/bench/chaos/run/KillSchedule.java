package io.hongyan.bench.chaos.run;

import java.util.random.RandomGenerator;

/**
 * When the server is killed: usually some time after it is ready, sometimes while it is starting. The times come from
 * the seed.
 */
final class KillSchedule {
    private static final double WHILE_STARTING_PART = 0.15;
    private static final long START_MILLIS_MAX = 1_500;
    private static final long UPTIME_MILLIS_MIN = 500;
    private static final long FIRST_UPTIME_MILLIS = 6_000;

    private final RandomGenerator random;
    private final long uptimeMillisMax;

    /** @param seconds length of the run; a short one kills more often */
    KillSchedule(RandomGenerator random, int seconds) {
        this.random = random;
        this.uptimeMillisMax = Math.max(2 * UPTIME_MILLIS_MIN, Math.min(12_000, seconds * 1_000L / 3));
    }

    /** The first life is long: most cursors should be written long before the first kill. */
    Life first() {
        return new Life(false, FIRST_UPTIME_MILLIS);
    }

    /** The life of the server that is about to be started. */
    Life next() {
        if (random.nextDouble() < WHILE_STARTING_PART) {
            return new Life(true, random.nextLong(START_MILLIS_MAX));
        }
        return new Life(false, random.nextLong(UPTIME_MILLIS_MIN, uptimeMillisMax));
    }

    /**
     * @param whileStarting the time counts from the start of the process, not from readiness
     * @param millis how long it lives
     */
    record Life(boolean whileStarting, long millis) {}
}
