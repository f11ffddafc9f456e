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
                        "event=\"login refused\" times=1000 example=\"client 0\" example=\"client 1\" example=\"client 2\"",
                        "event=\"packet malformed\" times=1 example=\"client x\"");
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
        assertThat(lines).hasSize(2).last().isEqualTo("event=\"r\" times=1 example=\"second\"");
    }

    @Test
    void whatClientsSendForgesNoLinesAndIsCut() {
        log.count("r", () -> "a\r\nERROR forged\u2028\u202Eb" + "x".repeat(10_000));
        log.summarize();
        assertThat(lines.get(0))
                .startsWith("event=\"r\" times=1 example=\"a??ERROR forged??bx")
                .hasSizeLessThan(250);
    }

    @Test
    void anExampleCannotEndItsQuotes() {
        log.count("r", () -> "a\" times=9 example=\"b");
        log.summarize();
        assertThat(lines).containsExactly("event=\"r\" times=1 example=\"a' times=9 example='b\"");
    }

    @Test
    void reasonsAreLimited() {
        for (int i = 0; i < 10_000; i++) {
            log.count("reason " + i, () -> "e");
        }
        log.summarize();
        assertThat(lines)
                .hasSize(RateLimitedLog.REASONS_MAX + 1)
                .anyMatch(line -> line.startsWith("event=\"other reasons\" "));
    }
}
