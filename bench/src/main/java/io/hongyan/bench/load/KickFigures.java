package io.hongyan.bench.load;

import io.hongyan.bench.report.Result;
import org.HdrHistogram.Histogram;

/** Results of a run of users who displace themselves. */
public final class KickFigures {
    private static final double NANOS_PER_MILLI = 1e6;

    private final KickPlan plan;
    private final KickStats stats;
    private final long twice;
    private final long gone;

    /**
     * @param twice users who had two connections left
     * @param gone users who had none left
     */
    KickFigures(KickPlan plan, KickStats stats, long twice, long gone) {
        this.plan = plan;
        this.stats = stats;
        this.twice = twice;
        this.gone = gone;
    }

    /** Whether each user ended with the one connection of the newest login, and nothing else ended. */
    public boolean clean() {
        return twice == 0 && gone == 0 && stats.refused == 0 && stats.endedAlone == 0;
    }

    /** Logins that were answered within the measured time. */
    public long logins() {
        return stats.loginsInWindow;
    }

    /** The first failure; empty if there was none. */
    public String firstFailure() {
        return stats.firstFailure;
    }

    public Result result(String name) {
        Result result = new Result(name)
                .count("users", plan.users())
                .figure("logins_per_s_meant", plan.ratePerSecond())
                .figure("logins_per_s", stats.loginsInWindow * 1000.0 / plan.measureMillis());
        percentiles(result, "connack", stats.connAckNanos);
        percentiles(result, "kick_told", stats.toldNanos);
        percentiles(result, "kick_closed", stats.closedNanos);
        return result.figure("generator_late_p99_ms", millis(stats.lateNanos, 99))
                .count("logins", stats.logins)
                .count("kicks_told", stats.toldNanos.getTotalCount())
                .count("kicks_closed", stats.closedNanos.getTotalCount())
                .count("refused", stats.refused)
                .count("overtaken", stats.overtaken)
                .count("ended_alone", stats.endedAlone)
                .count("users_with_two_connections", twice)
                .count("users_with_none", gone);
    }

    private static void percentiles(Result result, String what, Histogram nanos) {
        result.figure(what + "_p50_ms", millis(nanos, 50))
                .figure(what + "_p99_ms", millis(nanos, 99))
                .figure(what + "_max_ms", millis(nanos, 100));
    }

    private static double millis(Histogram nanos, double percentile) {
        return nanos.getTotalCount() == 0 ? Double.NaN : nanos.getValueAtPercentile(percentile) / NANOS_PER_MILLI;
    }
}
