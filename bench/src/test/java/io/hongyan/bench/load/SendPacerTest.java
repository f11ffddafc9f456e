package io.hongyan.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The pace of sending and what a stalled server does to the percentiles, on a simulated clock. */
@Timeout(30)
class SendPacerTest {
    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1_000 * MILLI;
    private static final long END = 10 * SECOND;
    private static final long SERVICE = MILLI;
    private static final int IN_FLIGHT_MAX = 10_000;

    @Test
    void inAnOpenLoopAStallOfAThirdOfTheTimeShowsInTheMedianOfTheRest() {
        // 1,000 messages/s for 10 s; nothing is acknowledged from second 2 to second 6.
        Histogram latency = simulate(openLoop(IN_FLIGHT_MAX), 2 * SECOND, 6 * SECOND);
        assertThat(latency.getTotalCount()).isEqualTo(10_000);
        assertThat(latency.getValueAtPercentile(50)).isLessThanOrEqualTo(2 * MILLI);
        // 4,000 of 10,000 were meant for the stall; half of them waited 2 s or longer.
        assertThat(latency.getValueAtPercentile(81)).isGreaterThan(1_900 * MILLI);
        assertThat(latency.getMaxValue()).isGreaterThan(3_900 * MILLI);
    }

    @Test
    void aFullWindowPutsSendsOffButTheirLatencyCountsFromTheIntendedTime() {
        Histogram latency = simulate(openLoop(16), 2 * SECOND, 6 * SECOND);
        assertThat(latency.getTotalCount()).isEqualTo(10_000);
        assertThat(latency.getValueAtPercentile(81)).isGreaterThan(1_900 * MILLI);
    }

    @Test
    void inAClosedLoopTheSameStallShowsInAWindowOfMessagesOnly() {
        Histogram latency = simulate(SendPacer.closedLoop(4, END), 2 * SECOND, 6 * SECOND);
        assertThat(latency.getCountBetweenValues(SECOND, END)).isEqualTo(4);
    }

    @Test
    void anOpenLoopSendsAtItsTimesWhateverTheServerDoes() {
        SendPacer pacer = SendPacer.openLoop(new SendPacer.OpenLoop(SECOND, 10 * MILLI, 4, 1), 8, END);
        assertThat(pacer.dueNanos()).isEqualTo(SECOND + 10 * MILLI);
        assertThat(pacer.mayBeSent(SECOND + 10 * MILLI - 1)).isFalse();
        assertThat(pacer.mayBeSent(SECOND + 10 * MILLI)).isTrue();
        int id = pacer.take(SECOND + 15 * MILLI);
        assertThat(pacer.intendedOf(id)).isEqualTo(SECOND + 10 * MILLI);
        assertThat(pacer.dueNanos()).isEqualTo(SECOND + 50 * MILLI);
    }

    @Test
    void nothingIsSentAfterTheEndAndAnUnknownAcknowledgementChangesNothing() {
        SendPacer pacer = SendPacer.closedLoop(2, END);
        assertThat(pacer.mayBeSent(END)).isFalse();
        int id = pacer.take(END - 1);
        assertThat(pacer.acknowledged(id)).isTrue();
        assertThat(pacer.acknowledged(id)).isFalse();
        assertThat(pacer.acknowledged(60_000)).isFalse();
        assertThat(pacer.unacknowledged()).isZero();
    }

    private static SendPacer openLoop(int inFlightMax) {
        return SendPacer.openLoop(new SendPacer.OpenLoop(0, MILLI, 1, 0), inFlightMax, END);
    }

    /** A server that acknowledges after 1 ms, and all waiting messages when a stall ends. */
    private static Histogram simulate(SendPacer pacer, long stallFrom, long stallTo) {
        record Answer(int id, long at) {}
        Histogram latency = new Histogram(1_000, 100 * SECOND, 3);
        ArrayDeque<Answer> answers = new ArrayDeque<>();
        for (long now = 0; now < END + 5 * SECOND; now += MILLI / 4) {
            boolean stalled = now >= stallFrom && now < stallTo;
            while (!stalled && !answers.isEmpty() && answers.peek().at() <= now) {
                int id = answers.poll().id();
                long intended = pacer.intendedOf(id);
                assertThat(pacer.acknowledged(id)).isTrue();
                latency.recordValue(now - intended);
            }
            while (pacer.mayBeSent(now)) {
                answers.add(new Answer(pacer.take(now), now + SERVICE));
            }
        }
        return latency;
    }
}
