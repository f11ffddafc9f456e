package io.hongyan.bench.chaos.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hongyan.bench.chaos.check.Checker;
import io.hongyan.bench.chaos.check.Finding;
import io.hongyan.bench.chaos.check.Verdict;
import io.hongyan.bench.time.SystemTime;
import io.hongyan.starters.Seeds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A short run of a small cluster of the built server; it leaves its history below {@code target/crash-tests}. */
@Tag("long")
@Timeout(600)
class ClusterRunTest {
    /** At least one fault is begun: a move, beside which nothing else is disturbed. */
    private static final int SECONDS = 40;

    private static final int SECONDS_BROKEN = 12;

    private static final int FAN_OUT_INLINE_MAX = 12;
    private static final long SETTLED_MILLIS = 4_000;

    private static ClusterRun run(Path directory, long seed, int seconds, int databases, String fault) {
        return new ClusterRun(
                new ClusterRun.Options(
                        Path.of(".."),
                        directory,
                        directory.resolve("history.jsonl"),
                        seed,
                        seconds,
                        new ClusterSize(2, 2, databases),
                        8,
                        100,
                        fault,
                        true,
                        FAN_OUT_INLINE_MAX,
                        true),
                new SystemTime(),
                System.out::println);
    }

    @Test
    void promisesHoldWhileTheClusterIsDisturbedAndSlotsMoveOutOfADatabaseThatWasNeverSplit() {
        long seed = Seeds.of(ClusterRunTest.class).get(0);
        Path directory = newDirectory("two-databases-" + seed + "-");
        System.out.println("seed " + seed + ", in " + directory);
        ClusterRun run = run(directory, seed, SECONDS, 2, null);
        run.plan().forEach(System.out::println);
        run.run();
        Verdict verdict = new Checker(SETTLED_MILLIS).check(directory.resolve("history.jsonl"));
        System.out.println(verdict.summary());

        assertHeld(verdict);
        assertThat(verdict.counts().cluster().kinds()).containsKey("move");
        assertThat(verdict.counts().cluster().logins()).isPositive();
        assertThat(verdict.acknowledged()).isGreaterThan(200);
        assertThat(verdict.lists().conversations()).isPositive();
        assertThat(verdict.lists().marks()).isPositive();
        assertThat(verdict.counts().cluster().moves().slots()).isPositive();
        assertThat(verdict.counts().cluster().moves().acknowledged()).isPositive();
        assertThat(verdict.messageChanges().all()).isPositive();
        assertThat(verdict.messageChanges().recalls()).isPositive();
        assertThat(verdict.counts().cluster().moves().changes()).isPositive();
        assertThat(verdict.counts().fed())
                .isGreaterThanOrEqualTo(
                        verdict.acknowledged() - verdict.counts().refused());
    }

    /** How soon users are served again depends on the machine: only long runs check it. */
    private static void assertHeld(Verdict verdict) {
        assertThat(verdict.findings())
                .filteredOn(finding -> !finding.promise().equals("recovery"))
                .isEmpty();
    }

    @Test
    void nodesThatLoseChangesOfMessagesAreFound() {
        long seed = Seeds.of(ClusterRunTest.class).get(0);
        Path directory = newDirectory("forgetful-cluster-" + seed + "-");
        System.out.println("seed " + seed + ", in " + directory);
        run(directory, seed, SECONDS_BROKEN, 1, "lost-change").run();
        Verdict verdict = new Checker(SETTLED_MILLIS).check(directory.resolve("history.jsonl"));

        assertThat(verdict.held()).isFalse();
        assertThat(verdict.findings()).extracting(Finding::promise).contains("changes");
    }

    @Test
    void aDirectoryWithSomethingInItIsRefused(@TempDir Path directory) throws IOException {
        Files.writeString(directory.resolve("history.jsonl"), "");

        assertThatThrownBy(() -> run(directory, 1, SECONDS, 1, null).run())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is not empty");
    }

    private static Path newDirectory(String name) {
        try {
            Path all = Files.createDirectories(Path.of("target", "crash-tests"));
            return Files.createTempDirectory(all, name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
