package io.hongyan.bench.load;

import io.hongyan.bench.mqtt.MqttLoop;
import io.hongyan.bench.mqtt.MqttLoops;
import io.hongyan.bench.mqtt.TurnTask;
import io.hongyan.bench.report.Progress;
import io.hongyan.bench.time.BenchTime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * One run of users who log in at fixed times and displace themselves: warm up, measure, count who is connected twice.
 */
public final class KickRun {
    private static final long START_DELAY_NANOS = 20_000_000L;
    private static final long NANOS_PER_MILLI = 1_000_000L;

    private final KickPlan plan;
    private final BenchTime time;
    private final Watch watch;
    private final PerLoop<Share> shares;

    public KickRun(MqttLoops loops, KickAddressing addressing, KickPlan plan, BenchTime time, Progress progress) {
        this.plan = plan;
        this.time = time;
        this.watch = new Watch("kick", time, progress);
        this.shares = new PerLoop<>(loops, plan.users(), (loop, numbers) -> new Share(loop, plan, addressing, numbers));
    }

    /**
     * Runs to the end; once.
     *
     * @param atMeasure told when the measured time begins and when it ends
     */
    public KickFigures run(Runnable atMeasure) {
        try {
            shares.tellAll(Share::prepare);
            watch.untilNone(
                    () -> shares.ask(Share::unprepared).stream()
                            .mapToLong(Long::longValue)
                            .sum(),
                    "first logins",
                    KickPlan.QUIET_MILLIS_MAX,
                    PairRun.CONNECT_MILLIS_MAX);
            long base = time.nanos() + START_DELAY_NANOS;
            for (int i = 0; i < shares.size(); i++) {
                int number = i;
                shares.tell(i, share -> share.begin(base, number, shares.size()));
            }
            long measureNanos = base + plan.warmUpMillis() * NANOS_PER_MILLI;
            watch.until(measureNanos, "warming up", this::logins);
            atMeasure.run();
            watch.until(measureNanos + plan.measureMillis() * NANOS_PER_MILLI, "logging in", this::logins);
            atMeasure.run();
            watch.untilNone(
                    this::unfinished, "waiting for the rest", KickPlan.QUIET_MILLIS_MAX, KickPlan.DRAIN_MILLIS_MAX);
            long twice = count(KickedUser::isLoggedInTwice);
            long gone = count(KickedUser::isGone);
            KickStats sum = new KickStats();
            shares.ask(share -> share.stats).forEach(stats -> stats.addTo(sum));
            return new KickFigures(plan, sum, twice, gone);
        } finally {
            shares.ask(Share::finish);
        }
    }

    private long logins() {
        return shares.ask(share -> share.stats.logins).stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /** Unanswered logins, and users who are connected twice. */
    private long unfinished() {
        return count(user -> user.underWay() > 0 || user.isLoggedInTwice());
    }

    private long count(Predicate<KickedUser> which) {
        return shares.ask(share -> share.users.stream().filter(which).count()).stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /** The users of one loop; used on its thread. */
    private static final class Share implements TurnTask {
        private final MqttLoop loop;
        private final KickPlan plan;
        private final KickStats stats = new KickStats();
        private final List<KickedUser> users = new ArrayList<>();
        private SendPacer.OpenLoop warmingUp;
        private SendPacer.OpenLoop measured;
        private SendPacer.OpenLoop times;
        private long measureNanos;
        private long stopNanos;
        private long next;
        private int nextUser;
        private long prepared;

        Share(MqttLoop loop, KickPlan plan, KickAddressing addressing, List<Integer> numbers) {
            this.loop = loop;
            this.plan = plan;
            numbers.forEach(number -> users.add(new KickedUser(number, plan.users(), loop, addressing, stats)));
        }

        /**
         * Lets each user log in at each of two gates, as fast as the server allows: the first login creates the user.
         */
        void prepare() {
            loop.addTurnTask(this);
        }

        /** Logins that are still to be sent or unanswered. */
        long unprepared() {
            return KickPlan.FIRST_LOGINS * users.size() - prepared + underWay();
        }

        void begin(long baseNanos, int share, int all) {
            measureNanos = baseNanos + plan.warmUpMillis() * NANOS_PER_MILLI;
            stopNanos = measureNanos + plan.measureMillis() * NANOS_PER_MILLI;
            warmingUp = new SendPacer.OpenLoop(baseNanos, 1e9 / plan.ratePerSecond(), all, share);
            measured = new SendPacer.OpenLoop(measureNanos, 1e9 / plan.ratePerSecond(), all, share);
            stats.measureBetween(measureNanos, stopNanos);
        }

        @Override
        public long run(long nowNanos) {
            if (measured == null) {
                runPrepared(nowNanos);
                return NOT_DUE;
            }
            if (nowNanos >= stopNanos) {
                return NOT_DUE;
            }
            if (times != measured) {
                // Logins that a cold server could not accept while it warmed up are not repeated.
                times = nowNanos < measureNanos ? warmingUp : measured;
                next = times == measured ? 0 : next;
            }
            long due = times.intendedNanos(next);
            long underWay = due <= nowNanos ? underWay() : 0;
            while (due <= nowNanos) {
                if (underWay++ >= KickPlan.UNDER_WAY_MAX) {
                    return NOT_DUE;
                }
                users.get(nextUser++ % users.size()).logIn(due);
                due = times.intendedNanos(++next);
            }
            return due;
        }

        private void runPrepared(long nowNanos) {
            long underWay = underWay();
            while (prepared < KickPlan.FIRST_LOGINS * users.size() && underWay++ < KickPlan.FIRST_UNDER_WAY_MAX) {
                users.get((int) (prepared++ % users.size())).logIn(nowNanos);
            }
        }

        private long underWay() {
            return users.stream().mapToLong(KickedUser::underWay).sum();
        }

        boolean finish() {
            loop.removeTurnTask(this);
            users.forEach(KickedUser::disconnect);
            return true;
        }
    }
}
