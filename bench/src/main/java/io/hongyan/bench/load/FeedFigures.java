package io.hongyan.bench.load;

import io.hongyan.bench.report.Result;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * Results of following messages through the feed.
 *
 * @param lagNanos from PUBACK until the consumer had the event, within the measured time
 * @param lost acknowledged, and not in the feed
 * @param outOfOrder events of a key that came while an earlier one was missing
 * @param repeated events that came again, which is allowed
 * @param ends why connections ended too early
 */
public record FeedFigures(
        FeedPlan plan,
        Histogram lagNanos,
        CatchUp catchUp,
        long sent,
        long acknowledged,
        long lost,
        long outOfOrder,
        long repeated,
        List<String> ends) {
    private static final double NANOS_PER_MILLI = 1e6;

    /**
     * The end of an outage.
     *
     * @param backlog messages that the consumer had not got when it was over
     * @param events that it read until it had caught up
     * @param nanos how long that took
     */
    public record CatchUp(long backlog, long events, long nanos) {
        /** There was no outage. */
        static final CatchUp NONE = new CatchUp(0, 0, 0);
    }

    /** Whether everything acknowledged came, in the order of its key. */
    public boolean clean() {
        return lost == 0 && outOfOrder == 0 && sent == acknowledged && ends.isEmpty();
    }

    /** The figures of a run without an outage. */
    public Result lag(String way) {
        return ends(new Result("feed_lag")
                .text("way", way)
                .figure("messages_per_s", plan.ratePerSecond())
                .count("messages_measured", lagNanos.getTotalCount())
                .figure("lag_p50_ms", lag(50))
                .figure("lag_p99_ms", lag(99))
                .figure("lag_max_ms", lag(100)));
    }

    /** The figures of a run with an outage. */
    public Result catchUp(String way, double outageSeconds) {
        return ends(new Result("feed_catch_up")
                .text("way", way)
                .figure("messages_per_s", plan.ratePerSecond())
                .figure("outage_s", outageSeconds)
                .count("backlog_messages", catchUp.backlog)
                .figure("catch_up_ms", catchUp.nanos / NANOS_PER_MILLI)
                .figure("catch_up_events_per_s", catchUp.events * 1e9 / catchUp.nanos));
    }

    private Result ends(Result result) {
        return result.count("sent", sent)
                .count("acknowledged", acknowledged)
                .count("lost", lost)
                .count("out_of_order", outOfOrder)
                .count("repeated", repeated)
                .count("connections_ended", ends.size());
    }

    private double lag(double percentile) {
        return lagNanos.getTotalCount() == 0 ? Double.NaN : lagNanos.getValueAtPercentile(percentile) / NANOS_PER_MILLI;
    }
}
