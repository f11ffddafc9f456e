package io.hongyan.im.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.starters.Seeds;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Runs the core through many random schedules, the same at each run, and those of the seeds that are kept. {@code
 * -Dseed=N} repeats one, with {@code -Dsimulation.seeds=N} as many from there on; {@code -Dsimulation.actions=N} makes
 * each longer.
 */
class SimulationTest {
    private static final int SEEDS = Integer.getInteger("simulation.seeds", Long.getLong("seed") == null ? 300 : 1);
    /** Of fewer, some do little. */
    private static final int SEEDS_MIN = 50;

    private static final int ACTIONS = Integer.getInteger("simulation.actions", 300);

    @Test
    @Timeout(3_600)
    void promisesHoldInEverySchedule() {
        Set<Long> seeds = new LinkedHashSet<>(Seeds.of(SimulationTest.class));
        long first = Long.getLong("seed", 1);
        LongStream.range(first, first + SEEDS).forEach(seeds::add);
        int stored = 0;
        int pushed = 0;
        int streamed = 0;
        int logins = 0;
        int changes = 0;
        int recalls = 0;
        long recounted = 0;
        long keptByDevices = 0;
        for (long seed : seeds) {
            Simulation.Outcome outcome = run(seed);
            recounted += outcome.unread().recounted();
            keptByDevices += outcome.unread().keptByDevices();
            Checker.Counts counts = outcome.counts();
            stored += counts.stored();
            changes += counts.changes();
            recalls += counts.recalls();
            pushed += counts.pushed();
            streamed += counts.streamed();
            logins += counts.logins();
        }
        System.out.println("simulation: " + stored + " stored, " + pushed + " pushed, " + streamed
                + " of large groups, " + changes + " changes of messages, " + recalls + " of them recalls, " + logins
                + " logins, " + recounted + " unread counts recounted, " + keptByDevices
                + " kept by devices");
        if (seeds.size() >= SEEDS_MIN) {
            assertThat(stored).as("a search that sends nothing finds nothing").isGreaterThan(seeds.size() * 10);
            assertThat(pushed).isGreaterThan(stored);
            assertThat(streamed).isGreaterThan(seeds.size());
            assertThat(changes).isGreaterThan(seeds.size());
            assertThat(recalls).isGreaterThan(seeds.size() / 10);
            assertThat(recounted).isGreaterThan(seeds.size() * 1_000L);
            assertThat(keptByDevices).isGreaterThan(seeds.size());
        }
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

    private static Simulation.Outcome run(long seed) {
        Simulation.Outcome outcome = Simulation.run(seed, ACTIONS, storage -> Breakage.NONE);
        if (!outcome.violations().isEmpty()) {
            Path kept = Path.of("target", "simulation", "seed-" + seed + ".log");
            outcome.history().writeTo(kept);
            assertThat(outcome.violations())
                    .as("repeat with -Dseed=%d -Dsimulation.actions=%d; history in %s", seed, ACTIONS, kept)
                    .isEmpty();
        }
        return outcome;
    }
}
