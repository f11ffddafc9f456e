package io.hongyan.bench.chaos.check;

import static io.hongyan.bench.chaos.check.WrittenHistory.ADDED;
import static io.hongyan.bench.chaos.check.WrittenHistory.ALICE_DESK;
import static io.hongyan.bench.chaos.check.WrittenHistory.ALICE_PHONE;
import static io.hongyan.bench.chaos.check.WrittenHistory.BECAME_LARGE;
import static io.hongyan.bench.chaos.check.WrittenHistory.BOB_PHONE;
import static io.hongyan.bench.chaos.check.WrittenHistory.CREATED;
import static io.hongyan.bench.chaos.check.WrittenHistory.GROUP;
import static io.hongyan.bench.chaos.check.WrittenHistory.LARGE;
import static io.hongyan.bench.chaos.check.WrittenHistory.REMOVED;
import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.bench.chaos.check.Finding.Kind;
import io.hongyan.bench.chaos.history.HistoryEvent;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Alice creates group g (1); bob, and carol, who has no device, join (2); it becomes large (3); alice writes m1 (4);
 * bob leaves (5); alice writes m2 (6).
 */
@Timeout(60)
class StreamCheckerTest {
    @Test
    void everybodyReadsExactlyTheEntriesOfTheirMembership() {
        Verdict verdict = judged(StreamCheckerTest::bobReadsAll, history -> history);

        assertThat(verdict.findings()).isEmpty();
        assertThat(verdict.summary())
                .isEqualTo("sent=2 acknowledged=2 delivered=2 kills=0 lost=0 doubled=0 out_of_order=0 message_changes=0"
                        + " leaked=0 refused=0 changes=3");
    }

    @Test
    void entryThatNeverCameIsLost() {
        Verdict verdict = judged(history -> history.streamed(BOB_PHONE, 1, 4, "alice", "m1"), history -> history);

        assertOnly(verdict, Kind.LOST, "bob:ios:b missed 5 (after 4) of group:g at the end");
        assertThat(verdict.delivered()).isEqualTo(2);
    }

    @Test
    void holeIsLost() {
        Verdict verdict = judged(history -> history.streamedChange(BOB_PHONE, 1, 5, "c3", REMOVED), history -> history);

        assertOnly(verdict, Kind.LOST, "bob:ios:b missed 4 (after 0) of group:g on connection 1");
        assertThat(verdict.delivered()).isEqualTo(1);
    }

    @Test
    void entryFromAfterTheMembershipIsLeaked() {
        Verdict verdict =
                judged(StreamCheckerTest::bobReadsAll, history -> history.streamed(BOB_PHONE, 1, 6, "alice", "m2"));

        assertOnly(verdict, Kind.LEAKED, "bob:ios:b got 6, which is not for its user");
    }

    @Test
    void entryTwiceOnAConnectionIsDoubled() {
        Verdict verdict = judged(
                history -> bobReadsAll(history).streamedChange(BOB_PHONE, 1, 5, "c3", REMOVED), history -> history);

        assertOnly(verdict, Kind.DOUBLED, "bob:ios:b got 5 after 5");
    }

    @Test
    void otherMessageThanTheLogHasIsOutOfOrder() {
        Verdict verdict = judged(
                history ->
                        history.streamed(BOB_PHONE, 1, 4, "alice", "m2").streamedChange(BOB_PHONE, 1, 5, "c3", REMOVED),
                history -> history);

        assertThat(verdict.findings())
                .extracting(Finding::detail)
                .anyMatch(what -> what.contains("got another entry as 4 than the log has"));
    }

    @Test
    void ownMessageOnTheConnectionThatSentItIsDoubled() {
        Verdict verdict =
                judged(StreamCheckerTest::bobReadsAll, history -> history.streamed(ALICE_PHONE, 1, 6, "alice", "m2"));

        assertOnly(verdict, Kind.DOUBLED, "was pushed its own message 'm2'");
    }

    @Test
    void noticeThatEntriesAreLeftOutIsLost() {
        Verdict verdict = judged(history -> bobReadsAll(history.streamedOther(BOB_PHONE, 1, 3)), history -> history);

        assertOnly(verdict, Kind.LOST, "bob:ios:b was told that it gets nothing up to 3");
    }

    @Test
    void streamBeforeTheInboxSaysThatTheGroupIsLargeIsOutOfOrder() {
        WrittenHistory history = created().streamed(BOB_PHONE, 1, 4, "alice", "m1");
        becameLarge(history);
        Verdict verdict = ended(told(history.send(ALICE_PHONE, 1, GROUP, "m1")
                .ack(ALICE_PHONE, 1, "m1", 4, 0)
                .streamed(ALICE_DESK, 1, 4, "alice", "m1")
                .changed("c3", 5, REMOVED)
                .streamedChange(BOB_PHONE, 1, 5, "c3", REMOVED)));

        assertOnly(verdict, Kind.OUT_OF_ORDER, "got 4 before it was told that the group is large");
    }

    @Test
    void membershipThatEndedWhileADeviceWasAwayNeedNotBeRead() {
        Verdict verdict = judged(history -> history.disconnect(BOB_PHONE, 1).connect(BOB_PHONE, 2), history -> history);

        assertThat(verdict.findings()).isEmpty();
        assertThat(verdict.delivered()).isEqualTo(2);
    }

    @Test
    void membershipInWhichADeviceHasACursorIsReadToItsEnd() {
        Verdict verdict = judged(
                history -> history.streamed(BOB_PHONE, 1, 4, "alice", "m1")
                        .pass(2_000)
                        .disconnect(BOB_PHONE, 1)
                        .connect(BOB_PHONE, 2),
                history -> history);

        assertOnly(verdict, Kind.LOST, "bob:ios:b missed 5 (after 4) of group:g at the end");
    }

    @Test
    void whatWasAcknowledgedLongBeforeIsNotShownAgain() {
        Verdict verdict = judged(
                history -> bobReadsAll(history)
                        .pass(2_000)
                        .disconnect(BOB_PHONE, 1)
                        .connect(BOB_PHONE, 2)
                        .streamedChange(BOB_PHONE, 2, 5, "c3", REMOVED),
                history -> history);

        assertOnly(verdict, Kind.DOUBLED, "was shown 5 again, having acknowledged 5 long before");
    }

    @Test
    void repetitionAfterACutIsAllRight() {
        Verdict verdict = judged(
                history -> history.streamed(BOB_PHONE, 1, 4, "alice", "m1")
                        .disconnect(BOB_PHONE, 1)
                        .connect(BOB_PHONE, 2)
                        .streamed(BOB_PHONE, 2, 4, "alice", "m1")
                        .streamedChange(BOB_PHONE, 2, 5, "c3", REMOVED),
                history -> history);

        assertThat(verdict.findings()).isEmpty();
    }

    @Test
    void messageOfALargeGroupInAnInboxIsLeaked() {
        Verdict verdict = ended(bobReadsAll(written()), history -> history.filed("alice", 4, "alice", GROUP, 4, "m1"));

        assertThat(verdict.findings()).extracting(Finding::kind).contains(Kind.LEAKED);
        assertThat(verdict.findings())
                .extracting(Finding::detail)
                .anyMatch(what -> what.startsWith("the inbox of alice has number 4 of group:g"));
    }

    @Test
    void changeOfALargeGroupThatIsNotInTheInboxOfWhoIsRemovedIsLost() {
        WrittenHistory history = bobReadsAll(written());
        rest(history);
        log(history.quiet())
                .filed("bob", 1, HistoryEvent.SYSTEM, GROUP, 2, "c2")
                .filed("bob", 2, HistoryEvent.SYSTEM, GROUP, 3, BECAME_LARGE);
        Verdict verdict = inboxesOfOthers(history).end().judged();

        assertThat(verdict.findings()).extracting(Finding::promise).containsOnly("P4");
        assertThat(verdict.findings())
                .extracting(Finding::detail)
                .anyMatch(what -> what.endsWith("is in the log and not in the inbox of bob"));
    }

    private static WrittenHistory bobReadsAll(WrittenHistory history) {
        return history.streamed(BOB_PHONE, 1, 4, "alice", "m1").streamedChange(BOB_PHONE, 1, 5, "c3", REMOVED);
    }

    /** Up to the removal of bob, without what he reads after the group became large. */
    private static WrittenHistory written() {
        return becameLarge(created())
                .send(ALICE_PHONE, 1, GROUP, "m1")
                .ack(ALICE_PHONE, 1, "m1", 4, 0)
                .streamed(ALICE_DESK, 1, 4, "alice", "m1")
                .changed("c3", 5, REMOVED);
    }

    private static WrittenHistory created() {
        return WrittenHistory.begun()
                .changed("c1", 1, CREATED)
                .receiveChange(ALICE_PHONE, 1, 1, "c1", CREATED)
                .receiveChange(ALICE_DESK, 1, 1, "c1", CREATED)
                .changed("c2", 2, ADDED)
                .receiveChange(ALICE_PHONE, 2, 2, "c2", ADDED)
                .receiveChange(ALICE_DESK, 2, 2, "c2", ADDED)
                .receiveChange(BOB_PHONE, 1, 2, "c2", ADDED);
    }

    private static WrittenHistory becameLarge(WrittenHistory history) {
        return history.receiveChange(ALICE_PHONE, 3, 3, BECAME_LARGE, LARGE)
                .receiveChange(ALICE_DESK, 3, 3, BECAME_LARGE, LARGE)
                .receiveChange(BOB_PHONE, 2, 3, BECAME_LARGE, LARGE);
    }

    /** bob's phone learns from its inbox that he was removed; alice reads, and writes m2. */
    private static WrittenHistory told(WrittenHistory history) {
        return rest(history.receiveChange(BOB_PHONE, 3, 5, "c3", REMOVED));
    }

    private static WrittenHistory rest(WrittenHistory history) {
        return history.streamedChange(ALICE_PHONE, 1, 5, "c3", REMOVED)
                .streamedChange(ALICE_DESK, 1, 5, "c3", REMOVED)
                .send(ALICE_PHONE, 1, GROUP, "m2")
                .ack(ALICE_PHONE, 1, "m2", 6, 0)
                .streamed(ALICE_DESK, 1, 6, "alice", "m2");
    }

    /**
     * @param bob what bob's phone does and sees between the group's becoming large and his removal
     * @param after what happens in the end
     */
    private static Verdict judged(UnaryOperator<WrittenHistory> bob, UnaryOperator<WrittenHistory> after) {
        WrittenHistory history = created();
        becameLarge(history)
                .receiveChange(BOB_PHONE, 3, 5, "c3", REMOVED)
                .send(ALICE_PHONE, 1, GROUP, "m1")
                .ack(ALICE_PHONE, 1, "m1", 4, 0)
                .streamed(ALICE_DESK, 1, 4, "alice", "m1")
                .changed("c3", 5, REMOVED);
        return ended(after.apply(rest(bob.apply(history))));
    }

    private static Verdict ended(WrittenHistory history) {
        return ended(history, same -> same);
    }

    private static Verdict ended(WrittenHistory history, UnaryOperator<WrittenHistory> more) {
        WrittenHistory whole = log(history.quiet())
                .filed("bob", 1, HistoryEvent.SYSTEM, GROUP, 2, "c2")
                .filed("bob", 2, HistoryEvent.SYSTEM, GROUP, 3, BECAME_LARGE)
                .filed("bob", 3, HistoryEvent.SYSTEM, GROUP, 5, "c3");
        return more.apply(inboxesOfOthers(whole)).end().judged();
    }

    private static WrittenHistory log(WrittenHistory history) {
        return history.loggedChange(1, "c1", CREATED)
                .loggedChange(2, "c2", ADDED)
                .loggedChange(3, BECAME_LARGE, LARGE)
                .logged(4, "alice", GROUP, "m1")
                .loggedChange(5, "c3", REMOVED)
                .logged(6, "alice", GROUP, "m2");
    }

    private static WrittenHistory inboxesOfOthers(WrittenHistory history) {
        return history.filed("alice", 1, HistoryEvent.SYSTEM, GROUP, 1, "c1")
                .filed("alice", 2, HistoryEvent.SYSTEM, GROUP, 2, "c2")
                .filed("alice", 3, HistoryEvent.SYSTEM, GROUP, 3, BECAME_LARGE)
                .filed("carol", 1, HistoryEvent.SYSTEM, GROUP, 2, "c2")
                .filed("carol", 2, HistoryEvent.SYSTEM, GROUP, 3, BECAME_LARGE);
    }

    private static void assertOnly(Verdict verdict, Kind kind, String detail) {
        assertThat(verdict.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(kind);
            assertThat(finding.promise()).isEqualTo("P4");
            assertThat(finding.detail()).contains(detail);
        });
    }
}
