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

    /**
     * alice writes m1, edits it and recalls it while bob is away.
     *
     * @param back when bob's phone connects again: before which of the three is answered, 4 = after all
     * @param text of m1 as bob gets it
     * @param edit as bob gets it
     */
    private static WrittenHistory whileBobIsAway(int back, String text, String edit) {
        return whileBobIsAway(WrittenHistory.begun(), back, text, edit);
    }

    private static WrittenHistory whileBobIsAway(WrittenHistory begun, int back, String text, String edit) {
        WrittenHistory history = begun.disconnect(BOB_PHONE, 1).send(ALICE_PHONE, 1, "bob", "m1");
        backIf(back == 1, history)
                .ack(ALICE_PHONE, 1, "m1", 1, 1)
                .receiveText(ALICE_DESK, 1, "alice", "bob", 1, "m1", "text of m1")
                .askChange(ALICE_PHONE, "bob", "e1", EDIT);
        backIf(back == 2, history)
                .changeAnswer(ALICE_PHONE, "bob", "e1", "OK", 2)
                .receiveText(ALICE_PHONE, 2, "alice", "bob", 2, "e1", EDIT)
                .receiveText(ALICE_DESK, 2, "alice", "bob", 2, "e1", EDIT)
                .askChange(ALICE_PHONE, "bob", "c1", "!recalled 1 ");
        backIf(back == 3, history)
                .changeAnswer(ALICE_PHONE, "bob", "c1", "OK", 3)
                .receiveText(ALICE_PHONE, 3, "alice", "bob", 3, "c1", "!recalled 1 ")
                .receiveText(ALICE_DESK, 3, "alice", "bob", 3, "c1", "!recalled 1 ");
        return backIf(back == 4, history)
                .receiveText(BOB_PHONE, 2, 1, "alice", "bob", 1, "m1", text)
                .receiveText(BOB_PHONE, 2, 2, "alice", "bob", 2, "e1", edit)
                .receiveText(BOB_PHONE, 2, 3, "alice", "bob", 3, "c1", "!recalled 1 ");
    }

    private static WrittenHistory backIf(boolean now, WrittenHistory history) {
        return now ? history.connect(BOB_PHONE, 2) : history;
    }

    private static Verdict recalledInTheEnd(WrittenHistory history) {
        return history.quiet()
                .filedForBoth(1, "alice", "bob", "m1")
                .filedForBoth(2, "alice", "bob", "e1")
                .filedForBoth(3, "alice", "bob", "c1")
                .logged(1, "alice", "bob", "m1", "")
                .stated(1, 3, true, true, Map.of())
                .logged(2, "alice", "bob", "e1", "!edited 1 ")
                .logged(3, "alice", "bob", "c1", "!recalled 1 ")
                .end()
                .judged();
    }

    @Test
    void whoConnectsAfterARecallGetsNothingOfIt() {
        Verdict gone = recalledInTheEnd(whileBobIsAway(4, "", "!edited 1 "));
        assertThat(gone.findings()).isEmpty();
        assertThat(gone.summary()).endsWith(" message_changes=2 read_after_recall=2");
        assertFound(
                recalledInTheEnd(whileBobIsAway(4, "better", "!edited 1 ")),
                Kind.LEAKED,
                "changes",
                "got 'better' as 1 of alice|bob");
        assertFound(
                recalledInTheEnd(whileBobIsAway(4, "", EDIT)), Kind.LEAKED, "changes", "got '" + EDIT + "' as 2 of");
    }

    @Test
    void whatMayHaveBeenUnderWayMayComeWithTheTextOfThen() {
        for (int back = 1; back <= 3; back++) {
            assertThat(recalledInTheEnd(whileBobIsAway(back, "text of m1", EDIT))
                            .findings())
                    .as("back %d", back)
                    .isEmpty();
        }
        WrittenHistory stalled = WrittenHistory.begun().fault(1, "stall", "node-1~redis");
        assertThat(recalledInTheEnd(
                                whileBobIsAway(stalled, 4, "text of m1", EDIT).healed(1))
                        .findings())
                .isEmpty();
        WrittenHistory killed = WrittenHistory.begun().fault(1, "kill", "redis");
        assertFound(
                recalledInTheEnd(whileBobIsAway(killed, 4, "text of m1", EDIT).healed(1)),
                Kind.LEAKED,
                "changes",
                "got 'text of m1'");
    }

    private static Verdict read(WrittenHistory history, String text) {
        return recalledInTheEnd(history.fedText(1, "alice", "bob", "m1", text)
                .fedText(2, "alice", "bob", "e1", "!edited 1 ")
                .fedText(3, "alice", "bob", "c1", "!recalled 1 "));
    }

    @Test
    void aReaderOfTheFeedWhoStartsAfterARecallGetsNothingOfIt() {
        assertThat(read(whileBobIsAway(4, "", "!edited 1 ").feedOpen(), "").findings())
                .isEmpty();
        assertFound(
                read(whileBobIsAway(4, "", "!edited 1 ").feedOpen(), "text of m1"),
                Kind.LEAKED,
                "changes",
                "the feed got 'text of m1' as 1");
        assertThat(read(whileBobIsAway(4, "", "!edited 1 "), "text of m1").findings())
                .as("a reader that was there")
                .isEmpty();
    }

    @Test
    void acknowledgedChangesAreCountedOnceAndThoseWhileSlotsMoveToo() {
        WrittenHistory history = WrittenHistory.ofThreeMessages()
                .askChange(ALICE_PHONE, "bob", "e1", EDIT)
                .changeAnswer(ALICE_PHONE, "bob", "e1", "OK", 4)
                .slotMoved(1, 0, 12)
                .changeAnswer(ALICE_PHONE, "bob", "e1", "OK", 4)
                .askChange(BOB_PHONE, "alice", "r1", "!reacted 1 ++1")
                .changeAnswer(BOB_PHONE, "alice", "r1", "OK", 5)
                .askChange(BOB_PHONE, "alice", "r2", "!reacted 1 ++1")
                .changeAnswer(BOB_PHONE, "alice", "r2", "OK", 0)
                .askChange(ALICE_PHONE, "bob", "e2", "!edited 3 worse")
                .changeAnswer(ALICE_PHONE, "bob", "e2", "NOT_ALLOWED", 0)
                .slotMoved(1, 1, 34)
                .askChange(ALICE_PHONE, "bob", "c1", "!recalled 2 ")
                .changeAnswer(ALICE_PHONE, "bob", "c1", "OK", 6)
                .askChange(ALICE_PHONE, "bob", "p1", "!pinned 3 true");

        assertThat(MessageChanges.of(history.facts(), 7)).isEqualTo(new MessageChanges(1, 1, 1, 0, 7));
        assertThat(SlotMoves.of(history.facts()).changes()).isEqualTo(1);
        assertThat(edited("better", 3, Map.of("+1", 1)).summary()).endsWith(" out_of_order=0 message_changes=2");
    }

    @Test
    void countsOfReactionsReplaceThoseBefore() {
        RecordedChange counts = RecordedChange.of("!counted 7 +1=3,heart=1");

        assertThat(counts.target()).isEqualTo(7);
        assertThat(counts.counts()).isEqualTo(Map.of("+1", 3, "heart", 1));
        assertThat(RecordedChange.of("!counted 7 ").counts()).isEmpty();
    }
}
