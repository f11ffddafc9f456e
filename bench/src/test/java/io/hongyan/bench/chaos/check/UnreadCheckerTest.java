package io.hongyan.bench.chaos.check;

import static io.hongyan.bench.chaos.check.WrittenHistory.ALICE_DESK;
import static io.hongyan.bench.chaos.check.WrittenHistory.ALICE_PHONE;
import static io.hongyan.bench.chaos.check.WrittenHistory.BOB_PHONE;
import static io.hongyan.bench.chaos.check.WrittenHistory.GROUP;
import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.bench.chaos.check.Finding.Kind;
import io.hongyan.bench.chaos.history.HistoryEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Lists of conversations that lack something, or a read mark, are found. Marks settle after a second. */
@Timeout(10)
class UnreadCheckerTest {
    private static final long SETTLED_MILLIS = 1_000;

    /** Bob's phone has read message 2 of alice. */
    private static WrittenHistory marked() {
        return WrittenHistory.ofThreeMessages().read(BOB_PHONE, 1, "alice", 2).readAck(BOB_PHONE, 1, "alice", 2);
    }

    /** All logs and inboxes of alice and bob are read; bob has read up to a number. */
    private static Verdict ended(WrittenHistory history, long readSeq) {
        return history.quiet()
                .logged(1, "alice", "bob", "m1")
                .logged(2, "alice", "bob", "m2")
                .logged(3, "bob", "alice", "m3")
                .filedForBoth(1, "alice", "bob", "m1")
                .filedForBoth(2, "alice", "bob", "m2")
                .filedForBoth(3, "bob", "alice", "m3")
                .listedUpTo("bob", "alice", 3, readSeq)
                .end()
                .judged();
    }

    private static void assertLost(Verdict verdict, String detail) {
        assertThat(verdict.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(Kind.LOST);
            assertThat(finding.promise()).isEqualTo("unread");
            assertThat(finding.detail()).contains(detail);
        });
    }

    @Test
    void marksThatAreInTheListsAreCounted() {
        Verdict verdict = ended(marked().pass(SETTLED_MILLIS), 2);

        assertThat(verdict.findings()).isEmpty();
        assertThat(verdict.lists()).isEqualTo(new Verdict.Lists(2, 1));
    }

    @Test
    void markThatIsForgottenIsFound() {
        assertLost(ended(marked().pass(SETTLED_MILLIS), 1), "read up to 2 was acknowledged");
    }

    @Test
    void markJustBeforeTheListMayNotBeInIt() {
        Verdict verdict = ended(marked(), 1);

        assertThat(verdict.findings()).isEmpty();
        assertThat(verdict.lists().marks()).isZero();
    }

    @Test
    void markThatWasNotAcknowledgedMayBeForgotten() {
        WrittenHistory history = WrittenHistory.ofThreeMessages().read(BOB_PHONE, 1, "alice", 2);

        assertThat(ended(history.pass(SETTLED_MILLIS), 1).findings()).isEmpty();
    }

    @Test
    void markJustBeforeAKillMayBeForgotten() {
        WrittenHistory history = marked().pass(SETTLED_MILLIS / 2).kill(1);

        assertThat(ended(restarted(history), 1).findings()).isEmpty();
    }

    @Test
    void markLongBeforeAKillIsNotForgotten() {
        WrittenHistory history = marked().pass(SETTLED_MILLIS).kill(1);

        assertLost(ended(restarted(history), 1), "read up to 2 was acknowledged");
    }

    private static WrittenHistory restarted(WrittenHistory killed) {
        return killed.disconnect(ALICE_PHONE, 1)
                .disconnect(ALICE_DESK, 1)
                .disconnect(BOB_PHONE, 1)
                .ready(1)
                .connect(ALICE_PHONE, 2)
                .connect(ALICE_DESK, 2)
                .connect(BOB_PHONE, 2)
                .pass(2 * SETTLED_MILLIS);
    }

    @Test
    void markWhileAPartOfTheClusterIsAwayMayBeForgotten() {
        WrittenHistory history = WrittenHistory.ofThreeMessages().fault(1, "pause", "mariadb");
        history.read(BOB_PHONE, 1, "alice", 2).readAck(BOB_PHONE, 1, "alice", 2).healed(1);

        Verdict verdict = ended(history.pass(2 * SETTLED_MILLIS), 1);

        assertThat(verdict.findings()).isEmpty();
        assertThat(verdict.lists().marks()).isZero();
    }

    /** Bob's phone says so while slots move. */
    private static WrittenHistory markedWhileSlotsMove() {
        WrittenHistory history = WrittenHistory.ofThreeMessages().fault(1, HistoryEvent.MOVE, "0-31 to second");
        return history.read(BOB_PHONE, 1, "alice", 2).readAck(BOB_PHONE, 1, "alice", 2);
    }

    @Test
    void markWhileSlotsMoveIsNotForgotten() {
        WrittenHistory history = markedWhileSlotsMove().pass(2 * SETTLED_MILLIS).healed(1);
        Verdict kept = ended(history.pass(2 * SETTLED_MILLIS), 2);
        assertThat(kept.findings()).isEmpty();
        assertThat(kept.lists().marks()).isOne();

        history = markedWhileSlotsMove().pass(2 * SETTLED_MILLIS).healed(1);
        assertLost(ended(history.pass(2 * SETTLED_MILLIS), 1), "read up to 2 was acknowledged");
    }

    @Test
    void markMayWaitUntilAWhileAfterTheMove() {
        WrittenHistory history = markedWhileSlotsMove().pass(2 * SETTLED_MILLIS).healed(1);

        Verdict verdict = ended(history.pass(SETTLED_MILLIS / 2), 1);

        assertThat(verdict.findings()).isEmpty();
        assertThat(verdict.lists().marks()).isZero();
    }

    @Test
    void markThatWaitsForASlotMayBeForgottenByANodeThatIsKilled() {
        WrittenHistory history = markedWhileSlotsMove()
                .pass(2 * SETTLED_MILLIS)
                .fault(2, "pause", "node-1")
                .healed(2)
                .healed(1);

        Verdict verdict = ended(history.pass(3 * SETTLED_MILLIS), 1);

        assertThat(verdict.findings()).isEmpty();
        assertThat(verdict.lists().marks()).isZero();
    }

    @Test
    void markThatIsAcknowledgedAgainWasStoredAfterTheFirstTime() {
        WrittenHistory history = marked().pass(SETTLED_MILLIS).readAck(BOB_PHONE, 1, "alice", 2);

        assertLost(ended(history, 1), "read up to 2 was acknowledged");
    }

    @Test
    void conversationThatIsNotInTheListIsFound() {
        Verdict verdict = WrittenHistory.ofThreeMessages()
                .quiet()
                .logged(1, "alice", "bob", "m1")
                .logged(2, "alice", "bob", "m2")
                .logged(3, "bob", "alice", "m3")
                .filedForBoth(1, "alice", "bob", "m1")
                .filedForBoth(2, "alice", "bob", "m2")
                .filedForBoth(3, "bob", "alice", "m3")
                .listedUpTo("alice", "bob", 3, 3)
                .endWithoutLists()
                .judged();

        assertLost(verdict, "bob has messages of alice|bob, but not in the list");
    }

    @Test
    void listedConversationWithoutALogIsFound() {
        Verdict verdict = WrittenHistory.ofThreeMessages()
                .endStateOfThreeMessages()
                .listedUpTo("alice", "carol", 1, 1)
                .judged();

        assertLost(verdict, "there is no log to");
    }

    @Test
    void whoHasLeftAGroupNeedNotListIt() {
        Verdict verdict = WrittenHistory.ofGroup()
                .quiet()
                .groupLog()
                .groupInboxes()
                .listed("alice", 6, 6, 3, 3)
                .listed("carol", 6, 6, 3, 3)
                .endWithoutLists()
                .judged();

        assertThat(verdict.findings()).isEmpty();
    }

    @Test
    void joiningCountsAsHavingReadWhatIsBefore() {
        Verdict verdict = WrittenHistory.ofGroup()
                .read(ALICE_PHONE, 1, GROUP, 1)
                .readAck(ALICE_PHONE, 1, GROUP, 1)
                .pass(SETTLED_MILLIS)
                .quiet()
                .groupLog()
                .groupInboxes()
                .listed("alice", 6, 0, 3, 0)
                .end()
                .judged();

        assertThat(verdict.findings()).isEmpty();
        assertThat(verdict.lists().marks()).isOne();
    }
}
