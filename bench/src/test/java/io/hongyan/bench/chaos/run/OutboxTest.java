package io.hongyan.bench.chaos.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.bench.chaos.run.Outbox.Letter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OutboxTest {
    private static final int WINDOW = 8;

    private final Outbox outbox = new Outbox(
            new CrashPlan.DevicePlan("u00:web:page", "u00", true, WINDOW, List.of("u01", "u02")),
            new SplittableRandom(3));

    @Test
    void neverMoreThanTheWindowIsUnderWay() {
        for (int i = 0; i < 100; i++) {
            outbox.burst();
            assertThat(outbox.size()).isLessThanOrEqualTo(WINDOW);
        }
        assertThat(outbox.burst()).isEmpty();
    }

    @Test
    void everythingUnacknowledgedIsSentAgainInOrderUnderTheSameIds() {
        List<Letter> sent = new ArrayList<>();
        while (outbox.size() < WINDOW) {
            sent.addAll(outbox.burst());
        }
        outbox.acknowledged(sent.get(2).packetId());
        sent.remove(2);

        List<Letter> again = outbox.again();

        assertThat(again)
                .extracting(Letter::id)
                .isEqualTo(sent.stream().map(Letter::id).toList());
        assertThat(again)
                .extracting(Letter::text)
                .isEqualTo(sent.stream().map(Letter::text).toList());
        assertThat(outbox.size()).isEqualTo(WINDOW - 1);
    }

    @Test
    void someAcknowledgedMessagesAreRepeatedUnchangedAndNeverWhileUnderWay() {
        Set<String> ids = new HashSet<>();
        int repeated = 0;
        for (int i = 0; i < 2_000; i++) {
            List<Letter> burst = outbox.burst();
            assertThat(burst).extracting(Letter::id).doesNotHaveDuplicates();
            for (Letter letter : burst) {
                repeated += ids.add(letter.id()) ? 0 : 1;
            }
            burst.forEach(letter -> outbox.acknowledged(letter.packetId()));
        }
        assertThat(repeated).isBetween(ids.size() / 100, ids.size() / 10);
    }

    @Test
    void acknowledgementOfNothingIsNoticed() {
        assertThat(outbox.acknowledged(77)).isNull();
    }
}
