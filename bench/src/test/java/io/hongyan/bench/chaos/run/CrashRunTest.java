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
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Short crash runs against the built server; each leaves its history below {@code target/crash-tests}. */
@Tag("long")
@Execution(ExecutionMode.CONCURRENT)
@Timeout(400)
class CrashRunTest {
    private static final int SECONDS = 10;
    /** Low, so that a group with few readers in the end is above it. */
    private static final int FAN_OUT_INLINE_MAX = 12;

    private static final long SETTLED_MILLIS = 4_000;

    @Test
    void nothingAcknowledgedIsLostDoubledOrReorderedByKills() {
        Verdict verdict = judge(null, true, CrashRun.Feed.HTTP);

        assertThat(verdict.findings()).isEmpty();
        assertThat(verdict.held()).isTrue();
        assertThat(verdict.kills()).isGreaterThan(1);
        assertThat(verdict.counts().changes()).isGreaterThan(10);
        assertThat(verdict.messageChanges().all()).isPositive();
        assertThat(verdict.lists().conversations()).isPositive();
        assertThat(verdict.lists().marks()).isPositive();
        assertThat(verdict.counts().fed()).isGreaterThan(verdict.delivered());
        // A refusal that was cut off shows only as acknowledged.
        long stored = verdict.acknowledged() - verdict.counts().refused();
        assertThat(stored).isGreaterThan(200);
        assertThat(verdict.delivered()).isBetween(stored - 10, stored);
    }

    @Test
    void acknowledgingBeforeStoringIsFound() {
        Verdict verdict = judge("ack-before-store", false, CrashRun.Feed.NONE);

        assertThat(verdict.held()).isFalse();
        assertThat(verdict.lost()).isPositive();
        assertThat(verdict.findings()).extracting(Finding::promise).contains("P1");
    }

    @Test
    void storingARepeatedMessageAgainIsFound() {
        Verdict verdict = judge("no-dedup", false, CrashRun.Feed.NONE);

        assertThat(verdict.held()).isFalse();
        assertThat(verdict.doubled()).isPositive();
        assertThat(verdict.findings()).extracting(Finding::promise).contains("P2");
    }

    @Test
    void numberingAgainstTheOrderOfSendingIsFound() {
        Verdict verdict = judge("swap-order", false, CrashRun.Feed.NONE);

        assertThat(verdict.held()).isFalse();
        assertThat(verdict.outOfOrder()).isPositive();
        assertThat(verdict.findings()).extracting(Finding::promise).contains("P3");
    }

    @Test
    void forgettingWhatADeviceHasAcknowledgedIsFound() {
        Verdict verdict = judge("reset-cursor", false, CrashRun.Feed.NONE);

        assertThat(verdict.held()).isFalse();
        assertThat(verdict.doubled()).isPositive();
        assertThat(verdict.findings()).extracting(Finding::promise).contains("P4");
    }

    @Test
    void writingAMessageOfAGroupToInboxesTwiceIsFound() {
        Verdict verdict = judge("refanout", true, CrashRun.Feed.NONE);

        assertThat(verdict.held()).isFalse();
        assertThat(verdict.doubled()).isPositive();
        assertThat(verdict.findings()).extracting(Finding::promise).contains("P2");
    }

    @Test
    void membersWhoComeAndGoLaterThanTheLogSaysAreFound() {
        Verdict verdict = judge("late-member", true, CrashRun.Feed.NONE);

        assertThat(verdict.held()).isFalse();
        assertThat(verdict.lost() + verdict.leaked()).isPositive();
        assertThat(verdict.findings()).extracting(Finding::promise).contains("P4");
    }

    @Test
    void changesThatLeaveTheirMessageAsItWasAreFound() {
        Verdict verdict = judge("lost-change", false, CrashRun.Feed.NONE);

        assertThat(verdict.held()).isFalse();
        assertThat(verdict.lost()).isPositive();
        assertThat(verdict.findings()).extracting(Finding::promise).contains("changes");
    }

    @Test
    void unreadThatDriftsIsFound() {
        Verdict verdict = judge("unread-drift", false, CrashRun.Feed.NONE);

        assertThat(verdict.held()).isFalse();
        assertThat(verdict.findings()).extracting(Finding::promise).containsOnly("unread");
    }

    @Test
    void readMarksThatAreForgottenAreFound() {
        Verdict verdict = judge("lost-mark", false, CrashRun.Feed.NONE);

        assertThat(verdict.held()).isFalse();
        assertThat(verdict.lost()).isPositive();
        assertThat(verdict.findings()).extracting(Finding::promise).containsOnly("unread");
    }

    @Test
    void messagesThatNeverComeInTheFeedAreFound() {
        Verdict verdict = judge("drop-outbox", false, CrashRun.Feed.HTTP);

        assertThat(verdict.held()).isFalse();
        assertThat(verdict.lost() + verdict.outOfOrder()).isPositive();
        assertThat(verdict.findings()).extracting(Finding::promise).containsOnly("P8");
    }

    @Test
    void nothingIsMissingForRocketMqsOwnClientsWhenRocketMqIsKilledToo() {
        Verdict verdict = judge(null, false, CrashRun.Feed.ROCKETMQ);

        assertThat(verdict.findings()).isEmpty();
        assertThat(verdict.held()).isTrue();
        assertThat(verdict.kills()).isGreaterThan(1);
        assertThat(verdict.counts().rocketMqKills()).isPositive();
        assertThat(verdict.acknowledged()).isGreaterThan(200);
        // Changes of messages are events too.
        assertThat(verdict.counts().fed()).isGreaterThan(verdict.acknowledged());
    }

    @Test
    void messagesThatNeverComeOverRocketMqAreFound() {
        Verdict verdict = judge("drop-outbox", false, CrashRun.Feed.ROCKETMQ);

        assertThat(verdict.held()).isFalse();
        assertThat(verdict.findings()).extracting(Finding::promise).containsOnly("P8");
        assertThat(verdict.findings())
                .extracting(Finding::detail)
                .anyMatch(detail -> detail.startsWith("the feed (rocketmq-remoting) has"))
                .anyMatch(detail -> detail.startsWith("the feed (rocketmq-grpc) has"));
    }

    @Test
    void nothingIsLostOnMariaDbWhenTheServerOrTheDatabaseIsKilled() {
        Verdict verdict = judge(null, true, CrashRun.Feed.HTTP, true);

        assertThat(verdict.findings()).isEmpty();
        assertThat(verdict.held()).isTrue();
        assertThat(verdict.kills() + verdict.counts().databaseKills()).isGreaterThan(1);
        assertThat(verdict.messageChanges().all()).isPositive();
        assertThat(verdict.counts().fed())
                .isGreaterThanOrEqualTo(
                        verdict.acknowledged() - verdict.counts().refused());
    }

    @Test
    void aDirectoryWithSomethingInItIsRefused(@TempDir Path directory) throws IOException {
        Path history = Files.writeString(directory.resolve("history.jsonl"), "of another run");
        CrashRun.Options options = new CrashRun.Options(
                Path.of(".."), directory, history, 1, 1, 2, 1, null, false, 0, CrashRun.Feed.NONE, false);

        assertThatThrownBy(() -> new CrashRun(options, new SystemTime(), System.out::println).run())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is not empty");
        assertThat(history).hasContent("of another run");
    }

    private static Verdict judge(String fault, boolean groups, CrashRun.Feed feed) {
        return judge(fault, groups, feed, false);
    }

    private static Verdict judge(String fault, boolean groups, CrashRun.Feed feed, boolean mariaDb) {
        SystemTime time = new SystemTime();
        long seed = Seeds.of(CrashRunTest.class).get(0);
        Path directory = newDirectory((fault == null ? "sound" : fault) + "-" + seed + "-");
        System.out.println("seed " + seed + ", in " + directory);
        Path history = directory.resolve("history.jsonl");
        CrashRun.Options options = new CrashRun.Options(
                Path.of(".."),
                directory,
                history,
                seed,
                SECONDS,
                10,
                300,
                fault,
                groups,
                FAN_OUT_INLINE_MAX,
                feed,
                mariaDb);
        new CrashRun(options, time, System.out::println).run();
        Verdict verdict = new Checker(SETTLED_MILLIS).check(history);
        System.out.println(verdict.summary());
        return verdict;
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
