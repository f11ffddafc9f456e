package io.hongyan.broker.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.starters.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class TimerWheelTest {
    private static final long START = 12_345;
    private static final int HORIZON_MILLIS = 511 * TimerWheel.TICK_MILLIS;

    private static final class Clocked extends TimerWheel.Entry {
        private int expiries;
        private int failures;
        private boolean failing;

        @Override
        void expired() {
            expiries++;
            if (failing) {
                throw new StackOverflowError();
            }
        }

        @Override
        void taskFailed(Throwable failure) {
            failures++;
        }
    }

    @Test
    void entryThatFailsLeavesTheOthersOfItsTickAlone() {
        TimerWheel wheel = new TimerWheel(0);
        List<Clocked> entries = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Clocked entry = new Clocked();
            entry.failing = i % 3 == 0;
            entries.add(entry);
            wheel.watch(entry, 50);
        }
        wheel.advance(1_000);
        assertThat(entries).allMatch(entry -> entry.expiries == 1);
        assertThat(entries).allMatch(entry -> entry.failures == (entry.failing ? 1 : 0));
    }

    @Test
    void entryIsLookedAtOnceWhenItsTimeHasCome() {
        TimerWheel wheel = new TimerWheel(START);
        Clocked entry = new Clocked();
        wheel.watch(entry, START + 1_000);
        wheel.advance(START + 999);
        assertThat(entry.expiries).isZero();
        wheel.advance(START + 1_200);
        assertThat(entry.expiries).isEqualTo(1);
        wheel.advance(START + 200_000);
        assertThat(entry.expiries).isEqualTo(1);
    }

    @Test
    void earlierTimeWinsAndLaterOneIsIgnored() {
        TimerWheel wheel = new TimerWheel(START);
        Clocked entry = new Clocked();
        wheel.watch(entry, START + 5_000);
        wheel.watch(entry, START + 9_000);
        wheel.watch(entry, START + 1_000);
        wheel.advance(START + 1_300);
        assertThat(entry.expiries).isEqualTo(1);
        wheel.advance(START + 20_000);
        assertThat(entry.expiries).isEqualTo(1);
    }

    @Test
    void timeBeyondTheHorizonIsLookedAtEarlyRatherThanNever() {
        TimerWheel wheel = new TimerWheel(START);
        Clocked entry = new Clocked();
        wheel.watch(entry, START + 10 * HORIZON_MILLIS);
        wheel.advance(START + HORIZON_MILLIS + TimerWheel.TICK_MILLIS);
        assertThat(entry.expiries).isEqualTo(1);
    }

    static List<Long> seeds() {
        return Seeds.of(TimerWheelTest.class);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void forgottenEntryStaysQuietWhateverItsNeighboursDo(long seed) {
        Random random = new Random(seed);
        TimerWheel wheel = new TimerWheel(START);
        Clocked[] entries = new Clocked[300];
        long[] due = new long[entries.length];
        for (int i = 0; i < entries.length; i++) {
            entries[i] = new Clocked();
            due[i] = START + random.nextInt(5_000);
            wheel.watch(entries[i], due[i]);
        }
        for (int i = 0; i < entries.length; i += 3) {
            wheel.forget(entries[i]);
        }
        for (long now = START; now < START + 6_000; now += 1 + random.nextInt(300)) {
            wheel.advance(now);
            for (int i = 0; i < entries.length; i++) {
                if (i % 3 == 0 || due[i] > now) {
                    assertThat(entries[i].expiries).as("seed " + seed).isZero();
                } else if (due[i] + 2 * TimerWheel.TICK_MILLIS < now) {
                    assertThat(entries[i].expiries).as("seed " + seed).isEqualTo(1);
                }
            }
        }
    }
}
