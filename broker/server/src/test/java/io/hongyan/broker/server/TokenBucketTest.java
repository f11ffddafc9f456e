package io.hongyan.broker.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class TokenBucketTest {
    private final TokenBucket bucket = new TokenBucket();

    @Test
    void burstIsFreeAndTheRestHasToWait() {
        assertThat(bucket.take(0, 100, 10, 10)).isZero();
        assertThat(bucket.take(0, 1, 10, 10)).isEqualTo(100);
        assertThat(bucket.take(50, 1, 10, 10)).isEqualTo(150);
        assertThat(bucket.take(10_000, 1, 10, 10)).isZero();
    }

    @Test
    void limitThatChangesHoldsAtOnce() {
        assertThat(bucket.take(0, 20, 10, 1)).isEqualTo(1_000);
        assertThat(bucket.take(1_000, 5, 1_000, 10)).isZero();
    }

    @Test
    void tryTakeTakesNothingWhereThereIsNone() {
        for (int i = 0; i < 5; i++) {
            assertThat(bucket.tryTake(0, 5, 1)).isTrue();
        }
        for (int i = 0; i < 100; i++) {
            assertThat(bucket.tryTake(0, 5, 1)).isFalse();
        }
        assertThat(bucket.tryTake(200, 5, 1)).isTrue();
        assertThat(bucket.isFull(1_199)).isFalse();
        assertThat(bucket.isFull(1_200)).isTrue();
    }

    /** A caller that waits as told never gets more than rate and burst. */
    @Test
    void obedientSenderGetsTheRate() {
        Random random = new Random(7);
        long now = 0;
        long taken = 0;
        while (now < 1_000_000) {
            int amount = 1 + random.nextInt(50);
            now += bucket.take(now, amount, 100, 2);
            taken += amount;
            assertThat(taken).isLessThanOrEqualTo(now / 10 + 200 + 1);
        }
        assertThat(taken).isGreaterThan(99_000);
    }
}
