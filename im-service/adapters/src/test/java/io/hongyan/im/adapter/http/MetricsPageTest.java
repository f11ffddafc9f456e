package io.hongyan.im.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hongyan.metrics.Histogram;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class MetricsPageTest {
    private final Metrics metrics = new Metrics();

    @AfterEach
    void close() {
        metrics.close();
    }

    @Test
    void nanosecondsAndMillisecondsAreShownInSeconds() {
        metrics.counter("wait_nanos_total", "Waited", () -> 1_500_000_000);
        metrics.gauge("oldest_age_millis", "Age", () -> 250);
        assertThat(metrics.scrape())
                .contains("\nhongyan_wait_seconds_total 1.5\n")
                .contains("\nhongyan_oldest_age_seconds 0.25\n")
                .doesNotContain("nanos")
                .doesNotContain("millis");
    }

    @Test
    void whatListensIsClosedToo() {
        AtomicBoolean open = new AtomicBoolean();
        final class Listening implements MeterBinder, AutoCloseable {
            @Override
            public void bindTo(MeterRegistry registry) {
                open.set(true);
            }

            @Override
            public void close() {
                open.set(false);
            }
        }
        Metrics another = new Metrics();
        another.bind(new Listening());
        assertThat(open).isTrue();
        another.close();
        assertThat(open).isFalse();
    }

    @Test
    void labelsStandBehindTheName() {
        metrics.value("refused_total{reason=\"rate\"}", "Refused", () -> 3);
        metrics.value("refused_total{reason=\"limit\"}", "Refused", () -> 4);
        metrics.value("slots{database=\"db-1\",node=\"a\"}", "Slots", () -> 5);
        assertThat(metrics.scrape())
                .contains("\nhongyan_refused_total{reason=\"rate\"} 3.0\n")
                .contains("\nhongyan_refused_total{reason=\"limit\"} 4.0\n")
                .contains("\nhongyan_slots{database=\"db-1\",node=\"a\"} 5.0\n")
                .containsOnlyOnce("# HELP hongyan_refused_total");
    }

    @Test
    void aHistogramHasBucketsInSecondsSumAndCount() {
        Histogram histogram = new Histogram();
        metrics.histogram("login_seconds", "Logins", histogram);
        histogram.record(TimeUnit.MILLISECONDS.toNanos(3));
        histogram.record(TimeUnit.SECONDS.toNanos(60));
        assertThat(metrics.scrape())
                .contains("# TYPE hongyan_login_seconds histogram")
                .contains("\nhongyan_login_seconds_bucket{le=\"0.0025\"} 0\n")
                .contains("\nhongyan_login_seconds_bucket{le=\"0.005\"} 1\n")
                .contains("\nhongyan_login_seconds_bucket{le=\"30.0\"} 1\n")
                .contains("\nhongyan_login_seconds_bucket{le=\"+Inf\"} 2\n")
                .contains("\nhongyan_login_seconds_sum 60.003\n")
                .contains("\nhongyan_login_seconds_count 2\n");
    }

    @Test
    void whatIsNoNameIsRefused() {
        for (String bad : new String[] {"Upper_total", "a_total{b=c}", "a_total{b=\"c\"", "a_total{b=\"c\";d=\"e\"}"}) {
            assertThatThrownBy(() -> metrics.counter(bad, "Bad", () -> 0)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> metrics.counter("a", "No counter", () -> 0)).hasMessageContaining("_total");
    }
}
