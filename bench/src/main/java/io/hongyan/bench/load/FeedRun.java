package io.hongyan.bench.load;

import io.hongyan.bench.feed.FeedConsumer;
import io.hongyan.bench.mqtt.MqttLoops;
import io.hongyan.bench.report.Progress;
import io.hongyan.bench.time.BenchTime;
import java.util.function.Function;

/** Follows messages from their PUBACK to a consumer of the feed: without an outage, and after one. */
public final class FeedRun {
    private static final long CATCH_UP_QUIET_MILLIS_MAX = 60_000;
    private static final long CATCH_UP_MILLIS_MAX = 60 * 60_000L;
    /** A consumer counts as level if it lacks at most the messages of so much time, or so many messages. */
    private static final double LEVEL_SECONDS = 0.25;

    private static final long LEVEL_MESSAGES_MIN = 10;

    private final MqttLoops loops;
    private final HongyanAddressing addressing;
    private final FeedPlan plan;
    private final BenchTime time;
    private final Progress progress;
    private final FeedLedger ledger;

    /** Something that keeps the consumer from reading for a while. */
    public interface Outage {
        void begin();

        /** A step that takes time until reading is possible again. */
        void repair();

        void end();
    }

    public FeedRun(MqttLoops loops, HongyanAddressing addressing, FeedPlan plan, BenchTime time, Progress progress) {
        this.loops = loops;
        this.addressing = addressing;
        this.plan = plan;
        this.time = time;
        this.progress = progress;
        this.ledger = new FeedLedger(plan);
    }

    /** The ledger that the consumer must tell. */
    public FeedLedger ledger() {
        return ledger;
    }

    /** How far the consumer is behind without an outage. */
    public FeedFigures lag(FeedConsumer consumer, long warmUpMillis, long measureMillis) {
        return run(consumer, load -> {
            warmUp(load, warmUpMillis);
            long from = time.nanos();
            load.goOn(measureMillis, "measuring");
            return new Measured(from, time.nanos(), FeedFigures.CatchUp.NONE);
        });
    }

    /** How fast it catches up after an outage while messages keep coming. */
    public FeedFigures catchUp(FeedConsumer consumer, Outage outage, long warmUpMillis, long outageMillis) {
        return run(consumer, load -> {
            warmUp(load, warmUpMillis);
            outage.begin();
            load.goOn(outageMillis, "outage");
            outage.repair();
            long from = time.nanos();
            long backlog = ledger.acknowledgedCount() - ledger.fedCount();
            long eventsBefore = ledger.eventCount();
            outage.end();
            awaitLevel(load, "catching up");
            long to = time.nanos();
            return new Measured(
                    from, to, new FeedFigures.CatchUp(backlog, ledger.eventCount() - eventsBefore, to - from));
        });
    }

    /** A new consumer may take some seconds until it gets anything. */
    private void warmUp(FeedLoad load, long millis) {
        load.goOn(millis, "warming up");
        awaitLevel(load, "waiting for the consumer");
    }

    private void awaitLevel(FeedLoad load, String phase) {
        long level = (long) Math.max(LEVEL_MESSAGES_MIN, plan.ratePerSecond() * LEVEL_SECONDS);
        if (!load.untilNone(
                () -> Math.max(0, ledger.acknowledgedCount() - ledger.fedCount() - level),
                phase,
                CATCH_UP_QUIET_MILLIS_MAX,
                CATCH_UP_MILLIS_MAX)) {
            throw new LoadFailure("the consumer of the feed did not catch up");
        }
    }

    private record Measured(long fromNanos, long toNanos, FeedFigures.CatchUp catchUp) {}

    private FeedFigures run(FeedConsumer consumer, Function<FeedLoad, Measured> measure) {
        try (FeedLoad load = new FeedLoad(loops, addressing, plan, ledger, time, progress)) {
            Measured measured;
            try (consumer) {
                consumer.start();
                load.begin();
                measured = measure.apply(load);
                load.finish();
            }
            if (consumer.failure() != null) {
                throw consumer.failure();
            }
            return new FeedFigures(
                    plan,
                    ledger.lagNanos(measured.fromNanos(), measured.toNanos()),
                    measured.catchUp(),
                    load.sent(),
                    ledger.acknowledgedCount(),
                    ledger.lost(),
                    ledger.outOfOrder(),
                    ledger.repeated(),
                    load.ends());
        }
    }
}
