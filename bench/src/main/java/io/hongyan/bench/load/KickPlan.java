package io.hongyan.bench.load;

/**
 * Users who log in again and again, each time at another gate with another device of the same class.
 *
 * @param users how many
 * @param ratePerSecond logins of all of them, at fixed times whatever the server does
 * @param warmUpMillis load before the measured time
 * @param measureMillis the measured time
 */
public record KickPlan(int users, double ratePerSecond, long warmUpMillis, long measureMillis) {
    /** Unanswered logins per loop; above it logins wait, and their latency counts. */
    static final int UNDER_WAY_MAX = 1_024;

    /** First logins of each user: one at each of two gates. */
    static final long FIRST_LOGINS = 2;

    /** Unanswered first logins per loop. */
    static final int FIRST_UNDER_WAY_MAX = 24;

    /** After so long without a change at the end, what is left counts. */
    static final long QUIET_MILLIS_MAX = 10_000;

    static final long DRAIN_MILLIS_MAX = 60_000;

    public KickPlan {
        if (users < 1 || ratePerSecond <= 0) {
            throw new IllegalArgumentException("at least one user and a rate are needed");
        }
    }
}
