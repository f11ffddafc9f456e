package io.hongyan.bench.chaos.check;

import static io.hongyan.bench.chaos.check.WrittenHistory.ALICE_DESK;
import static io.hongyan.bench.chaos.check.WrittenHistory.ALICE_PHONE;
import static io.hongyan.bench.chaos.check.WrittenHistory.BOB_PHONE;
import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.bench.chaos.check.Finding.Kind;
import io.hongyan.bench.chaos.history.HistoryEvent;
import io.hongyan.bench.chaos.history.HistoryFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CheckerTest {
    @Test
    void undisturbedRunHolds() {
        Verdict verdict =
                WrittenHistory.ofThreeMessages().endStateOfThreeMessages().judged();

        assertThat(verdict.findings()).isEmpty();
        assertThat(verdict.held()).isTrue();
        assertThat(verdict.summary())
                .isEqualTo(
                        "sent=3 acknowledged=3 delivered=3 kills=0 lost=0 doubled=0 out_of_order=0 message_changes=0");
    }

    @Test
    void killWithResendAndRepeatedDeliveryHolds() {
        Verdict verdict = WrittenHistory.begun()
                .send(ALICE_PHONE, 1, "bob", "m1")
                .send(ALICE_PHONE, 1, "bob", "m2")
                .ack(ALICE_PHONE, 1, "m1", 1, 1)
                .receive(BOB_PHONE, 1, 1, "alice", "android:a", "bob", 1, "m1")
                .receive(ALICE_DESK, 1, 1, "alice", "android:a", "bob", 1, "m1")
                .kill(1)
                .disconnect(ALICE_PHONE, 1)
                .disconnect(ALICE_DESK, 1)
                .disconnect(BOB_PHONE, 1)
                .connect(ALICE_PHONE, 2)
                .connect(ALICE_DESK, 2)
                .connect(BOB_PHONE, 2)
                .receive(ALICE_PHONE, 2, 2, "alice", "android:a", "bob", 2, "m2")
                .send(ALICE_PHONE, 2, "bob", "m2")
                .ack(ALICE_PHONE, 2, "m2", 2, 2)
                .send(BOB_PHONE, 2, "alice", "m3")
                .ack(BOB_PHONE, 2, "m3", 3, 3)
                .receive(BOB_PHONE, 2, 1, "alice", "android:a", "bob", 1, "m1")
                .receive(BOB_PHONE, 2, 2, "alice", "android:a", "bob", 2, "m2")
                .receive(ALICE_DESK, 2, 1, "alice", "android:a", "bob", 1, "m1")
                .receive(ALICE_DESK, 2, 2, "alice", "android:a", "bob", 2, "m2")
                .receive(ALICE_DESK, 2, 3, "bob", "ios:b", "alice", 3, "m3")
                .receive(ALICE_PHONE, 2, 3, "bob", "ios:b", "alice", 3, "m3")
                .endStateOfThreeMessages()
                .judged();

        assertThat(verdict.findings()).isEmpty();
        assertThat(verdict.summary())
                .isEqualTo(
                        "sent=3 acknowledged=3 delivered=3 kills=1 lost=0 doubled=0 out_of_order=0 message_changes=0");
    }

    @Test
    void repeatingWhatWasAcknowledgedSaysNothingAboutOrder() {
        Verdict verdict = WrittenHistory.ofThreeMessages()
                .send(ALICE_PHONE, 1, "bob", "m1")
                .ack(ALICE_PHONE, 1, "m1", 1, 1)
                .endStateOfThreeMessages()
                .judged();

        assertThat(verdict.findings()).isEmpty();
    }

    @Test
    void acknowledgedMessageMissingFromTheEndStateIsLost() {
        Verdict verdict = WrittenHistory.begun()
                .send(ALICE_PHONE, 1, "bob", "m1")
                .puback(ALICE_PHONE, 1, "m1")
                .kill(1)
                .quiet()
                .end()
                .judged();

        assertOnly(verdict, Kind.LOST, "P1", "was acknowledged and is not in the log");
    }

    @Test
    void refusedMessageIsLost() {
        Verdict verdict = WrittenHistory.begun()
                .send(ALICE_PHONE, 1, "bob", "m1")
                .puback(ALICE_PHONE, 1, "m1")
                .answer(ALICE_PHONE, 1, "m1", "TOO_LARGE", 0, 0)
                .quiet()
                .end()
                .judged();

        assertOnly(verdict, Kind.LOST, "P1", "TOO_LARGE");
    }

    @Test
    void unacknowledgedMessageMayBeMissing() {
        Verdict verdict = WrittenHistory.begun()
                .send(ALICE_PHONE, 1, "bob", "m1")
                .kill(1)
                .quiet()
                .end()
                .judged();

        assertThat(verdict.findings()).isEmpty();
    }

    @Test
    void changedTextIsLost() {
        Verdict verdict = WrittenHistory.begun()
                .send(ALICE_PHONE, 1, "alice", "m1")
                .ack(ALICE_PHONE, 1, "m1", 1, 1)
                .quiet()
                .logged(1, "alice", "alice", "m1", "something else")
                .filed("alice", 1, "alice", "alice", 1, "m1")
                .receive(ALICE_DESK, 1, 1, "alice", "android:a", "alice", 1, "m1")
                .end()
                .judged();

        assertThat(verdict.lost()).isEqualTo(2);
        assertThat(verdict.findings()).extracting(Finding::promise).containsExactly("P1", "P3");
    }

    @Test
    void twoNumbersForOneMessageAreDoubled() {
        Verdict verdict = WrittenHistory.ofThreeMessages()
                .receive(BOB_PHONE, 1, 4, "alice", "android:a", "bob", 4, "m1")
                .receive(ALICE_DESK, 1, 4, "alice", "android:a", "bob", 4, "m1")
                .quiet()
                .logged(1, "alice", "bob", "m1")
                .logged(2, "alice", "bob", "m2")
                .logged(3, "bob", "alice", "m3")
                .logged(4, "alice", "bob", "m1")
                .filedForBoth(1, "alice", "bob", "m1")
                .filedForBoth(2, "alice", "bob", "m2")
                .filedForBoth(3, "bob", "alice", "m3")
                .filedForBoth(4, "alice", "bob", "m1")
                .end()
                .judged();

        assertThat(verdict.lost()).isZero();
        assertThat(verdict.outOfOrder()).isZero();
        assertThat(verdict.doubled()).isEqualTo(5);
        assertThat(verdict.findings())
                .allMatch(f -> f.kind() == Kind.DOUBLED && f.promise().equals("P2"));
    }

    @Test
    void anotherAnswerToTheSameMessageIsDoubled() {
        Verdict verdict = WrittenHistory.ofThreeMessages()
                .send(ALICE_PHONE, 1, "bob", "m1")
                .answer(ALICE_PHONE, 1, "m1", "OK", 1, 2)
                .endStateOfThreeMessages()
                .judged();

        assertThat(verdict.doubled()).isOne();
        assertThat(verdict.findings()).anyMatch(f -> f.detail().contains("answered in different ways"));
    }

    @Test
    void messageThatNobodySentIsDoubled() {
        Verdict verdict = WrittenHistory.ofThreeMessages()
                .quiet()
                .logged(1, "alice", "bob", "m1")
                .logged(2, "alice", "bob", "m2")
                .logged(3, "bob", "alice", "m3")
                .logged(4, "alice", "bob", "ghost")
                .filedForBoth(1, "alice", "bob", "m1")
                .filedForBoth(2, "alice", "bob", "m2")
                .filedForBoth(3, "bob", "alice", "m3")
                .end()
                .judged();

        assertThat(verdict.findings())
                .anyMatch(f -> f.kind() == Kind.DOUBLED && f.detail().contains("never sent"));
    }

    @Test
    void gapInTheNumbersOfAConversationIsLost() {
        Verdict verdict = WrittenHistory.begun()
                .send(ALICE_PHONE, 1, "alice", "m1")
                .ack(ALICE_PHONE, 1, "m1", 2, 1)
                .receive(ALICE_DESK, 1, 1, "alice", "android:a", "alice", 2, "m1")
                .quiet()
                .logged(2, "alice", "alice", "m1")
                .filed("alice", 1, "alice", "alice", 2, "m1")
                .end()
                .judged();

        assertThat(verdict.findings())
                .anyMatch(f -> f.kind() == Kind.LOST
                        && f.promise().equals("P3")
                        && f.detail().contains("no number 1"));
    }

    @Test
    void numbersAgainstTheOrderOfAConnectionAreOutOfOrder() {
        Verdict verdict = WrittenHistory.begun()
                .send(ALICE_PHONE, 1, "bob", "m2")
                .send(ALICE_PHONE, 1, "bob", "m1")
                .ack(ALICE_PHONE, 1, "m1", 1, 1)
                .ack(ALICE_PHONE, 1, "m2", 2, 2)
                .send(BOB_PHONE, 1, "alice", "m3")
                .ack(BOB_PHONE, 1, "m3", 3, 3)
                .receive(BOB_PHONE, 1, 1, "alice", "android:a", "bob", 1, "m1")
                .receive(BOB_PHONE, 1, 2, "alice", "android:a", "bob", 2, "m2")
                .receive(ALICE_DESK, 1, 1, "alice", "android:a", "bob", 1, "m1")
                .receive(ALICE_DESK, 1, 2, "alice", "android:a", "bob", 2, "m2")
                .receive(ALICE_DESK, 1, 3, "bob", "ios:b", "alice", 3, "m3")
                .receive(ALICE_PHONE, 1, 3, "bob", "ios:b", "alice", 3, "m3")
                .endStateOfThreeMessages()
                .judged();

        assertOnly(verdict, Kind.OUT_OF_ORDER, "P3", "sent message 'm1'");
    }

    @Test
    void answerThatNamesAnotherNumberIsOutOfOrder() {
        Verdict verdict = WrittenHistory.begun()
                .send(ALICE_PHONE, 1, "alice", "m1")
                .ack(ALICE_PHONE, 1, "m1", 5, 1)
                .receive(ALICE_DESK, 1, 1, "alice", "android:a", "alice", 1, "m1")
                .quiet()
                .logged(1, "alice", "alice", "m1")
                .filed("alice", 1, "alice", "alice", 1, "m1")
                .end()
                .judged();

        assertOnly(verdict, Kind.OUT_OF_ORDER, "P1", "acknowledged as number 5 and stands at 1");
    }

    @Test
    void deviceThatSeesLaterEntriesFirstIsOutOfOrder() {
        Verdict verdict = WrittenHistory.begun()
                .send(ALICE_PHONE, 1, "bob", "m1")
                .send(ALICE_PHONE, 1, "bob", "m2")
                .ack(ALICE_PHONE, 1, "m1", 1, 1)
                .ack(ALICE_PHONE, 1, "m2", 2, 2)
                .receive(BOB_PHONE, 1, 2, "alice", "android:a", "bob", 2, "m2")
                .receive(BOB_PHONE, 1, 1, "alice", "android:a", "bob", 1, "m1")
                .send(BOB_PHONE, 1, "alice", "m3")
                .ack(BOB_PHONE, 1, "m3", 3, 3)
                .receive(ALICE_DESK, 1, 1, "alice", "android:a", "bob", 1, "m1")
                .receive(ALICE_DESK, 1, 2, "alice", "android:a", "bob", 2, "m2")
                .receive(ALICE_DESK, 1, 3, "bob", "ios:b", "alice", 3, "m3")
                .receive(ALICE_PHONE, 1, 3, "bob", "ios:b", "alice", 3, "m3")
                .endStateOfThreeMessages()
                .judged();

        assertThat(verdict.outOfOrder()).isOne();
        assertThat(verdict.findings()).anyMatch(f -> f.detail().contains("got 1 after 2"));
    }

    @Test
    void acknowledgedMessageThatADeviceNeverSawIsLost() {
        Verdict verdict = WrittenHistory.begun()
                .send(ALICE_PHONE, 1, "alice", "m1")
                .ack(ALICE_PHONE, 1, "m1", 1, 1)
                .quiet()
                .logged(1, "alice", "alice", "m1")
                .filed("alice", 1, "alice", "alice", 1, "m1")
                .end()
                .judged();

        assertOnly(verdict, Kind.LOST, "P4", ALICE_DESK + " missed 1");
        assertThat(verdict.delivered()).isZero();
    }

    @Test
    void entrySkippedAcrossAReconnectIsLost() {
        Verdict verdict = WrittenHistory.begun()
                .send(ALICE_PHONE, 1, "bob", "m1")
                .send(ALICE_PHONE, 1, "bob", "m2")
                .ack(ALICE_PHONE, 1, "m1", 1, 1)
                .ack(ALICE_PHONE, 1, "m2", 2, 2)
                .receive(ALICE_DESK, 1, 1, "alice", "android:a", "bob", 1, "m1")
                .receive(ALICE_DESK, 1, 2, "alice", "android:a", "bob", 2, "m2")
                .disconnect(BOB_PHONE, 1)
                .connect(BOB_PHONE, 2)
                .receive(BOB_PHONE, 2, 2, "alice", "android:a", "bob", 2, "m2")
                .send(BOB_PHONE, 2, "alice", "m3")
                .ack(BOB_PHONE, 2, "m3", 3, 3)
                .receive(ALICE_DESK, 1, 3, "bob", "ios:b", "alice", 3, "m3")
                .receive(ALICE_PHONE, 1, 3, "bob", "ios:b", "alice", 3, "m3")
                .endStateOfThreeMessages()
                .judged();

        assertOnly(verdict, Kind.LOST, "P4", BOB_PHONE + " missed 1");
    }

    @Test
    void messageMissingFromAnInboxIsLost() {
        Verdict verdict = WrittenHistory.begun()
                .send(ALICE_PHONE, 1, "bob", "m1")
                .ack(ALICE_PHONE, 1, "m1", 1, 1)
                .receive(ALICE_DESK, 1, 1, "alice", "android:a", "bob", 1, "m1")
                .quiet()
                .logged(1, "alice", "bob", "m1")
                .filed("alice", 1, "alice", "bob", 1, "m1")
                .end()
                .judged();

        assertOnly(verdict, Kind.LOST, "P4", "not in the inbox of bob");
    }

    @Test
    void gapInAnInboxIsLost() {
        Verdict verdict = WrittenHistory.begun()
                .send(ALICE_PHONE, 1, "alice", "m1")
                .ack(ALICE_PHONE, 1, "m1", 1, 2)
                .receive(ALICE_DESK, 1, 2, "alice", "android:a", "alice", 1, "m1")
                .quiet()
                .logged(1, "alice", "alice", "m1")
                .filed("alice", 2, "alice", "alice", 1, "m1")
                .end()
                .judged();

        assertThat(verdict.findings())
                .anyMatch(f -> f.kind() == Kind.LOST && f.detail().contains("inbox of alice has no entry 1"));
    }

    @Test
    void entryShownAgainLongAfterItWasAcknowledgedIsDoubled() {
        Verdict verdict = WrittenHistory.ofThreeMessages()
                .pass(2_000)
                .disconnect(BOB_PHONE, 1)
                .connect(BOB_PHONE, 2)
                .receive(BOB_PHONE, 2, 2, "alice", "android:a", "bob", 2, "m2")
                .endStateOfThreeMessages()
                .judged();

        assertOnly(verdict, Kind.DOUBLED, "P4", "was shown 2 again");
    }

    @Test
    void entryAcknowledgedRightBeforeAKillMayComeAgainHoweverLateTheDeviceNoticesIt() {
        Verdict verdict = WrittenHistory.ofThreeMessages()
                .kill(1)
                .pass(2_000)
                .disconnect(BOB_PHONE, 1)
                .connect(BOB_PHONE, 2)
                .receive(BOB_PHONE, 2, 2, "alice", "android:a", "bob", 2, "m2")
                .endStateOfThreeMessages()
                .judged();

        assertThat(verdict.findings()).isEmpty();
    }

    @Test
    void ownMessagePushedOnTheConnectionThatSentItIsDoubled() {
        Verdict verdict = WrittenHistory.begun()
                .send(ALICE_PHONE, 1, "alice", "m1")
                .ack(ALICE_PHONE, 1, "m1", 1, 1)
                .receive(ALICE_PHONE, 1, 1, "alice", "android:a", "alice", 1, "m1")
                .receive(ALICE_DESK, 1, 1, "alice", "android:a", "alice", 1, "m1")
                .quiet()
                .logged(1, "alice", "alice", "m1")
                .filed("alice", 1, "alice", "alice", 1, "m1")
                .end()
                .judged();

        assertOnly(verdict, Kind.DOUBLED, "P4", "pushed its own");
    }

    @Test
    void runThatDidNotBecomeQuietIsUnfinished() {
        Verdict verdict =
                WrittenHistory.begun().restless("bob waits for 3 answers").end().judged();

        assertOnly(verdict, Kind.UNFINISHED, "run", "bob waits for 3 answers");
        assertThat(verdict.held()).isFalse();
    }

    @Test
    void historyWithoutItsLastLineIsUnfinished() {
        Verdict verdict = WrittenHistory.ofThreeMessages().quiet().judged();

        assertThat(verdict.unfinished()).isOne();
        assertThat(verdict.held()).isFalse();
    }

    @Test
    void whatIsWrittenToAFileIsReadBackTheSame(@TempDir Path directory) throws Exception {
        List<HistoryEvent> written =
                WrittenHistory.ofThreeMessages().endStateOfThreeMessages().events();
        Path file = directory.resolve("history.jsonl");
        try (HistoryFile.Writer writer = new HistoryFile.Writer(file)) {
            written.forEach(writer::write);
        }

        List<HistoryEvent> read = new ArrayList<>();
        HistoryFile.read(file, read::add);

        assertThat(read).isEqualTo(written);
        assertThat(Files.readAllLines(file).get(4))
                .isEqualTo("{\"event\":\"send\",\"at\":40,\"device\":\"alice:android:a\",\"connection\":1,"
                        + "\"to\":\"bob\",\"id\":\"m1\",\"text\":\"text of m1\"}");
        assertThat(new Checker(1_000).check(file).held()).isTrue();
    }

    private static void assertOnly(Verdict verdict, Kind kind, String promise, String detail) {
        assertThat(verdict.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(kind);
            assertThat(finding.promise()).isEqualTo(promise);
            assertThat(finding.detail()).contains(detail);
        });
        assertThat(verdict.held()).isFalse();
    }
}
