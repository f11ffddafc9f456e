package io.hongyan.client.data.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.starters.Seeds;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Runs the engine through many random schedules, the same at each run. {@code -Dseed=N} repeats one, with {@code
 * -Dsimulation.seeds=N} as many from there on; {@code -Dsimulation.actions=N} makes each longer.
 */
class ClientSimulationTest {
    private static final int SEEDS = Integer.getInteger("simulation.seeds", Long.getLong("seed") == null ? 1_000 : 1);
    /** Of fewer, some do little. */
    private static final int SEEDS_MIN = 50;

    private static final int ACTIONS = Integer.getInteger("simulation.actions", 200);

    @Test
    @Timeout(3_600)
    void promisesHoldInEverySchedule() {
        Set<Long> seeds = new LinkedHashSet<>(Seeds.of(ClientSimulationTest.class));
        long first = Long.getLong("seed", 1);
        LongStream.range(first, first + SEEDS).forEach(seeds::add);
        Checker.Counts counts = new Checker.Counts();
        for (long seed : seeds) {
            Simulation.Outcome outcome = Simulation.run(seed, ACTIONS, Breakage.NONE);
            assertThat(outcome.violations())
                    .as("repeat with -Dseed=%d -Dsimulation.actions=%d", seed, ACTIONS)
                    .isEmpty();
            counts.add(outcome.counts());
        }
        System.out.println(
                "client simulation: " + counts.shown + " shown, " + counts.replaced + " of them again as they are now, "
                        + counts.sent + " sent, " + counts.failed + " failed, " + counts.cancelled + " cancelled, "
                        + counts.crashes
                        + " crashes, " + counts.epochs + " epochs, " + counts.ready + " times level");
        if (seeds.size() >= SEEDS_MIN) {
            assertThat(counts.shown)
                    .as("a search that does nothing finds nothing")
                    .isGreaterThan(seeds.size() * 50);
            assertThat(counts.sent).isGreaterThan(seeds.size() * 10);
            assertThat(counts.failed).isGreaterThan(seeds.size() / 2);
            assertThat(counts.cancelled).isGreaterThan(seeds.size() / 10);
            assertThat(counts.crashes).isGreaterThan(seeds.size());
            assertThat(counts.epochs).isGreaterThan(seeds.size() / 10);
            assertThat(counts.replaced).isGreaterThan(seeds.size() / 10);
        }
    }

    @Test
    void aSeedGivesTheSameRunAgain() {
        for (long seed = 1; seed <= 5; seed++) {
            Checker.Counts once = Simulation.run(seed, 150, Breakage.NONE).counts();
            Checker.Counts again = Simulation.run(seed, 150, Breakage.NONE).counts();
            assertThat(List.of(again.shown, again.sent, again.failed, again.crashes, again.replaced))
                    .isEqualTo(List.of(once.shown, once.sent, once.failed, once.crashes, once.replaced));
        }
    }

    @Test
    void acknowledgingBeforeTheCommitIsFound() {
        assertThat(found(Breakage.ACKNOWLEDGES_BEFORE_COMMIT))
                .anyMatch(violation -> violation.startsWith("acknowledged is "));
    }

    @Test
    void aForgottenOutboxIsFound() {
        assertThat(found(Breakage.FORGETS_OUTBOX)).anyMatch(violation -> violation.startsWith("local "));
    }

    private static List<String> found(Breakage breakage) {
        return LongStream.rangeClosed(1, 100)
                .mapToObj(seed -> Simulation.run(seed, ACTIONS, breakage).violations())
                .filter(violations -> !violations.isEmpty())
                .findFirst()
                .orElse(List.of());
    }
}
