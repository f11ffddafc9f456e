package io.hongyan.im.adapter.http;

import io.hongyan.metrics.Histogram;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything that is counted and measured, in the text form of Prometheus. Names get the prefix {@code hongyan_} and may
 * carry labels, {@code refusals_total{reason="rate"}}; those that end in {@code nanos} or {@code millis} are shown in seconds.
 */
public final class Metrics implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Metrics.class);

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    /** What listens for what it counts, and would go on doing so. */
    private final List<AutoCloseable> listening = new CopyOnWriteArrayList<>();

    /** The registry itself holds what it reads counters from only weakly. */
    private final List<LongSupplier> counters = new CopyOnWriteArrayList<>();

    /** Starts with memory, threads, garbage collection, processor, file descriptors and uptime of this process. */
    public Metrics() {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        bind(new JvmGcMetrics());
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
    }

    /**
     * A value that only rises.
     *
     * @param name ends in {@code _total}
     */
    public void counter(String name, String description, LongSupplier value) {
        MetricName shown = MetricName.of(name);
        if (!shown.isTotal()) {
            throw new IllegalArgumentException(name + " does not end in _total");
        }
        counters.add(value);
        FunctionCounter.builder(shown.name(), value, now -> now.getAsLong() / shown.perUnit())
                .tags(shown.labels())
                .description(description)
                .register(registry);
    }

    /** A value as it is now. */
    public void gauge(String name, String description, DoubleSupplier value) {
        MetricName shown = MetricName.of(name);
        Gauge.builder(shown.name(), value, now -> now.getAsDouble() / shown.perUnit())
                .tags(shown.labels())
                .description(description)
                .strongReference(true)
                .register(registry);
    }

    /** A counter where the name ends in {@code _total}, else a gauge. */
    public void value(String name, String description, LongSupplier value) {
        if (MetricName.of(name).isTotal()) {
            counter(name, description, value);
        } else {
            gauge(name, description, value::getAsLong);
        }
    }

    /**
     * What does not change, as labels of a metric that is always 1.
     *
     * @param name without {@code _info}, which is added
     */
    public void info(String name, String description, Map<String, String> labels) {
        List<String> names = List.copyOf(labels.keySet());
        InfoSnapshot info = InfoSnapshot.builder()
                .name(MetricName.of(name).name())
                .help(description)
                .dataPoint(InfoDataPointSnapshot.builder()
                        .labels(Labels.of(names, names.stream().map(labels::get).toList()))
                        .build())
                .build();
        registry.getPrometheusRegistry().register(() -> info);
    }

    /**
     * How long something takes.
     *
     * @param name ends in {@code _seconds}
     */
    public void histogram(String name, String description, Histogram histogram) {
        registry.getPrometheusRegistry()
                .register(new HistogramCollector(MetricName.of(name).name(), description, histogram));
    }

    /** @param binder what others count; closed with this, where it can be */
    public void bind(MeterBinder binder) {
        binder.bindTo(registry);
        if (binder instanceof AutoCloseable closeable) {
            listening.add(closeable);
        }
    }

    /** A request that has been answered. Names and numbers must be few. */
    void countRequest(String method, String route, int status, float millis) {
        Timer.builder(MetricName.PREFIX + "http_requests")
                .description("Requests over HTTP, by route and status")
                .tag("method", method)
                .tag("route", route)
                .tag("status", Integer.toString(status))
                .register(registry)
                .record((long) (millis * 1_000), TimeUnit.MICROSECONDS);
    }

    String scrape() {
        return registry.scrape();
    }

    @Override
    public void close() {
        for (AutoCloseable each : listening) {
            try {
                each.close();
            } catch (Exception failure) {
                LOG.warn("Something that counts could not be closed", failure);
            }
        }
        registry.close();
    }
}
