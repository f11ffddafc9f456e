package io.hongyan.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TimelineTest {
    private final Timeline timeline = new Timeline();

    private void record(Timeline where, int second, long... latenciesMillis) {
        for (long millis : latenciesMillis) {
            // The last moment of the second.
            where.record(TimeUnit.SECONDS.toNanos(second + 1) - 1, TimeUnit.MILLISECONDS.toNanos(millis));
        }
    }

    /** Each line without the values of the latencies, which the histogram rounds. */
    private List<String> worst() {
        return timeline.worstOfEachTen().stream()
                .map(line -> line.replaceAll(": .* ms, ", ": "))
                .toList();
    }

    @Test
    void eachLineIsTheSecondOfTheHighestP99OfTen() {
        record(timeline, 0, 1, 1, 1);
        record(timeline, 9, 8);
        record(timeline, 10, 2, 2);
        record(timeline, 13, 7, 7, 7, 7);
        record(timeline, 14, 6);

        assertThat(worst()).containsExactly("second     9: 1 messages", "second    13: 4 messages");
    }

    @Test
    void aLineHasPercentilesInMilliseconds() {
        record(timeline, 2, 100, 100, 100, 400);

        assertThat(timeline.worstOfEachTen())
                .singleElement()
                .asString()
                .matches(
                        "second     2: PUBACK p50 (99|100)\\.\\d, p99 (39\\d|40\\d)\\.\\d, max (39\\d|40\\d)\\.\\d ms, 4"
                                + " messages");
    }

    @Test
    void tenSecondsInWhichNothingCameHaveALineToo() {
        record(timeline, 0, 5);
        record(timeline, 20, 5);

        assertThat(timeline.worstOfEachTen())
                .element(1)
                .isEqualTo("second    10: PUBACK p50 0.0, p99 0.0, max 0.0 ms, 0 messages");
    }

    @Test
    void whatManyClientsRecordedIsAdded() {
        Timeline other = new Timeline();
        record(timeline, 1, 3);
        record(other, 1, 3);
        record(other, 12, 3);

        timeline.add(other);

        assertThat(worst()).containsExactly("second     1: 2 messages", "second    12: 1 messages");
    }

    @Test
    void whatTookLongerThanItCanTellCountsAsTheLongest() {
        Stream.of(61L, 600L).forEach(seconds -> record(timeline, 0, TimeUnit.SECONDS.toMillis(seconds)));

        assertThat(worst()).containsExactly("second     0: 2 messages");
        assertThat(timeline.worstOfEachTen()).singleElement().asString().contains("p50 6", "max 6");
    }
}
