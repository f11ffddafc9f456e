package io.hongyan.client.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {
    @Test
    void pausesDoubleUpToTwoMinutes() {
        Backoff backoff = new Backoff(() -> 0.999_999);
        List<Long> pauses = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            pauses.add((backoff.nextMillis() + 500) / 1_000);
        }

        assertThat(pauses).containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 64L, 120L, 120L);
    }

    @Test
    void pausesAreSpreadOverTheWholeRange() {
        Random random = new Random(1);
        long below = 0;
        for (int i = 0; i < 1_000; i++) {
            long pause = new Backoff(random::nextDouble).nextMillis();
            assertThat(pause).isBetween(0L, 999L);
            below += pause < 500 ? 1 : 0;
        }

        assertThat(below).isBetween(400L, 600L);
    }

    @Test
    void aConnectionBeginsAnew() {
        Backoff backoff = new Backoff(() -> 0.5);
        backoff.nextMillis();
        backoff.nextMillis();
        backoff.succeeded();

        assertThat(backoff.nextMillis()).isEqualTo(500);
    }

    @Test
    void aHintBeginsAnewOnceInFiveSeconds() {
        Backoff backoff = new Backoff(() -> 0.5);
        backoff.nextMillis();
        assertThat(backoff.hint(0)).isTrue();
        assertThat(backoff.nextMillis()).isEqualTo(500);
        assertThat(backoff.hint(4_999)).isFalse();
        assertThat(backoff.nextMillis()).isEqualTo(1_000);
        assertThat(backoff.hint(5_000)).isTrue();
        assertThat(backoff.nextMillis()).isEqualTo(500);
    }
}
