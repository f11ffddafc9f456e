package io.hongyan.im.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class CallerRatesTest {
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final CallerRates rates = new CallerRates(10, nanos::get);

    private int takeAll(String caller) {
        int taken = 0;
        while (rates.take(caller)) {
            taken++;
        }
        return taken;
    }

    private void passes(long millis) {
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    @Test
    void eachCallerHasTheRequestsOfASecondAndTheyComeAgainWithTime() {
        assertThat(takeAll("mallory")).isEqualTo(10);
        assertThat(takeAll("alice")).isEqualTo(10);
        assertThat(rates.refused()).isEqualTo(2);
        passes(300);
        assertThat(takeAll("mallory")).isEqualTo(3);
        passes(5_000);
        assertThat(takeAll("mallory")).isEqualTo(10);
    }

    @Test
    void thoseWhoseBucketIsFullAgainAreForgotten() {
        for (int i = 0; i < 10_000; i++) {
            assertThat(rates.take("caller " + i)).isTrue();
            passes(1);
        }
        assertThat(rates.size()).isLessThan(2_049);
    }

    @Test
    void withoutALimitNothingIsKept() {
        CallerRates none = new CallerRates(0, nanos::get);
        for (int i = 0; i < 10_000; i++) {
            assertThat(none.take("mallory")).isTrue();
        }
        assertThat(none.size()).isZero();
    }
}
