package io.hongyan.bench.chaos.check;

import static io.hongyan.bench.chaos.check.WrittenHistory.ALICE_DESK;
import static io.hongyan.bench.chaos.check.WrittenHistory.ALICE_PHONE;
import static io.hongyan.bench.chaos.check.WrittenHistory.BOB_PHONE;
import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.bench.chaos.check.Finding.Kind;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Broken promises about recalls, edits, reactions and pins are found. */
class MessageChangesCheckerTest {
    private static final String EDIT = "!edited 1 better";

    /**
     * alice's phone writes m1 (1), edits it (2) and bob reacts (3); each device has seen the entries as they were then, and
     * bob's the message as edited already.
     */
    private static WrittenHistory ofAnEdit() {
        return WrittenHistory.begun()
                .send(ALICE_PHONE, 1, "bob", "m1")
                .ack(ALICE_PHONE, 1, "m1", 1, 1)
                .receiveText(ALICE_DESK, 1, "alice", "bob", 1, "m1", "text of m1")
                .askChange(ALICE_PHONE, "bob", "e1", EDIT)
                .changeAnswer(ALICE_PHONE, "bob", "e1", "OK", 2)
                .receiveText(BOB_PHONE, 1, "alice", "bob", 1, "m1", "better")
                .everywhere(2, "alice", "bob", "e1", EDIT)
                .askChange(BOB_PHONE, "alice", "r1", "!reacted 1 ++1")
                .changeAnswer(BOB_PHONE, "alice", "r1", "OK", 3)
                .everywhere(3, "bob", "alice", "r1", "!reacted 1 ++1")
                .quiet();
    }

    private static WrittenHistory inboxes(WrittenHistory history) {
        return history.filedForBoth(1, "alice", "bob", "m1")
                .filedForBoth(2, "alice", "bob", "e1")
                .filedForBoth(3, "bob", "alice", "r1");
    }

    /** @param text of m1 in the end */
    private static Verdict edited(String text, long stateSeq, Map<String, Integer> reactions) {
        return inboxes(ofAnEdit()
                        .logged(1, "alice", "bob", "m1", text)
                        .stated(1, stateSeq, true, false, reactions)
                        .logged(2, "alice", "bob", "e1", EDIT)
                        .logged(3, "bob", "alice", "r1", "!reacted 1 ++1"))
                .end()
                .judged();
    }

    private static void assertFound(Verdict verdict, Kind kind, String promise, String detail) {
        assertThat(verdict.findings())
                .anyMatch(finding -> finding.kind() == kind
                        && finding.promise().equals(promise)
                        && finding.detail().contains(detail));
    }

    @Test
    void messagesAreWhatTheirChangesMakeOfThem() {
        Verdict verdict = edited("better", 3, Map.of("+1", 1));

        assertThat(verdict.findings()).isEmpty();
        assertThat(verdict.counts().acknowledged()).isEqualTo(1);
    }

    @Test
    void aChangeThatIsInTheLogAloneIsFound() {
        assertFound(edited("text of m1", 3, Map.of("+1", 1)), Kind.LOST, "changes", "'text of m1'");
        assertFound(edited("better", 2, Map.of()), Kind.LOST, "changes", "by its log");
        assertFound(edited("better", 3, Map.of("+1", 2)), Kind.LOST, "changes", "by its log");
    }

    @Test
    void anAcknowledgedChangeThatIsNotInTheLogIsFound() {
        Verdict verdict = WrittenHistory.ofThreeMessages()
                .askChange(ALICE_PHONE, "bob", "e1", EDIT)
                .changeAnswer(ALICE_PHONE, "bob", "e1", "OK", 4)
                .endStateOfThreeMessages()
                .judged();

        assertFound(verdict, Kind.LOST, "P1", "'e1' of alice in alice|bob was acknowledged and is not in the log");
    }

    @Test
    void whatWasSoAlreadyOrIsRefusedLeavesNothing() {
        Verdict verdict = WrittenHistory.ofThreeMessages()
                .askChange(ALICE_PHONE, "bob", "r1", "!reacted 1 --1")
                .changeAnswer(ALICE_PHONE, "bob", "r1", "OK", 0)
                .askChange(ALICE_PHONE, "bob", "e1", EDIT)
                .changeAnswer(ALICE_PHONE, "bob", "e1", "TOO_LATE", 0)
                .endStateOfThreeMessages()
                .judged();

        assertThat(verdict.findings()).isEmpty();
    }

    @Test
    void aRefusalThatIsNotPossibleIsFound() {
        Verdict verdict = WrittenHistory.ofThreeMessages()
                .askChange(ALICE_PHONE, "bob", "e1", EDIT)
                .changeAnswer(ALICE_PHONE, "bob", "e1", "NOT_ALLOWED", 0)
                .endStateOfThreeMessages()
                .judged();

        assertFound(verdict, Kind.LOST, "P1", "NOT_ALLOWED");
    }

    private static WrittenHistory ofARecall() {
        return WrittenHistory.begun()
                .send(ALICE_PHONE, 1, "bob", "m1")
                .ack(ALICE_PHONE, 1, "m1", 1, 1)
                .receiveText(ALICE_DESK, 1, "alice", "bob", 1, "m1", "text of m1")
                .receiveText(BOB_PHONE, 1, "alice", "bob", 1, "m1", "text of m1")
                .askChange(ALICE_PHONE, "bob", "e1", EDIT)
                .changeAnswer(ALICE_PHONE, "bob", "e1", "OK", 2)
                .everywhere(2, "alice", "bob", "e1", EDIT)
                .askChange(ALICE_PHONE, "bob", "c1", "!recalled 1 ")
                .changeAnswer(ALICE_PHONE, "bob", "c1", "OK", 3)
                .everywhere(3, "alice", "bob", "c1", "!recalled 1 ")
                .quiet()
                .filedForBoth(1, "alice", "bob", "m1")
                .filedForBoth(2, "alice", "bob", "e1")
                .filedForBoth(3, "alice", "bob", "c1");
    }

    @Test
    void whatIsRecalledIsErasedAlsoInItsEdits() {
        Verdict verdict = ofARecall()
                .logged(1, "alice", "bob", "m1", "")
                .stated(1, 3, true, true, Map.of())
                .logged(2, "alice", "bob", "e1", "!edited 1 ")
                .logged(3, "alice", "bob", "c1", "!recalled 1 ")
                .end()
                .judged();

        assertThat(verdict.findings()).isEmpty();
    }

    @Test
    void aRecalledTextThatStaysInAnEditIsFound() {
        Verdict verdict = ofARecall()
                .logged(1, "alice", "bob", "m1", "")
                .stated(1, 3, true, true, Map.of())
                .logged(2, "alice", "bob", "e1", EDIT)
                .logged(3, "alice", "bob", "c1", "!recalled 1 ")
                .end()
                .judged();

        assertFound(verdict, Kind.LEAKED, "changes", "entry 2 still says better");
    }

    @Test
    void countsOfReactionsReplaceThoseBefore() {
        RecordedChange counts = RecordedChange.of("!counted 7 +1=3,heart=1");

        assertThat(counts.target()).isEqualTo(7);
        assertThat(counts.counts()).isEqualTo(Map.of("+1", 3, "heart", 1));
        assertThat(RecordedChange.of("!counted 7 ").counts()).isEmpty();
    }
}
