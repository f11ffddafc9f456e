package io.hongyan.im.adapter.http;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/** Everything that is counted and measured, in the text form of Prometheus. Names get the prefix {@code hongyan_}. */
public final class Metrics implements AutoCloseable {
    private static final String PREFIX = "hongyan_";
    private static final String TOTAL = "_total";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();

    /** The registry itself holds what it reads counters from only weakly. */
    private final List<LongSupplier> counters = new CopyOnWriteArrayList<>();

    /** Starts with memory, threads, garbage collection, processor, file descriptors and uptime of this process. */
    public Metrics() {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        collections.bindTo(registry);
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
        if (!name.endsWith(TOTAL)) {
            throw new IllegalArgumentException(name + " does not end in " + TOTAL);
        }
        counters.add(value);
        FunctionCounter.builder(PREFIX + name, value, LongSupplier::getAsLong)
                .description(description)
                .register(registry);
    }

    /** A value as it is now. */
    public void gauge(String name, String description, DoubleSupplier value) {
        Gauge.builder(PREFIX + name, value, DoubleSupplier::getAsDouble)
                .description(description)
                .strongReference(true)
                .register(registry);
    }

    /** A request that has been answered. Names and numbers must be few. */
    void countRequest(String method, String route, int status, float millis) {
        Timer.builder(PREFIX + "http_requests")
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
        collections.close();
        registry.close();
    }
}
