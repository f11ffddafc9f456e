package io.hongyan.im.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Runs the core through many random schedules. {@code -Dsimulation.seed=N} repeats one of them,
 * {@code -Dsimulation.seeds=N} and {@code -Dsimulation.actions=N} make a longer search.
 */
class SimulationTest {
    private static final int SEEDS = Integer.getInteger("simulation.seeds", 300);
    private static final int ACTIONS = Integer.getInteger("simulation.actions", 300);

    @Test
    @Timeout(3_600)
    void promisesHoldInEverySchedule() {
        Long only = Long.getLong("simulation.seed");
        if (only != null) {
            run(only);
            return;
        }
        long first = new Random().nextLong() >>> 16;
        System.out.println("simulation: seeds " + first + " to " + (first + SEEDS - 1));
        int stored = 0;
        int pushed = 0;
        int streamed = 0;
        int logins = 0;
        for (long seed = first; seed < first + SEEDS; seed++) {
            Checker.Counts counts = run(seed);
            stored += counts.stored();
            pushed += counts.pushed();
            streamed += counts.streamed();
            logins += counts.logins();
        }
        System.out.println("simulation: " + stored + " stored, " + pushed + " pushed, " + streamed
                + " of large groups, " + logins + " logins");
        assertThat(stored).as("a search that sends nothing finds nothing").isGreaterThan(SEEDS * 10);
        assertThat(pushed).isGreaterThan(stored);
        assertThat(streamed).isGreaterThan(SEEDS);
    }

    @Test
    @Timeout(60)
    void aSeedGivesTheSameRunAgain() {
        for (long seed = 1; seed <= 8; seed++) {
            List<String> first = Simulation.run(seed, 150, storage -> Breakage.NONE)
                    .history()
                    .lines();
            assertThat(Simulation.run(seed, 150, storage -> Breakage.NONE)
                            .history()
                            .lines())
                    .hasSizeGreaterThan(100)
                    .isEqualTo(first);
        }
    }

    private static Checker.Counts run(long seed) {
        Simulation.Outcome outcome = Simulation.run(seed, ACTIONS, storage -> Breakage.NONE);
        if (!outcome.violations().isEmpty()) {
            Path kept = Path.of("target", "simulation", "seed-" + seed + ".log");
            outcome.history().writeTo(kept);
            assertThat(outcome.violations())
                    .as("repeat with -Dsimulation.seed=%d -Dsimulation.actions=%d; history in %s", seed, ACTIONS, kept)
                    .isEmpty();
        }
        return outcome.counts();
    }
}
