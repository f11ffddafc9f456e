package io.hongyan.im.adapter.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class CircuitBreakerTest {
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 7);
    private final CircuitBreaker breaker = new CircuitBreaker(nanos::get);

    private void passes(long millis) {
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    private void open() {
        for (int i = 0; i < CircuitBreaker.FAILURES_MAX; i++) {
            assertThat(breaker.allows()).isTrue();
            assertThat(breaker.failed()).isEqualTo(i == CircuitBreaker.FAILURES_MAX - 1);
        }
        assertThat(breaker.allows()).isFalse();
    }

    @Test
    void oneRequestTriesItAfterAPauseThatDoublesUpToALimit() {
        open();
        long pause = CircuitBreaker.PAUSE_MILLIS_MIN;
        for (int i = 0; i < 10; i++) {
            passes(pause - 1);
            assertThat(breaker.allows()).isFalse();
            passes(1);
            assertThat(breaker.allows()).isTrue();
            assertThat(breaker.allows()).isFalse();
            assertThat(breaker.failed()).isFalse();
            pause = Math.min(2 * pause, 32 * CircuitBreaker.PAUSE_MILLIS_MIN);
        }
        passes(pause);
        assertThat(breaker.allows()).isTrue();
        breaker.succeeded();
        open();
        passes(CircuitBreaker.PAUSE_MILLIS_MIN);
        assertThat(breaker.allows()).isTrue();
    }

    @Test
    void requestsThatWereUnderWayWhenItOpenedDoNotMakeThePauseLonger() {
        open();
        passes(CircuitBreaker.PAUSE_MILLIS_MIN / 2);
        for (int i = 0; i < 60; i++) {
            assertThat(breaker.failed()).isFalse();
        }
        passes(CircuitBreaker.PAUSE_MILLIS_MIN / 2);
        assertThat(breaker.allows()).isTrue();
    }
}
