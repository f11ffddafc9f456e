package io.hongyan.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the ledger of a feed finds: lags, and every kind of failure of a feed. */
@Timeout(30)
class FeedLedgerTest {
    private static final long MILLI = 1_000_000L;
    private static final String KEY = "direct:a|b";

    private final FeedLedger ledger = new FeedLedger(new FeedPlan(2, 100, 100, 40, 1));

    @Test
    void theLagIsFromPubackToTheConsumer() {
        ledger.acknowledged(0, 0, 100 * MILLI);
        ledger.acknowledged(1, 0, 200 * MILLI);
        ledger.message(KEY, 1, text(0, 0), 104 * MILLI);
        ledger.message("direct:b|c", 1, text(1, 0), 290 * MILLI);

        Histogram all = ledger.lagNanos(0, 1_000 * MILLI);
        assertThat(all.getTotalCount()).isEqualTo(2);
        assertThat(all.getMaxValue() / MILLI).isEqualTo(90);
        assertThat(ledger.lagNanos(0, 150 * MILLI).getMaxValue() / MILLI).isEqualTo(4);
        assertThat(ledger.lost()).isZero();
    }

    @Test
    void whatWasAcknowledgedAndDidNotComeIsLost() {
        ledger.acknowledged(0, 0, 100 * MILLI);
        ledger.acknowledged(0, 1, 101 * MILLI);
        ledger.message(KEY, 1, text(0, 0), 104 * MILLI);

        assertThat(ledger.lost()).isOne();
    }

    @Test
    void aRepetitionIsNoFaultAndAGapIsOne() {
        ledger.message(KEY, 1, text(0, 0), MILLI);
        ledger.message(KEY, 1, text(0, 0), 2 * MILLI);
        assertThat(ledger.repeated()).isOne();
        assertThat(ledger.outOfOrder()).isZero();

        ledger.message(KEY, 3, text(0, 2), 3 * MILLI);
        assertThat(ledger.outOfOrder()).isOne();
        assertThat(ledger.fedCount()).isEqualTo(2);
        assertThat(ledger.eventCount()).isEqualTo(3);
    }

    @Test
    void messagesOfOthersAreNotTheLoad() {
        ledger.message(KEY, 1, "hello", MILLI);
        ledger.other();

        assertThat(ledger.fedCount()).isZero();
        assertThat(ledger.eventCount()).isEqualTo(2);
    }

    private static String text(int user, int index) {
        byte[] text = new byte[Stamp.BYTES];
        Stamp.write(text, 0, user, index, 1);
        return new String(text, StandardCharsets.US_ASCII);
    }
}
