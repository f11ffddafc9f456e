package io.hongyan.bench;

import io.hongyan.bench.load.HintLedger;
import io.hongyan.bench.report.Result;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * Results of the hints measurement.
 *
 * @param cpuWithout of the server without hints, microseconds per message, one for each round
 * @param cpuWith of the server with hints
 * @param heapAfter live bytes of the server with hints when all have been sent
 * @param cpuOfHints its CPU time while it sent them, in microseconds
 * @param ledger the hints at the webhook
 * @param refusedWithout refusals that writers got from the server without hints
 */
record HintFigures(
        int users,
        int delaySeconds,
        List<Double> cpuWithout,
        List<Double> cpuWith,
        Memory memory,
        long heapAfter,
        long cpuOfHints,
        HintLedger ledger,
        long refusedWithout) {
    private static final double NANOS_PER_MILLI = 1e6;

    /** Memory of both servers after the same messages, while hints are pending on one; in bytes. */
    record Memory(long pending, long rssWithout, long rssWith, long heapWithout, long heapWith) {}

    /** Whether each user's hint came once, with the right number of messages. */
    boolean clean() {
        return ledger.hintedCount() == users
                && ledger.doubledCount() == 0
                && ledger.wrongCount() == 0
                && ledger.refusedCount() + refusedWithout == 0;
    }

    /** The figures under their public names. */
    Result result() {
        Histogram late = ledger.lateNanos(delaySeconds * 1_000_000_000L);
        return new Result("hints")
                .count("pending", memory.pending())
                .figure("server_cpu_us_per_message_without", median(cpuWithout))
                .figure("server_cpu_us_per_message_with", median(cpuWith))
                .count("heap_without_bytes", memory.heapWithout())
                .count("heap_with_bytes", memory.heapWith())
                .count("heap_after_bytes", heapAfter)
                .figure("heap_bytes_per_hint", perHint(memory.heapWith(), memory.heapWithout()))
                .count("rss_without_bytes", memory.rssWithout())
                .count("rss_with_bytes", memory.rssWith())
                .figure("rss_bytes_per_hint", perHint(memory.rssWith(), memory.rssWithout()))
                .figure("hints_per_s", ledger.hintedCount() * 1e9 / ledger.spreadNanos())
                .figure("hint_late_p50_ms", late.getValueAtPercentile(50) / NANOS_PER_MILLI)
                .figure("hint_late_p99_ms", late.getValueAtPercentile(99) / NANOS_PER_MILLI)
                .figure("server_cpu_us_per_hint", (double) cpuOfHints / ledger.hintedCount())
                .count("hints", ledger.hintedCount())
                .count("lost", users - ledger.hintedCount())
                .count("doubled", ledger.doubledCount())
                .count("wrong", ledger.wrongCount())
                .count("refused", ledger.refusedCount() + refusedWithout);
    }

    private double perHint(long with, long without) {
        return (double) (with - without) / memory.pending();
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.isEmpty() ? Double.NaN : sorted.get((sorted.size() - 1) / 2);
    }
}
