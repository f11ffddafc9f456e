package io.hongyan.bench.load;

import io.hongyan.bench.report.Result;
import io.hongyan.bench.server.Usage;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * Results of a run on groups.
 *
 * @param lastNanos from when a message was meant to be sent until the last online member had it
 * @param server what the server used within the measured time
 * @param inboxRows that it wrote within it
 * @param lost deliveries of acknowledged messages that never came
 * @param gaps messages that a reader did not get
 * @param ends why connections ended too early
 */
public record GroupFigures(
        GroupPlan plan,
        PairFigures.LoadSums sums,
        Histogram lastNanos,
        long measuredNanos,
        Usage server,
        long inboxRows,
        long lost,
        long gaps,
        List<String> ends) {
    private static final double NANOS_PER_MILLI = 1e6;

    /** Whether every online member got everything, once and in order. */
    public boolean clean() {
        return lost == 0
                && gaps == 0
                && sums.faults().duplicates() == 0
                && sums.faults().refused() == 0
                && sums.sent() == sums.acknowledged()
                && ends.isEmpty();
    }

    /** The figures under their public names. */
    public Result result() {
        return result("groups");
    }

    /** The same under another name. */
    public Result result(String name) {
        double seconds = measuredNanos / 1e9;
        double messages = sums.acknowledgedInWindow();
        double deliveries = sums.receivedInWindow();
        Result result = new Result(name)
                .count("groups", plan.groups())
                .count("members", plan.members())
                .count("online", plan.online())
                .text("loop", plan.openLoop() ? "open, " + plan.ratePerSecond() + "/s" : "window " + plan.window())
                .figure("messages_per_s", messages / seconds)
                .figure("deliveries_per_s", deliveries / seconds)
                .figure("inbox_rows_per_s", inboxRows / seconds)
                .figure("puback_p50_ms", millis(sums.times().pubAckNanos(), 50))
                .figure("puback_p99_ms", millis(sums.times().pubAckNanos(), 99))
                .figure("e2e_p50_ms", millis(sums.times().endToEndNanos(), 50))
                .figure("e2e_p99_ms", millis(sums.times().endToEndNanos(), 99))
                .figure("last_p50_ms", millis(lastNanos, 50))
                .figure("last_p99_ms", millis(lastNanos, 99))
                .figure("last_max_ms", millis(lastNanos, 100))
                .figure("server_cpu_us_per_message", server.cpuMicros() / messages)
                .figure("server_cpu_us_per_delivery", server.cpuMicros() / deliveries);
        if (server.allocatedBytes() != Usage.UNKNOWN) {
            result.figure("server_alloc_bytes_per_message", server.allocatedBytes() / messages);
        }
        return result.count("sent", sums.sent())
                .count("acknowledged", sums.acknowledged())
                .count("received", sums.received())
                .count("lost", lost)
                .count("out_of_order", gaps)
                .count("doubled", sums.faults().duplicates())
                .count("refused", sums.faults().refused())
                .count("connections_ended", ends.size());
    }

    private static double millis(Histogram nanos, double percentile) {
        return nanos.getTotalCount() == 0 ? Double.NaN : nanos.getValueAtPercentile(percentile) / NANOS_PER_MILLI;
    }
}
