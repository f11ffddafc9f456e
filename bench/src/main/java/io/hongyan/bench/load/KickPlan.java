package io.hongyan.bench.load;

/**
 * Users who log in again and again, each time at another gate with another device of the same kind.
 *
 * @param users how many
 * @param ratePerSecond logins of all of them, at fixed times whatever the server does
 * @param warmUpMillis load before the measured time
 * @param measureMillis the measured time
 */
public record KickPlan(int users, double ratePerSecond, long warmUpMillis, long measureMillis) {
    /** Logins without an answer, per loop; above it logins wait and are charged for it. */
    static final int UNDER_WAY_MAX = 1_024;

    /** Of each user, before the others: one at each of two gates. */
    static final long FIRST_LOGINS = 2;

    /** First logins without an answer, per loop. */
    static final int FIRST_UNDER_WAY_MAX = 24;

    /** How long nothing may change after the end before what is left counts. */
    static final long QUIET_MILLIS_MAX = 10_000;

    static final long DRAIN_MILLIS_MAX = 60_000;

    public KickPlan {
        if (users < 1 || ratePerSecond <= 0) {
            throw new IllegalArgumentException("there is at least one user, and a rate");
        }
    }
}
