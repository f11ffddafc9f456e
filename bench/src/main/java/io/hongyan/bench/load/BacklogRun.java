package io.hongyan.bench.load;

import io.hongyan.bench.mqtt.MqttLoops;
import io.hongyan.bench.report.Progress;
import io.hongyan.bench.server.Usage;
import io.hongyan.bench.time.BenchTime;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** Users log in once and leave, messages are stored for them, then all come back at once and catch up. */
public final class BacklogRun {
    private static final long FILL_MILLIS_MAX = 30 * 60_000L;
    private static final long CATCH_UP_MILLIS_MAX = 10 * 60_000L;
    private static final long QUIET_MILLIS_MAX = 15_000;

    private final BacklogPlan plan;
    private final BenchTime time;
    private final Watch watch;
    private final PerLoop<BacklogShare> shares;

    public BacklogRun(
            String name, MqttLoops loops, Addressing addressing, BacklogPlan plan, BenchTime time, Progress progress) {
        this.plan = plan;
        this.time = time;
        this.watch = new Watch(name, time, progress);
        this.shares = new PerLoop<>(
                loops, plan.users(), (loop, numbers) -> new BacklogShare(loop, plan, addressing, numbers));
    }

    /**
     * Runs to the end; once.
     *
     * @param server reads what the server has used so far
     * @throws LoadFailure if clients could not connect or the inboxes could not be filled
     */
    public BacklogFigures run(Supplier<Usage> server) {
        try {
            // The first login makes the device known; from then on it has a cursor.
            shares.tellAll(BacklogShare::connectReceivers);
            awaitConnected();
            shares.tellAll(BacklogShare::disconnectReceivers);
            shares.tellAll(BacklogShare::connectSenders);
            awaitConnected();
            long fillFrom = time.nanos();
            shares.tellAll(BacklogShare::fill);
            if (!watch.untilNone(
                    () -> sum(BacklogShare::unacknowledged), "filling inboxes", QUIET_MILLIS_MAX, FILL_MILLIS_MAX)) {
                throw new LoadFailure("the inboxes could not be filled: " + ends());
            }
            long fillNanos = time.nanos() - fillFrom;
            Usage before = server.get();
            long from = time.nanos();
            shares.tellAll(BacklogShare::connectReceivers);
            watch.untilNone(() -> sum(BacklogShare::notReceived), "catching up", QUIET_MILLIS_MAX, CATCH_UP_MILLIS_MAX);
            Usage used = server.get().since(before);
            return figures(fillNanos, from, used);
        } finally {
            shares.ask(BacklogShare::finish);
        }
    }

    private BacklogFigures figures(long fillNanos, long from, Usage used) {
        List<Long> caughtUp = shares.ask(BacklogShare::caughtUpNanos).stream()
                .flatMap(List::stream)
                .toList();
        long last = caughtUp.stream().mapToLong(Long::longValue).max().orElse(time.nanos());
        LoadStats sum = new LoadStats();
        shares.ask(BacklogShare::stats).forEach(stats -> stats.addTo(sum));
        return new BacklogFigures(
                plan,
                sum.sums(),
                fillNanos,
                last - from,
                caughtUp.stream().map(nanos -> (nanos - from) / 1e6).toList(),
                used,
                ends());
    }

    private void awaitConnected() {
        watch.untilConnected(() -> shares.ask(BacklogShare::connecting), PairRun.CONNECT_MILLIS_MAX);
    }

    private long sum(Function<BacklogShare, Long> count) {
        return shares.ask(count).stream().mapToLong(Long::longValue).sum();
    }

    private List<String> ends() {
        return shares.ask(BacklogShare::ends).stream().flatMap(List::stream).toList();
    }
}
