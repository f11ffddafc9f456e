package io.hongyan.client.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.starters.Seeds;
import java.util.BitSet;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SpansTest {
    @Test
    void aSetOfNumbersIsWhatABitSetIs() {
        for (long seed : Seeds.of(SpansTest.class)) {
            Random random = new Random(seed);
            for (int run = 0; run < 500; run++) {
                compare(random);
            }
        }
    }

    private static void compare(Random random) {
        Spans spans = new Spans();
        BitSet expected = new BitSet();
        for (int i = 0; i < 60; i++) {
            int first = 1 + random.nextInt(80);
            int last = first - 1 + random.nextInt(10);
            switch (random.nextInt(8)) {
                case 0 -> {
                    spans.remove(first);
                    expected.clear(first);
                }
                case 1 -> {
                    int upTo = random.nextInt(20);
                    spans.removeUpTo(upTo);
                    expected.clear(0, upTo + 1);
                }
                default -> {
                    spans.add(first, last);
                    expected.set(first, last + 1);
                }
            }
            check(spans, expected);
        }
    }

    private static void check(Spans spans, BitSet expected) {
        for (int number = 1; number < 100; number++) {
            assertThat(spans.contains(number)).isEqualTo(expected.get(number));
            assertThat(spans.lastFrom(number)).isEqualTo(expected.nextClearBit(number) - 1L);
        }
        assertThat(spans.isEmpty()).isEqualTo(expected.isEmpty());
        assertThat(spans.highest()).isEqualTo(Math.max(0, expected.length() - 1));
        long before = -1;
        for (Map.Entry<Long, Long> range : spans.ranges().entrySet()) {
            assertThat(range.getKey()).as("ranges do not touch: %s", spans).isGreaterThan(before + 1);
            assertThat(range.getValue()).isGreaterThanOrEqualTo(range.getKey());
            before = range.getValue();
        }
        assertThat(new Spans(spans)).isEqualTo(spans).hasSameHashCodeAs(spans);
    }

    @Test
    void theHighestNumbersHaveRoom() {
        Spans spans = new Spans();
        spans.add(Long.MAX_VALUE - 1, Long.MAX_VALUE);
        spans.add(5);

        assertThat(spans.contains(Long.MAX_VALUE)).isTrue();
        assertThat(spans.ranges()).hasSize(2);
    }

    @Test
    void theNumbersOfAnotherAreAdded() {
        Spans spans = new Spans();
        spans.add(1, 3);
        Spans other = new Spans();
        other.add(4, 6);
        other.add(9);
        spans.addAll(other);

        assertThat(spans.ranges()).isEqualTo(Map.of(1L, 6L, 9L, 9L));
    }
}
