package io.hongyan.bench;

import io.hongyan.bench.load.GroupPlan;
import io.hongyan.bench.load.PairPlan;
import picocli.CommandLine.Option;

/** Options of the commands that use the pair load. */
final class LoadOptions {
    /** Readers of one group. */
    private static final int ONLINE_MAX = 50;

    @Option(names = "--pairs", defaultValue = "50", description = "Senders, each with one receiver (${DEFAULT-VALUE}).")
    private int pairs;

    @Option(
            names = "--window",
            defaultValue = "8",
            description = "Closed loop: messages each sender keeps unacknowledged (${DEFAULT-VALUE}).")
    private int window;

    @Option(
            names = "--rate",
            defaultValue = "0",
            description = "Open loop: messages per second of all senders; latency counts from the time a message was"
                    + " meant to be sent. 0 = closed loop.")
    private double rate;

    @Option(names = "--text-bytes", defaultValue = "100", description = "Length of each text (${DEFAULT-VALUE}).")
    private int textBytes;

    @Option(
            names = "--warm-up",
            defaultValue = "10",
            description = "Seconds of load before measuring (${DEFAULT-VALUE}).")
    private double warmUpSeconds;

    @Option(names = "--seconds", defaultValue = "10", description = "Measured seconds (${DEFAULT-VALUE}).")
    private double seconds;

    @Option(
            names = "--replies",
            description = "Senders also read the server's answers, as an app does; refusals are then counted.")
    private boolean replies;

    @Option(names = "--threads", defaultValue = "2", description = "Load generator's threads (${DEFAULT-VALUE}).")
    private int threads;

    @Option(names = "--seed", defaultValue = "1", description = "Seed of the client message ids (${DEFAULT-VALUE}).")
    private long seed;

    PairPlan plan() {
        return plan(rate);
    }

    /** The same at another rate. */
    PairPlan plan(double ratePerSecond) {
        return new PairPlan(pairs, window, ratePerSecond, textBytes, warmUpMillis(), measureMillis(), replies, seed);
    }

    /** One group that is written to at a rate. */
    GroupPlan groupPlan(int members, double ratePerSecond) {
        int online = Math.min(members - 1, ONLINE_MAX);
        return new GroupPlan(
                1, members, online, window, ratePerSecond, textBytes, warmUpMillis(), measureMillis(), seed);
    }

    int threads() {
        return threads;
    }

    long measureMillis() {
        return (long) (seconds * 1000);
    }

    long warmUpMillis() {
        return (long) (warmUpSeconds * 1000);
    }

    int textBytes() {
        return textBytes;
    }

    long seed() {
        return seed;
    }
}
