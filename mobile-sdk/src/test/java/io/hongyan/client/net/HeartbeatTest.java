package io.hongyan.client.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeartbeatTest {
    private final Heartbeat heartbeat = new Heartbeat();
    private long millis;

    /** A beat through a network that forgets connections after so many seconds of silence. */
    private void beat(int forgetsAfterSeconds) {
        millis += heartbeat.seconds() * 1_000L;
        if (heartbeat.seconds() < forgetsAfterSeconds) {
            heartbeat.answered(millis);
        } else {
            heartbeat.failed(millis);
        }
    }

    private int settle(int forgetsAfterSeconds) {
        for (int i = 0; i < 100 && !heartbeat.settled(); i++) {
            beat(forgetsAfterSeconds);
        }
        assertThat(heartbeat.settled()).isTrue();
        return heartbeat.seconds();
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 120, 179, 180, 181, 239, 240, 300, 301, 420, 539, 540})
    void itSettlesBelowWhatTheNetworkAllows(int forgetsAfterSeconds) {
        assertThat((double) settle(forgetsAfterSeconds))
                .isBetween(forgetsAfterSeconds * 0.7, forgetsAfterSeconds - 20.0);
    }

    @Test
    void aNetworkThatForgetsNothingIsNotAskedForMoreThanNineMinutes() {
        assertThat(settle(Integer.MAX_VALUE)).isEqualTo(520);
    }

    @Test
    void aNetworkThatForgetsAtOnceGetsTheShortest() {
        assertThat(settle(30)).isEqualTo(60);
    }

    @Test
    void oneFailureIsNone() {
        heartbeat.answered(0);
        heartbeat.failed(0);
        heartbeat.answered(0);
        heartbeat.failed(0);
        assertThat(heartbeat.seconds()).isEqualTo(180);

        heartbeat.failed(0);
        assertThat(heartbeat.seconds()).isEqualTo(120);
    }

    @Test
    void threeAnswersAreNeededForMore() {
        heartbeat.answered(0);
        heartbeat.answered(0);
        assertThat(heartbeat.seconds()).isEqualTo(180);
        heartbeat.answered(0);
        assertThat(heartbeat.seconds()).isEqualTo(240);
    }

    @Test
    void aNetworkThatForgetsEarlierNowIsLearnedFromTheBeginning() {
        settle(400);
        heartbeat.failed(millis);
        assertThat(heartbeat.settled()).isTrue();
        heartbeat.failed(millis);
        assertThat(heartbeat.settled()).isFalse();
        assertThat(heartbeat.seconds()).isEqualTo(60);

        assertThat(settle(150)).isBetween(105, 130);
    }

    @Test
    void afterADayItTriesMore() {
        settle(300);
        for (int i = 0; i < 1_000 && heartbeat.settled(); i++) {
            beat(300);
        }
        assertThat(heartbeat.settled()).isFalse();
        assertThat(heartbeat.seconds()).isGreaterThan(300);

        assertThat(settle(500)).isBetween(350, 480);
    }
}
