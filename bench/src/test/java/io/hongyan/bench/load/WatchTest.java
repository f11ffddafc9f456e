package io.hongyan.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.bench.report.Progress;
import io.hongyan.bench.time.BenchTime;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** When what is left is given up, on a clock that the test moves. */
class WatchTest {
    private static final long QUIET_MILLIS = 5_000;
    private static final long MILLIS_MAX = 120_000;

    private final StallingTime time = new StallingTime();
    private final Watch watch =
            new Watch("test", time, new Progress(new PrintStream(OutputStream.nullOutputStream()), false, time));

    /** A pause takes what it should, and the first one a stall more. */
    private static final class StallingTime implements BenchTime {
        private long nowMillis;
        private long stallMillis;

        @Override
        public long nanos() {
            return nowMillis * 1_000_000;
        }

        @Override
        public long epochMillis() {
            return nowMillis;
        }

        @Override
        public void pause(long millis) {
            nowMillis += millis + stallMillis;
            stallMillis = 0;
        }
    }

    @Test
    void whatArrivedWhileTheGeneratorStoodStillIsNotGivenUp() {
        time.stallMillis = 2 * QUIET_MILLIS;
        Iterator<Long> left = List.of(5L, 5L, 5L, 0L).iterator();
        assertThat(watch.untilNone(left::next, "waiting", QUIET_MILLIS, MILLIS_MAX))
                .isTrue();
    }

    @Test
    void itLooksOnceMoreWhenTheTimeIsOver() {
        time.stallMillis = 2 * MILLIS_MAX;
        Iterator<Long> left = List.of(5L, 0L).iterator();
        assertThat(watch.untilNone(left::next, "waiting", QUIET_MILLIS, MILLIS_MAX))
                .isTrue();
    }

    @Test
    void whatDoesNotMoveForAWhileIsGivenUp() {
        assertThat(watch.untilNone(() -> 5, "waiting", QUIET_MILLIS, MILLIS_MAX))
                .isFalse();
        assertThat(time.nowMillis).isEqualTo(QUIET_MILLIS);
    }

    @Test
    void whatMovesForTooLongIsGivenUp() {
        AtomicInteger left = new AtomicInteger(1_000_000);
        assertThat(watch.untilNone(left::decrementAndGet, "waiting", QUIET_MILLIS, MILLIS_MAX))
                .isFalse();
        assertThat(time.nowMillis).isEqualTo(MILLIS_MAX);
    }
}
