package io.hongyan.bench.load;

/**
 * The load of one run.
 *
 * @param pairs senders, each with one receiver
 * @param window closed loop: how many messages each sender keeps unacknowledged; unused in an open loop
 * @param ratePerSecond open loop: messages per second of all senders together; 0 makes it a closed loop
 * @param textBytes length of each text
 * @param warmUpMillis load before the measured time
 * @param measureMillis the measured time
 * @param replies whether senders read the server's answers, as an app does, so that refusals are seen
 * @param seed of the client message ids
 */
public record PairPlan(
        int pairs,
        int window,
        double ratePerSecond,
        int textBytes,
        long warmUpMillis,
        long measureMillis,
        boolean replies,
        long seed) {
    /** In an open loop a sender with so many unacknowledged messages waits (and its latency counts). */
    static final int OPEN_LOOP_IN_FLIGHT_MAX = 16_384;

    /** Connections being opened at once, per loop. */
    static final int CONNECTING_MAX = 48;

    /** After so long without an arrival at the end, what is missing counts as lost. */
    static final long QUIET_MILLIS_MAX = 5_000;

    /** Longest wait for arrivals after the end. */
    static final long DRAIN_MILLIS_MAX = 120_000;

    public boolean openLoop() {
        return ratePerSecond > 0;
    }
}
