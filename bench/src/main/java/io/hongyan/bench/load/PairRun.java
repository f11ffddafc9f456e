package io.hongyan.bench.load;

import io.hongyan.bench.mqtt.MqttLoop;
import io.hongyan.bench.mqtt.MqttLoops;
import io.hongyan.bench.report.Progress;
import io.hongyan.bench.server.Usage;
import io.hongyan.bench.time.BenchTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** One run of the pair load: connect, warm up, measure, wait for the rest, count what is missing. */
public final class PairRun {
    private static final long CONNECT_MILLIS_MAX = 120_000;
    private static final long POLL_MILLIS = 20;
    private static final long ASK_SECONDS_MAX = 30;
    private static final long START_DELAY_NANOS = 20_000_000L;
    private static final long NANOS_PER_MILLI = 1_000_000L;

    private final String name;
    private final MqttLoops loops;
    private final Addressing addressing;
    private final PairPlan plan;
    private final BenchTime time;
    private final Progress progress;
    private final List<LoopShare> shares = new ArrayList<>();

    /** @param name what the progress line calls it */
    public PairRun(
            String name, MqttLoops loops, Addressing addressing, PairPlan plan, BenchTime time, Progress progress) {
        this.name = name;
        this.loops = loops;
        this.addressing = addressing;
        this.plan = plan;
        this.time = time;
        this.progress = progress;
    }

    /**
     * Runs to the end; once.
     *
     * @param server reads what the server has used so far
     * @param generator reads what this process has used so far
     * @throws LoadFailure if not every client could connect
     */
    public PairFigures run(Supplier<Usage> server, Supplier<Usage> generator) {
        connect();
        long measureNanos = begin();
        long stopNanos = measureNanos + plan.measureMillis() * NANOS_PER_MILLI;
        watchUntil(measureNanos, "warming up");
        Usage serverBefore = server.get();
        Usage generatorBefore = generator.get();
        watchUntil(stopNanos, "measuring");
        Usage generatorAfter = generator.get();
        Usage serverAfter = server.get();
        drain();
        return finish(
                stopNanos - measureNanos, between(serverBefore, serverAfter), between(generatorBefore, generatorAfter));
    }

    private void connect() {
        List<MqttLoop> all = loops.all();
        int used = Math.min(all.size(), plan.pairs());
        for (int i = 0; i < used; i++) {
            int first = i;
            MqttLoop loop = all.get(i);
            List<Integer> numbers = IntStream.range(0, plan.pairs())
                    .filter(pair -> pair % used == first)
                    .boxed()
                    .toList();
            LoopShare share = new LoopShare(loop, plan, addressing, numbers);
            shares.add(share);
            loop.execute(share::connect);
        }
        long giveUp = time.nanos() + CONNECT_MILLIS_MAX * NANOS_PER_MILLI;
        while (true) {
            List<LoopShare.Status> states = ask(LoopShare::status);
            states.stream().filter(state -> state.failed() > 0).findFirst().ifPresent(state -> {
                ask(LoopShare::finish);
                throw new LoadFailure(name + ": clients could not connect, the first: " + state.firstFailure());
            });
            int unfinished =
                    states.stream().mapToInt(LoopShare.Status::unfinished).sum();
            if (unfinished == 0) {
                return;
            }
            if (time.nanos() > giveUp) {
                ask(LoopShare::finish);
                throw new LoadFailure(name + ": " + unfinished + " clients did not connect in time");
            }
            progress.at(name + ": connecting, " + unfinished + " to go");
            time.pause(POLL_MILLIS);
        }
    }

    /** Starts the load and says when the measured time begins. */
    private long begin() {
        long base = time.nanos() + START_DELAY_NANOS;
        for (int i = 0; i < shares.size(); i++) {
            LoopShare share = shares.get(i);
            int number = i;
            share.loop().execute(() -> share.begin(base, number, shares.size()));
        }
        return base + plan.warmUpMillis() * NANOS_PER_MILLI;
    }

    private void watchUntil(long nanos, String phase) {
        long before = time.nanos();
        long receivedBefore = received();
        for (long left = nanos - time.nanos(); left > 0; left = nanos - time.nanos()) {
            time.pause(Math.min(500, Math.max(1, left / NANOS_PER_MILLI)));
            if (nanos - time.nanos() > NANOS_PER_MILLI) {
                long received = received();
                long now = time.nanos();
                long perSecond = (received - receivedBefore) * 1_000_000_000L / Math.max(1, now - before);
                progress.at(String.format(
                        "%s: %s, %,d messages/s, %d s left", name, phase, perSecond, (nanos - now) / 1_000_000_000L));
                before = now;
                receivedBefore = received;
            }
        }
    }

    private void drain() {
        long end = time.nanos() + PairPlan.DRAIN_MILLIS_MAX * NANOS_PER_MILLI;
        long lastMoved = time.nanos();
        long moved = -1;
        while (time.nanos() < end && time.nanos() - lastMoved < PairPlan.QUIET_MILLIS_MAX * NANOS_PER_MILLI) {
            long sent = 0;
            long done = 0;
            for (LoopShare.Status status : ask(LoopShare::status)) {
                sent += 2 * status.sent();
                done += status.acknowledged() + status.received();
            }
            if (done >= sent) {
                return;
            }
            if (done != moved) {
                moved = done;
                lastMoved = time.nanos();
            }
            progress.at(String.format("%s: waiting for the rest, %,d to go", name, sent - done));
            time.pause(POLL_MILLIS);
        }
    }

    private PairFigures finish(long measuredNanos, Usage server, Usage generator) {
        long lost = ask(LoopShare::lost).stream().mapToLong(Integer::longValue).sum();
        List<String> ends = ask(LoopShare::ends).stream().flatMap(List::stream).toList();
        LoadStats sum = new LoadStats();
        for (LoadStats stats : ask(LoopShare::finish)) {
            stats.addTo(sum);
        }
        return new PairFigures(sum.sums(), measuredNanos, server, generator, lost, ends);
    }

    private long received() {
        return ask(LoopShare::status).stream()
                .mapToLong(LoopShare.Status::received)
                .sum();
    }

    private <T> List<T> ask(Function<LoopShare, T> question) {
        try {
            List<T> answers = new ArrayList<>();
            for (LoopShare share : shares) {
                answers.add(share.loop().ask(() -> question.apply(share)).get(ASK_SECONDS_MAX, TimeUnit.SECONDS));
            }
            return answers;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LoadFailure("interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new LoadFailure(name + ": a loop does not answer", e);
        }
    }

    private static Usage between(Usage before, Usage after) {
        boolean known = before.allocatedBytes() != Usage.UNKNOWN && after.allocatedBytes() != Usage.UNKNOWN;
        return new Usage(
                after.cpuMicros() - before.cpuMicros(),
                known ? after.allocatedBytes() - before.allocatedBytes() : Usage.UNKNOWN);
    }
}
