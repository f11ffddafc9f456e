package io.hongyan.bench.load;

import io.hongyan.bench.report.Result;
import io.hongyan.bench.server.Usage;
import java.util.List;

/**
 * Results of a catch-up.
 *
 * @param fillNanos duration of the filling
 * @param catchUpNanos from the first user's CONNECT to the last entry
 * @param userMillis how long each user waited for the last entry, from the beginning
 * @param server what the server used while they caught up
 */
public record BacklogFigures(
        BacklogPlan plan,
        PairFigures.LoadSums sums,
        long fillNanos,
        long catchUpNanos,
        List<Double> userMillis,
        Usage server,
        List<String> ends) {
    /** Whether every user got everything, once and in order. */
    public boolean clean() {
        return sums.received() == total()
                && sums.faults().duplicates() == 0
                && sums.faults().outOfOrder() == 0
                && sums.faults().unreadable() == 0
                && sums.faults().inboxGaps() == 0
                && ends.isEmpty();
    }

    /** The figures under their public names. */
    public Result result() {
        List<Double> sorted = userMillis.stream().sorted().toList();
        Result result = new Result("backlog")
                .count("users", plan.users())
                .count("entries_per_user", plan.entries())
                .figure("fill_messages_per_s", total() * 1e9 / fillNanos)
                .figure("catch_up_entries_per_s", sums.received() * 1e9 / catchUpNanos)
                .figure("catch_up_ms", catchUpNanos / 1e6)
                .figure("user_caught_up_p50_ms", percentile(sorted, 0.5))
                .figure("user_caught_up_p99_ms", percentile(sorted, 0.99))
                .figure("server_cpu_us_per_message", (double) server.cpuMicros() / sums.received());
        if (server.allocatedBytes() != Usage.UNKNOWN) {
            result.figure("server_alloc_bytes_per_message", (double) server.allocatedBytes() / sums.received());
        }
        return result.count("lost", total() - sums.received())
                .count("out_of_order", sums.faults().outOfOrder())
                .count("doubled", sums.faults().duplicates())
                .count("inbox_gaps", sums.faults().inboxGaps())
                .count("connections_ended", ends.size());
    }

    private long total() {
        return (long) plan.users() * plan.entries();
    }

    private static double percentile(List<Double> sorted, double part) {
        return sorted.isEmpty() ? Double.NaN : sorted.get((int) Math.ceil(part * sorted.size()) - 1);
    }
}
