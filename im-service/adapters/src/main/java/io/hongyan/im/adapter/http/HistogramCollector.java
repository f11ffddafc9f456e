package io.hongyan.im.adapter.http;

import io.hongyan.metrics.Histogram;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.ArrayList;
import java.util.List;

/** Shows a histogram in seconds. */
record HistogramCollector(String name, String help, Histogram histogram) implements Collector {
    private static final double NANOS_PER_SECOND = 1e9;

    @Override
    public MetricSnapshot collect() {
        List<Double> bounds = new ArrayList<>();
        for (long nanos : Histogram.boundsNanos()) {
            bounds.add(nanos / NANOS_PER_SECOND);
        }
        bounds.add(Double.POSITIVE_INFINITY);
        Histogram.Snapshot now = histogram.snapshot();
        return HistogramSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(HistogramDataPointSnapshot.builder()
                        .classicHistogramBuckets(ClassicHistogramBuckets.of(bounds, now.counts()))
                        .sum(now.sumNanos() / NANOS_PER_SECOND)
                        .build())
                .build();
    }
}
