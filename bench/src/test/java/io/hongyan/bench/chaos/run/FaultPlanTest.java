package io.hongyan.bench.chaos.run;

import static io.hongyan.bench.chaos.run.FaultPlan.Kind.MOVE;
import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.bench.chaos.run.FaultPlan.Fault;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
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
        return FaultPlan.draw(new ClusterSize(3, 2, 1), List.of(), seconds, new SplittableRandom(seed))
                .faults();
    }

    private static List<Fault> planOfTwoDatabases(long seed) {
        return FaultPlan.draw(new ClusterSize(3, 2, 2), CrashPlan.uids(20), 300, new SplittableRandom(seed))
                .faults();
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
                .isEqualTo(EnumSet.complementOf(EnumSet.of(FaultPlan.Kind.MOVE)));
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
    void withTwoDatabasesSlotsMoveFirstAndAmongOtherFaultsAndSomeMoveBack() {
        for (long seed = 0; seed < 100; seed++) {
            List<Fault> faults = planOfTwoDatabases(seed);
            List<Fault> moves =
                    faults.stream().filter(fault -> fault.kind() == MOVE).toList();
            Set<String> inSecond = new HashSet<>();
            for (Fault fault : moves) {
                SlotMove move = SlotMove.of(fault.target());
                boolean isNew = move.database().equals(SlotMove.SECOND)
                        ? inSecond.add(move.slots())
                        : inSecond.remove(move.slots());
                assertThat(isNew).as("seed %d, %s", seed, fault).isTrue();
            }

            assertThat(faults.get(0).kind()).isEqualTo(MOVE);
            assertThat(faults.get(1).together()).isFalse();
            assertThat(moves).hasSizeGreaterThanOrEqualTo(faults.size() / 5);
            assertThat(moves).extracting(Fault::target).anyMatch(target -> target.endsWith(" to main"));
        }
    }

    @Test
    void partsAreKilledWhileSlotsMoveAndSoIsTheProgramThatMovesThem() {
        List<Fault> meanwhile = new ArrayList<>();
        List<Fault> moves = new ArrayList<>();
        for (long seed = 0; seed < 60; seed++) {
            List<Fault> faults = planOfTwoDatabases(seed);
            for (int i = 0; i + 1 < faults.size(); i++) {
                if (faults.get(i).kind() == MOVE) {
                    moves.add(faults.get(i));
                    if (faults.get(i + 1).together()) {
                        meanwhile.add(faults.get(i + 1));
                    }
                }
            }
        }

        assertThat(meanwhile)
                .filteredOn(fault -> fault.kind() == FaultPlan.Kind.KILL)
                .extracting(Fault::target)
                .contains("gate-1", "node-1", "node-2", "mariadb", "redis");
        assertThat(moves).extracting(Fault::millis).contains(0L).anyMatch(millis -> millis > 0);
        assertThat(moves).extracting(Fault::toString).anyMatch(text -> text.contains(", its program killed after "));
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
