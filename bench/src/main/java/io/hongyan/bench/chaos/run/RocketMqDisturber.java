package io.hongyan.bench.chaos.run;

import io.hongyan.bench.chaos.history.HistoryEvent;
import io.hongyan.bench.chaos.run.ChaosRocketMq.Part;
import io.hongyan.bench.time.BenchTime;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Kills RocketMQ with SIGKILL and starts it again, on its own thread: usually the broker, sometimes the name server or
 * both, sometimes while it is starting. The seed decides what is killed and when.
 */
final class RocketMqDisturber implements AutoCloseable {
    private static final double WHILE_STARTING_PART = 0.15;
    private static final double NAME_SERVER_PART = 0.15;
    private static final double BOTH_PART = 0.15;
    private static final long START_MILLIS_MAX = 3_000;
    private static final long UPTIME_MILLIS_MIN = 1_000;
    private static final long DOWNTIME_MILLIS_MAX = 8_000;
    private static final long WATCH_MILLIS = 20;
    private static final long END_MILLIS_MAX = 300_000;

    private final ChaosRocketMq rocketMq;
    private final Journal journal;
    private final RandomGenerator random;
    private final BenchTime time;
    private final long uptimeMillisMax;
    private final Thread thread = new Thread(this::run, "chaos-rocketmq");
    private volatile boolean stopping;
    private volatile RuntimeException failure;
    /** Only used by the thread. */
    private int kills;

    /** @param seconds length of the run; a short one kills more often */
    RocketMqDisturber(ChaosRocketMq rocketMq, int seconds, Journal journal, RandomGenerator random, BenchTime time) {
        this.rocketMq = rocketMq;
        this.journal = journal;
        this.random = random;
        this.time = time;
        this.uptimeMillisMax = Math.max(2 * UPTIME_MILLIS_MIN, Math.min(20_000, seconds * 1_000L / 4));
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** No more kills; parts that are down are started. */
    void calm() {
        stopping = true;
    }

    /** Returns when RocketMQ runs and is left alone. */
    void awaitEnd() {
        calm();
        try {
            thread.join(END_MILLIS_MAX);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
        if (failure != null) {
            throw new IllegalStateException("disturbing RocketMQ has failed: " + failure.getMessage(), failure);
        }
        if (thread.isAlive()) {
            throw new IllegalStateException("RocketMQ did not come back");
        }
    }

    private void run() {
        try {
            while (!stopping) {
                boolean whileStarting = random.nextDouble() < WHILE_STARTING_PART;
                long life = whileStarting
                        ? random.nextLong(START_MILLIS_MAX)
                        : random.nextLong(UPTIME_MILLIS_MIN, uptimeMillisMax);
                List<Part> parts = drawParts();
                long downtime = random.nextLong(Math.min(DOWNTIME_MILLIS_MAX, uptimeMillisMax));
                if (!whileStarting) {
                    awaitReady();
                }
                pass(life);
                if (!stopping) {
                    killAndStart(parts, downtime);
                }
            }
            awaitReady();
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    private List<Part> drawParts() {
        double drawn = random.nextDouble();
        if (drawn < NAME_SERVER_PART) {
            return List.of(Part.NAME_SERVER);
        }
        return drawn < NAME_SERVER_PART + BOTH_PART ? List.of(Part.NAME_SERVER, Part.BROKER) : List.of(Part.BROKER);
    }

    private void killAndStart(List<Part> parts, long downtime) {
        kills++;
        journal.write(at -> new HistoryEvent.RocketMqKill(
                at, kills, parts.stream().map(Part::written).toList()));
        parts.forEach(rocketMq::kill);
        pass(downtime);
        parts.forEach(rocketMq::start);
    }

    private void awaitReady() {
        rocketMq.awaitReady();
        journal.write(at -> new HistoryEvent.RocketMqReady(at, kills));
    }

    private void pass(long millis) {
        long end = journal.millis() + millis;
        while (!stopping && journal.millis() < end) {
            time.pause(WATCH_MILLIS);
        }
    }

    @Override
    public void close() {
        stopping = true;
    }
}
