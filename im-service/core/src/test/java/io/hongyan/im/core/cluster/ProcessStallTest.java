package io.hongyan.im.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hongyan.im.core.message.StorageException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ProcessStallTest {
    private long nanos = Long.MAX_VALUE - 1_000;

    private final ProcessStall processStall = new ProcessStall(() -> nanos, 3_000);

    private void pass(long millis) {
        nanos += TimeUnit.MILLISECONDS.toNanos(millis);
    }

    @Test
    void whoIsAskedOftenEnoughHasNotStoodStill() {
        for (int i = 0; i < 100; i++) {
            pass(3_000);
            assertThat(processStall.epoch().number()).isZero();
        }
        assertThat(processStall.longestMillis()).isZero();
    }

    @Test
    void eachLongPauseCountsOnceWhoeverAsksFirst() {
        pass(3_001);
        assertThat(processStall.epoch().number()).isEqualTo(1);
        assertThat(processStall.epoch().number()).isEqualTo(1);
        pass(10);
        assertThat(processStall.epoch().number()).isEqualTo(1);
        pass(20_000);
        pass(20_000);
        assertThat(processStall.epoch().number()).isEqualTo(2);
        assertThat(processStall.longestMillis()).isEqualTo(40_000);
    }

    @Test
    void whatWasAskedInAnEarlierEpochIsOverAndWhatNobodyElseWasAskedForIsNot() {
        FencingEpoch asked = processStall.epoch();
        processStall.require(asked);
        pass(3_001);

        assertThatThrownBy(() -> processStall.require(asked)).isInstanceOf(StorageException.class);
        assertThatCode(() -> processStall.require(FencingEpoch.ENDLESS)).doesNotThrowAnyException();
    }

    @Test
    void ofNoConcernIsNeverOne() {
        assertThat(ProcessStall.never().epoch().number()).isZero();
    }
}
