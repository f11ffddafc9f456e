package io.hongyan.bench.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** Latencies of a run, second by second: what stalls for a moment is seen there and not in the run's percentiles. */
public final class Timeline {
    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final long LATENCY_NANOS_MIN = 1_000L;
    private static final long LATENCY_NANOS_MAX = 60 * SECOND_NANOS;
    private static final int DIGITS = 2;
    private static final int SECONDS_PER_LINE = 10;
    private static final double P50 = 50;
    private static final double P99 = 99;
    private static final double NANOS_PER_MILLI = 1e6;

    private final List<Histogram> seconds = new ArrayList<>();

    /** @param atNanos since the measured time began */
    void record(long atNanos, long latencyNanos) {
        at((int) (atNanos / SECOND_NANOS)).recordValue(Math.min(latencyNanos, LATENCY_NANOS_MAX));
    }

    void add(Timeline other) {
        for (int i = 0; i < other.seconds.size(); i++) {
            at(i).add(other.seconds.get(i));
        }
    }

    private Histogram at(int second) {
        while (seconds.size() <= second) {
            seconds.add(new Histogram(LATENCY_NANOS_MIN, LATENCY_NANOS_MAX, DIGITS));
        }
        return seconds.get(second);
    }

    /** A line for each ten seconds: the second of the highest p99 in them. */
    public List<String> worstOfEachTen() {
        List<String> lines = new ArrayList<>();
        for (int from = 0; from < seconds.size(); from += SECONDS_PER_LINE) {
            int worst = from;
            for (int i = from; i < Math.min(from + SECONDS_PER_LINE, seconds.size()); i++) {
                if (p99(i) > p99(worst)) {
                    worst = i;
                }
            }
            Histogram second = seconds.get(worst);
            lines.add(String.format(
                    Locale.ROOT,
                    "second %,5d: PUBACK p50 %.1f, p99 %.1f, max %.1f ms, %,d messages",
                    worst,
                    second.getValueAtPercentile(P50) / NANOS_PER_MILLI,
                    p99(worst) / NANOS_PER_MILLI,
                    second.getMaxValue() / NANOS_PER_MILLI,
                    second.getTotalCount()));
        }
        return lines;
    }

    private long p99(int second) {
        return seconds.get(second).getValueAtPercentile(P99);
    }
}
