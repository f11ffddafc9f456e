package io.hongyan.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class HistogramTest {
    private final Histogram histogram = new Histogram();

    @Test
    void aRecordIsInTheFirstBucketThatIsNotBelowIt() {
        long[] bounds = Histogram.boundsNanos();
        for (int i = 0; i < bounds.length; i++) {
            histogram.record(bounds[i]);
            histogram.record(bounds[i] + 1);
        }
        assertThat(histogram.snapshot().counts().get(0)).isEqualTo(1);
        assertThat(histogram.snapshot().counts().subList(1, bounds.length)).containsOnly(2L);
        assertThat(histogram.snapshot().counts().get(bounds.length)).isEqualTo(1);
    }

    @Test
    void boundsGoFromATenthOfAMillisecondToHalfAMinute() {
        long[] bounds = Histogram.boundsNanos();
        assertThat(bounds[0]).isEqualTo(TimeUnit.MICROSECONDS.toNanos(100));
        assertThat(bounds[bounds.length - 1]).isEqualTo(TimeUnit.SECONDS.toNanos(30));
        assertThat(bounds).isSorted();
    }

    @Test
    void whatIsRecordedByManyThreadsIsAllThere() {
        long sum = IntStream.range(0, 64)
                .parallel()
                .mapToLong(part -> new Random(part)
                        .longs(1_000, 0, TimeUnit.SECONDS.toNanos(40))
                        .peek(histogram::record)
                        .sum())
                .sum();
        assertThat(histogram.snapshot().count()).isEqualTo(64_000);
        assertThat(histogram.snapshot().sumNanos()).isEqualTo(sum);
    }

    @Test
    void clocksThatDisagreeCountAsNothing() {
        histogram.record(-5);
        assertThat(histogram.snapshot().counts().get(0)).isEqualTo(1);
        assertThat(histogram.snapshot().sumNanos()).isZero();
    }
}
