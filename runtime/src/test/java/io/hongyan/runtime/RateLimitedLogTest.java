package io.hongyan.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RateLimitedLogTest {
    private final List<String> lines = new ArrayList<>();
    private final RateLimitedLog log = new RateLimitedLog(lines::add);

    @Test
    void oneLinePerReasonWithTheCountAndTheFirstExamples() {
        AtomicInteger asked = new AtomicInteger();
        for (int i = 0; i < 1_000; i++) {
            int number = i;
            log.count("login refused", () -> {
                asked.incrementAndGet();
                return "client " + number;
            });
        }
        log.count("packet malformed", () -> "client x");
        assertThat(lines).isEmpty();
        log.summarize();
        assertThat(lines)
                .containsExactlyInAnyOrder(
                        "login refused: 1000 times in the last minute; client 0 | client 1 | client 2",
                        "packet malformed: 1 time in the last minute; client x");
        assertThat(asked).hasValue(3);
    }

    @Test
    void quietMinuteWritesNothingAndTheNextBeginsAnew() {
        log.count("r", () -> "first");
        log.summarize();
        log.summarize();
        assertThat(lines).hasSize(1);
        log.count("r", () -> "second");
        log.summarize();
        assertThat(lines).hasSize(2).last().isEqualTo("r: 1 time in the last minute; second");
    }

    @Test
    void whatClientsSendForgesNoLinesAndIsCut() {
        log.count("r", () -> "a\r\nERROR forged\u2028\u202Eb" + "x".repeat(10_000));
        log.summarize();
        assertThat(lines.get(0))
                .startsWith("r: 1 time in the last minute; a??ERROR forged??bx")
                .hasSizeLessThan(250);
    }

    @Test
    void reasonsAreLimited() {
        for (int i = 0; i < 10_000; i++) {
            log.count("reason " + i, () -> "e");
        }
        log.summarize();
        assertThat(lines).hasSize(RateLimitedLog.REASONS_MAX + 1).anyMatch(line -> line.startsWith("other reasons: "));
    }
}
