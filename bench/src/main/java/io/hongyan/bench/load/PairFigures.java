package io.hongyan.bench.load;

import io.hongyan.bench.report.Result;
import io.hongyan.bench.server.Usage;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * What a run has measured.
 *
 * @param sums of all loops
 * @param timeline the same second by second
 * @param measuredNanos length of the measured time
 * @param server what the server used within it
 * @param generator what this program used within it
 * @param lost acknowledged by the server and never delivered
 * @param connectsFailed attempts to connect that failed and were made again
 * @param ends why connections ended before their time
 */
public record PairFigures(
        LoadSums sums,
        Timeline timeline,
        long measuredNanos,
        Usage server,
        Usage generator,
        long lost,
        long connectsFailed,
        List<String> ends) {
    private static final double NANOS_PER_MILLI = 1e6;

    /** The loops' sums, readable from outside. */
    public record LoadSums(
            long sent,
            long acknowledged,
            long received,
            long acknowledgedInWindow,
            long receivedInWindow,
            Faults faults,
            Times times) {}

    /** What must not happen. */
    public record Faults(long duplicates, long outOfOrder, long unreadable, long inboxGaps, long refused) {}

    /** How long things took, each once for a message. */
    public record Times(Histogram pubAckNanos, Histogram endToEndNanos, Histogram lateNanos) {}

    /** Whether everything acknowledged arrived, once and in order. */
    public boolean clean() {
        return lost == 0
                && sums.faults().duplicates() == 0
                && sums.faults().outOfOrder() == 0
                && sums.faults().unreadable() == 0
                && sums.faults().inboxGaps() == 0
                && sums.faults().refused() == 0
                && unanswered() == 0
                && ends.isEmpty();
    }

    /** Sent and never acknowledged, although it was waited for. */
    public long unanswered() {
        return sums.sent() - sums.acknowledged();
    }

    /** Sent and never delivered, acknowledged or not. */
    public long undelivered() {
        return sums.sent() - sums.received();
    }

    public double pubAckP99Millis() {
        return millis(sums.times().pubAckNanos(), 99);
    }

    public double endToEndP99Millis() {
        return millis(sums.times().endToEndNanos(), 99);
    }

    /** Delivered within the measured time. */
    public double messagesPerSecond() {
        return sums.receivedInWindow() * 1e9 / measuredNanos;
    }

    public double serverCpuMicrosPerMessage() {
        return (double) server.cpuMicros() / sums.receivedInWindow();
    }

    /** The figures under their public names. */
    public Result result(String name) {
        double seconds = measuredNanos / 1e9;
        double messages = sums.receivedInWindow();
        Result result = new Result(name)
                .figure("messages_per_s", messagesPerSecond())
                .figure("acknowledged_per_s", sums.acknowledgedInWindow() / seconds)
                .figure("puback_p50_ms", millis(sums.times().pubAckNanos(), 50))
                .figure("puback_p99_ms", millis(sums.times().pubAckNanos(), 99))
                .figure("puback_max_ms", millis(sums.times().pubAckNanos(), 100))
                .figure("e2e_p50_ms", millis(sums.times().endToEndNanos(), 50))
                .figure("e2e_p99_ms", millis(sums.times().endToEndNanos(), 99))
                .figure("e2e_max_ms", millis(sums.times().endToEndNanos(), 100))
                .figure("server_cpu_us_per_message", serverCpuMicrosPerMessage());
        if (server.allocatedBytes() != Usage.UNKNOWN) {
            result.figure("server_alloc_bytes_per_message", server.allocatedBytes() / messages);
        }
        return result.figure("generator_cpu_us_per_message", generator.cpuMicros() / messages)
                .figure("generator_late_p99_ms", millis(sums.times().lateNanos(), 99))
                .count("sent", sums.sent())
                .count("acknowledged", sums.acknowledged())
                .count("received", sums.received())
                .count("lost", lost)
                .count("unanswered", unanswered())
                .count("undelivered", undelivered())
                .count("out_of_order", sums.faults().outOfOrder())
                .count("doubled", sums.faults().duplicates())
                .count("unreadable", sums.faults().unreadable())
                .count("inbox_gaps", sums.faults().inboxGaps())
                .count("refused", sums.faults().refused())
                .count("connects_failed", connectsFailed)
                .count("connections_ended", ends.size());
    }

    private static double millis(Histogram nanos, double percentile) {
        return nanos.getTotalCount() == 0 ? Double.NaN : nanos.getValueAtPercentile(percentile) / NANOS_PER_MILLI;
    }
}
