package io.hongyan.bench.chaos.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.bench.chaos.run.FaultPlan.Fault;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FaultPlanTest {
    private static List<Fault> plan(long seed, int seconds) {
        return FaultPlan.draw(3, 2, seconds, new SplittableRandom(seed)).faults();
    }

    @Test
    void theSameSeedDrawsTheSamePlan() {
        assertThat(plan(5, 300)).isEqualTo(plan(5, 300)).isNotEqualTo(plan(6, 300));
        assertThat(plan(5, 300))
                .extracting(Fault::toString)
                .isEqualTo(plan(5, 300).stream().map(Fault::toString).toList());
    }

    @Test
    void everyRunOfFiveMinutesHasTwelveFaultsOrMoreAndKillsAGateAndANode() {
        for (long seed = 0; seed < 200; seed++) {
            List<Fault> faults = plan(seed, 300);
            assertThat(faults).as("seed %d", seed).hasSizeGreaterThanOrEqualTo(12);
            assertThat(faults)
                    .filteredOn(f -> f.kind() == FaultPlan.Kind.KILL)
                    .as("kills of seed %d", seed)
                    .anyMatch(f -> f.target().startsWith("gate-"))
                    .anyMatch(f -> f.target().startsWith("node-"));
            assertThat(faults)
                    .extracting(Fault::number)
                    .containsExactlyElementsOf(LongStream.rangeClosed(1, faults.size())
                            .mapToObj(n -> (int) n)
                            .toList());
        }
    }

    @Test
    void faultsAreOfEveryKindAndHitEveryPartAndEveryLink() {
        List<Fault> many = LongStream.range(0, 60)
                .mapToObj(seed -> plan(seed, 300))
                .flatMap(List::stream)
                .toList();

        assertThat(EnumSet.copyOf(many.stream().map(Fault::kind).toList()))
                .isEqualTo(EnumSet.allOf(FaultPlan.Kind.class));
        assertThat(many.stream().map(Fault::target).distinct())
                .containsExactlyInAnyOrder(
                        "gate-1",
                        "gate-2",
                        "gate-3",
                        "node-1",
                        "node-2",
                        "mariadb",
                        "redis",
                        "client~gate-1",
                        "client~gate-2",
                        "client~gate-3",
                        "client~node-1",
                        "client~node-2",
                        "gate-1~node-1",
                        "gate-1~node-2",
                        "gate-2~node-1",
                        "gate-2~node-2",
                        "gate-3~node-1",
                        "gate-3~node-2",
                        "node-1~mariadb",
                        "node-2~mariadb",
                        "node-1~redis",
                        "node-2~redis");
    }

    @Test
    void pausesAreShorterAndLongerThanLeases() {
        List<Long> pauses = LongStream.range(0, 60)
                .mapToObj(seed -> plan(seed, 300))
                .flatMap(List::stream)
                .filter(fault -> fault.kind() == FaultPlan.Kind.PAUSE)
                .map(Fault::millis)
                .toList();

        assertThat(pauses).anyMatch(millis -> millis < 4_000).anyMatch(millis -> millis > 6_000);
        assertThat(pauses).allMatch(millis -> millis >= 200 && millis < 12_000);
    }

    @Test
    void inEveryRunOfFiveMinutesAGateAndANodeAreKilledWhileNothingElseIsDisturbed() {
        for (long seed = 0; seed < 200; seed++) {
            List<Fault> faults = plan(seed, 300);
            for (String part : List.of("gate-", "node-")) {
                assertThat(IntStream.range(0, faults.size())
                                .filter(i -> i + 1 == faults.size()
                                        || !faults.get(i + 1).together())
                                .mapToObj(faults::get))
                        .as("seed %d", seed)
                        .anyMatch(f ->
                                f.kind() == FaultPlan.Kind.KILL && f.target().startsWith(part) && !f.together());
            }
        }
    }

    @Test
    void faultsAtTheSameTimeAreOfDifferentPartsAndNeverMoreThanTwo() {
        for (long seed = 0; seed < 100; seed++) {
            List<Fault> faults = plan(seed, 300);
            for (int i = 1; i < faults.size(); i++) {
                if (faults.get(i).together()) {
                    assertThat(faults.get(i - 1).together()).isFalse();
                    assertThat(Set.of(faults.get(i).target().split("~")))
                            .doesNotContain(faults.get(i - 1).target().split("~"));
                }
            }
        }
    }
}
