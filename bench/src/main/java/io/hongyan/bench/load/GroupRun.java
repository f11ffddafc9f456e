package io.hongyan.bench.load;

import io.hongyan.bench.mqtt.MqttLoops;
import io.hongyan.bench.report.Progress;
import io.hongyan.bench.server.Usage;
import io.hongyan.bench.time.BenchTime;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** One run on existing groups: connect, warm up, measure, wait for the rest, count what is missing. */
public final class GroupRun {
    private static final long CONNECT_MILLIS_MAX = 300_000;
    private static final long START_DELAY_NANOS = 20_000_000L;
    private static final long NANOS_PER_MILLI = 1_000_000L;

    private final GroupPlan plan;
    private final BenchTime time;
    private final Watch watch;
    private final PerLoop<GroupShare> shares;

    public GroupRun(MqttLoops loops, GroupAddressing addressing, GroupPlan plan, BenchTime time, Progress progress) {
        this.plan = plan;
        this.time = time;
        this.watch = new Watch("groups of " + plan.members(), time, progress);
        List<Arrivals> arrivals = IntStream.range(0, plan.groups())
                .mapToObj(group -> new Arrivals(plan.online()))
                .toList();
        this.shares = new PerLoop<>(
                loops, plan.readers(), (loop, numbers) -> new GroupShare(loop, plan, addressing, arrivals, numbers));
    }

    /**
     * Runs to the end; once.
     *
     * @param server reads what the server has used so far
     * @param rows reads how many inbox rows it has written so far
     * @throws LoadFailure if not every client could connect
     */
    public GroupFigures run(Supplier<Usage> server, LongSupplier rows) {
        try {
            shares.tellAll(GroupShare::connect);
            watch.untilConnected(() -> shares.ask(GroupShare::connecting), CONNECT_MILLIS_MAX);
            long base = time.nanos() + START_DELAY_NANOS;
            shares.tellAll(share -> share.begin(base));
            long measureNanos = base + plan.warmUpMillis() * NANOS_PER_MILLI;
            long stopNanos = measureNanos + plan.measureMillis() * NANOS_PER_MILLI;
            watch.until(measureNanos, "warming up", () -> sum(GroupShare.Status::received));
            Usage before = server.get();
            long rowsBefore = rows.getAsLong();
            watch.until(stopNanos, "measuring", () -> sum(GroupShare.Status::received));
            long written = rows.getAsLong() - rowsBefore;
            Usage used = server.get().since(before);
            watch.untilNone(
                    this::unfinished, "waiting for the rest", PairPlan.QUIET_MILLIS_MAX, PairPlan.DRAIN_MILLIS_MAX);
            return figures(stopNanos - measureNanos, used, written);
        } finally {
            shares.ask(GroupShare::finish);
        }
    }

    private GroupFigures figures(long measuredNanos, Usage server, long rows) {
        long lost = sum(GroupShare.Status::acknowledged) * plan.online() - sum(GroupShare.Status::received);
        List<String> ends =
                shares.ask(GroupShare::ends).stream().flatMap(List::stream).toList();
        GroupStats sum = new GroupStats();
        shares.ask(GroupShare::finish).forEach(stats -> stats.addTo(sum));
        return new GroupFigures(
                plan, sum.load.sums(), sum.lastNanos, measuredNanos, server, rows, lost, sum.gaps, ends);
    }

    private long unfinished() {
        return sum(GroupShare.Status::sent) * (1 + plan.online())
                - sum(GroupShare.Status::acknowledged)
                - sum(GroupShare.Status::received);
    }

    private long sum(Function<GroupShare.Status, Long> count) {
        return shares.ask(GroupShare::status).stream().mapToLong(count::apply).sum();
    }
}
