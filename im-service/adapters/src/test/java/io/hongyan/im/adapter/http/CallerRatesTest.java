package io.hongyan.im.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class CallerRatesTest {
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final CallerRates rates = new CallerRates(nanos::get);

    private int takeAll(String caller) {
        int taken = 0;
        while (rates.take(caller, 10)) {
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
            assertThat(rates.take("caller " + i, 10)).isTrue();
            passes(1);
        }
        assertThat(rates.size()).isLessThan(2_049);
    }

    @Test
    void withoutALimitNothingIsKept() {
        for (int i = 0; i < 10_000; i++) {
            assertThat(rates.take("mallory", 0)).isTrue();
        }
        assertThat(rates.size()).isZero();
    }
}
