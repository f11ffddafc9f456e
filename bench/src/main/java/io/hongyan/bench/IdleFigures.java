package io.hongyan.bench;

import io.hongyan.bench.report.Result;
import java.util.List;
import java.util.OptionalLong;

/**
 * Results of holding idle connections.
 *
 * @param rssEmpty resident bytes of the server before anybody connected
 * @param rssFull with everybody connected
 * @param rssIdle the same after the idle time
 * @param heapEmpty live bytes without clients; like the other two empty if the server is no JVM
 * @param heapFull live bytes with everybody connected
 * @param heapAfter live bytes after everybody has disconnected
 * @param cpuPart of one core while idle
 */
record IdleFigures(
        int connections,
        double connectSeconds,
        long rssEmpty,
        long rssFull,
        long rssIdle,
        OptionalLong heapEmpty,
        OptionalLong heapFull,
        OptionalLong heapAfter,
        double cpuPart,
        List<HolderProcess.Report> reports) {
    private static final double PER_CONNECTIONS = 10_000;

    /** Failures of clients, the first of each holder. */
    List<String> failures() {
        return reports.stream()
                .map(HolderProcess.Report::firstFailure)
                .filter(failure -> !failure.isEmpty())
                .toList();
    }

    /** The figures under their public names. */
    Result result() {
        Result result = new Result("idle")
                .count("connections", connections)
                .figure("connects_per_s", connections / connectSeconds)
                .count("rss_empty_bytes", rssEmpty)
                .count("rss_bytes", rssFull)
                .count("rss_after_idle_bytes", rssIdle)
                .figure("rss_bytes_per_connection", perConnection(rssFull, rssEmpty));
        if (heapEmpty.isPresent() && heapFull.isPresent() && heapAfter.isPresent()) {
            result.count("heap_empty_bytes", heapEmpty.getAsLong())
                    .count("heap_bytes", heapFull.getAsLong())
                    .count("heap_after_disconnects_bytes", heapAfter.getAsLong())
                    .figure("heap_bytes_per_connection", perConnection(heapFull.getAsLong(), heapEmpty.getAsLong()));
        }
        return result.figure("idle_cpu_percent_per_10000", 100 * cpuPart * PER_CONNECTIONS / connections)
                .count(
                        "connects_failed",
                        reports.stream()
                                .mapToLong(HolderProcess.Report::retried)
                                .sum())
                .count(
                        "connections_ended",
                        reports.stream().mapToLong(HolderProcess.Report::ended).sum());
    }

    private double perConnection(long full, long empty) {
        return (double) (full - empty) / connections;
    }
}
