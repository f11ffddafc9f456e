package io.hongyan.bench.load;

import io.hongyan.bench.mqtt.MqttLoops;
import io.hongyan.bench.report.Progress;
import io.hongyan.bench.server.Usage;
import io.hongyan.bench.time.BenchTime;
import java.util.List;
import java.util.function.Supplier;

/** One run of the pair load: connect, warm up, measure, wait for the rest, count what is missing. */
public final class PairRun {
    static final long CONNECT_MILLIS_MAX = 120_000;
    private static final long START_DELAY_NANOS = 20_000_000L;
    private static final long NANOS_PER_MILLI = 1_000_000L;

    private final PairPlan plan;
    private final BenchTime time;
    private final Watch watch;
    private final PerLoop<LoopShare> shares;

    /** @param name for the progress line */
    public PairRun(
            String name, MqttLoops loops, Addressing addressing, PairPlan plan, BenchTime time, Progress progress) {
        this.plan = plan;
        this.time = time;
        this.watch = new Watch(name, time, progress);
        this.shares =
                new PerLoop<>(loops, plan.pairs(), (loop, numbers) -> new LoopShare(loop, plan, addressing, numbers));
    }

    /**
     * Runs to the end; once.
     *
     * @param server reads what the server has used so far
     * @param generator reads what this process has used so far
     * @throws LoadFailure if not every client could connect
     */
    public PairFigures run(Supplier<Usage> server, Supplier<Usage> generator) {
        try {
            shares.tellAll(LoopShare::connect);
            watch.untilConnected(() -> shares.ask(LoopShare::connecting), CONNECT_MILLIS_MAX);
            long measureNanos = begin();
            long stopNanos = measureNanos + plan.measureMillis() * NANOS_PER_MILLI;
            watch.until(measureNanos, "warming up", this::received);
            Usage serverBefore = server.get();
            Usage generatorBefore = generator.get();
            watch.until(stopNanos, "measuring", this::received);
            Usage generatorUsed = generator.get().since(generatorBefore);
            Usage serverUsed = server.get().since(serverBefore);
            watch.untilNone(
                    this::unfinished, "waiting for the rest", PairPlan.QUIET_MILLIS_MAX, PairPlan.DRAIN_MILLIS_MAX);
            return figures(stopNanos - measureNanos, serverUsed, generatorUsed);
        } finally {
            shares.ask(LoopShare::finish);
        }
    }

    /** Starts the load and tells when the measured time begins. */
    private long begin() {
        long base = time.nanos() + START_DELAY_NANOS;
        for (int i = 0; i < shares.size(); i++) {
            int number = i;
            shares.tell(i, share -> share.begin(base, number, shares.size()));
        }
        return base + plan.warmUpMillis() * NANOS_PER_MILLI;
    }

    private PairFigures figures(long measuredNanos, Usage server, Usage generator) {
        long lost = shares.ask(LoopShare::lost).stream()
                .mapToLong(Integer::longValue)
                .sum();
        List<String> ends =
                shares.ask(LoopShare::ends).stream().flatMap(List::stream).toList();
        long connectsFailed = shares.ask(LoopShare::connecting).stream()
                .mapToLong(Connector.State::retried)
                .sum();
        LoadStats sum = new LoadStats();
        shares.ask(LoopShare::finish).forEach(stats -> stats.addTo(sum));
        return new PairFigures(
                sum.sums(), sum.timeline(), measuredNanos, server, generator, lost, connectsFailed, ends);
    }

    private long received() {
        return shares.ask(LoopShare::status).stream()
                .mapToLong(LoopShare.Status::received)
                .sum();
    }

    /** Acknowledgements and deliveries still to come. */
    private long unfinished() {
        return shares.ask(LoopShare::status).stream()
                .mapToLong(status -> 2 * status.sent() - status.acknowledged() - status.received())
                .sum();
    }
}
