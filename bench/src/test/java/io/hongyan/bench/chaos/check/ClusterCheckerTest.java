package io.hongyan.bench.chaos.check;

import static io.hongyan.bench.chaos.check.WrittenHistory.ALICE_DESK;
import static io.hongyan.bench.chaos.check.WrittenHistory.ALICE_PHONE;
import static io.hongyan.bench.chaos.check.WrittenHistory.BOB_PHONE;
import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.bench.chaos.check.Finding.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is allowed in a cluster and what is not, with histories written by hand; here entries settle in a second. */
@Timeout(60)
class ClusterCheckerTest {
    private static final String ONE = "dora:android:one";
    private static final String TWO = "dora:ios:two";

    /** Everybody has m1, since long ago, and m2, since just now. */
    private static WrittenHistory afterTwoMessages() {
        return first(WrittenHistory.begunInCluster())
                .pass(3_000)
                .send(ALICE_PHONE, 1, "bob", "m2")
                .ack(ALICE_PHONE, 1, "m2", 2, 2)
                .receive(ALICE_DESK, 1, 2, "alice", "android:a", "bob", 2, "m2")
                .receive(BOB_PHONE, 1, 2, "alice", "android:a", "bob", 2, "m2");
    }

    private static WrittenHistory first(WrittenHistory history) {
        return history.send(ALICE_PHONE, 1, "bob", "m1")
                .ack(ALICE_PHONE, 1, "m1", 1, 1)
                .receive(ALICE_DESK, 1, 1, "alice", "android:a", "bob", 1, "m1")
                .receive(BOB_PHONE, 1, 1, "alice", "android:a", "bob", 1, "m1");
    }

    private static WrittenHistory entry(WrittenHistory history, int connection, int number) {
        return history.receive(BOB_PHONE, connection, number, "alice", "android:a", "bob", number, "m" + number);
    }

    /** m3, and the end state. */
    private static Verdict ended(WrittenHistory history, int connectionOfBob) {
        return history.send(BOB_PHONE, connectionOfBob, "alice", "m3")
                .ack(BOB_PHONE, connectionOfBob, "m3", 3, 3)
                .receive(ALICE_PHONE, 1, 3, "bob", "ios:b", "alice", 3, "m3")
                .receive(ALICE_DESK, 1, 3, "bob", "ios:b", "alice", 3, "m3")
                .calm()
                .endStateOfThreeMessages()
                .judged();
    }

    private static WrittenHistory nodeKilled(WrittenHistory history, String gateThatGoesOver) {
        return history.fault(1, "kill", "node-1")
                .linkClosed(gateThatGoesOver, "node-1")
                .linkOpened(gateThatGoesOver, "node-2");
    }

    // ---- entries again, within a connection ----

    @Test
    void entriesOfTheLastSecondMayComeAgainWhenTheGateWentOverToAnotherNode() {
        Verdict verdict =
                ended(entry(nodeKilled(afterTwoMessages(), "gate-2"), 1, 2).healed(1), 1);

        assertThat(verdict.findings()).isEmpty();
        assertThat(verdict.summary())
                .isEqualTo("sent=3 acknowledged=3 delivered=3 faults=1 lost=0 doubled=0 out_of_order=0"
                        + " message_changes=0 logins=0 two_online=0 slow=0 gate_recovery=none node_pause=none");
    }

    @Test
    void entriesThatCameAgainWithoutTheGateGoingOverAreFound() {
        Verdict verdict = ended(entry(afterTwoMessages(), 1, 2), 1);

        assertThat(verdict.doubled()).isEqualTo(1);
        assertThat(verdict.findings()).extracting(Finding::promise).containsOnly("P4");
    }

    @Test
    void thatAnotherGateWentOverIsNoReason() {
        Verdict verdict =
                ended(entry(nodeKilled(afterTwoMessages(), "gate-1"), 1, 2).healed(1), 1);

        assertThat(verdict.doubled()).isEqualTo(1);
    }

    @Test
    void goingOverOnceIsAReasonOnce() {
        WrittenHistory twice = entry(entry(nodeKilled(afterTwoMessages(), "gate-2"), 1, 2), 1, 2);

        assertThat(ended(twice.healed(1), 1).doubled()).isEqualTo(1);
    }

    @Test
    void whatWasAcknowledgedLongBeforeTheNodeWasKilledMustNotComeAgain() {
        WrittenHistory all = entry(entry(nodeKilled(afterTwoMessages(), "gate-2"), 1, 1), 1, 2);
        Verdict verdict = ended(all.healed(1), 1);

        assertThat(verdict.doubled()).isEqualTo(1);
        assertThat(verdict.findings().get(0).detail()).contains("was shown 1 again");
    }

    @Test
    void anEntryThatIsLeftOutWhenTheGateWentOverIsFound() {
        WrittenHistory history = nodeKilled(first(WrittenHistory.begunInCluster()), "gate-2")
                .send(ALICE_PHONE, 1, "bob", "m2")
                .ack(ALICE_PHONE, 1, "m2", 2, 2)
                .receive(ALICE_DESK, 1, 2, "alice", "android:a", "bob", 2, "m2");
        Verdict verdict = ended(entry(history, 1, 1).healed(1), 1);

        assertThat(verdict.lost()).isPositive();
        assertThat(verdict.findings()).extracting(Finding::promise).contains("P4");
    }

    @Test
    void theNextNodeMayPushWhatTheConnectionHadSentBefore() {
        WrittenHistory history = nodeKilled(afterTwoMessages(), "gate-1")
                .receive(ALICE_PHONE, 1, 2, "alice", "android:a", "bob", 2, "m2")
                .healed(1);
        assertThat(ended(history, 1).findings()).isEmpty();

        WrittenHistory without = afterTwoMessages().receive(ALICE_PHONE, 1, 2, "alice", "android:a", "bob", 2, "m2");
        assertThat(ended(without, 1).doubled()).isEqualTo(1);
    }

    // ---- cursors that could not be written ----

    @Test
    void whatWasAcknowledgedWhileTheDatabaseWasAwayMayComeAgain() {
        WrittenHistory history = first(
                        WrittenHistory.begunInCluster().pass(3_000).fault(1, "kill", "mariadb"))
                .pass(3_000)
                .disconnect(BOB_PHONE, 1)
                .healed(1)
                .connectAt("gate-1", BOB_PHONE, 2);

        assertThat(ended(second(entry(history, 2, 1)), 2).findings()).isEmpty();
    }

    @Test
    void whatWasAcknowledgedLongAfterTheDatabaseWasBackMustNotComeAgain() {
        WrittenHistory history = first(
                        WrittenHistory.begunInCluster().pass(3_000).fault(1, "kill", "mariadb"))
                .healed(1)
                .pass(3_000)
                .disconnect(BOB_PHONE, 1)
                .connectAt("gate-1", BOB_PHONE, 2);

        assertThat(ended(second(entry(history, 2, 1)), 2).doubled()).isEqualTo(1);
    }

    private static WrittenHistory second(WrittenHistory history) {
        return entry(
                history.send(ALICE_PHONE, 1, "bob", "m2")
                        .ack(ALICE_PHONE, 1, "m2", 2, 2)
                        .receive(ALICE_DESK, 1, 2, "alice", "android:a", "bob", 2, "m2"),
                2,
                2);
    }

    // ---- P5 ----

    private static Verdict judgedLogins(WrittenHistory history) {
        return ended(second(entry(first(history).disconnect(BOB_PHONE, 1).connectAt("gate-2", BOB_PHONE, 2), 2, 1)), 2);
    }

    private static WrittenHistory bothLogIn() {
        return WrittenHistory.begunInCluster().loggedIn(ONE, 1, "gate-1").loggedIn(TWO, 1, "gate-2");
    }

    @Test
    void theOlderLoginIsToldAndCutOff() {
        Verdict verdict =
                judgedLogins(bothLogIn().pass(500).kicked(ONE, 1).pass(4_000).offline(ONE, 1));

        assertThat(verdict.findings()).isEmpty();
        assertThat(verdict.summary()).contains("logins=2 two_online=0");
    }

    @Test
    void cuttingTheOlderOneOffWithoutAWordIsEnough() {
        assertThat(judgedLogins(bothLogIn().pass(500).offline(ONE, 1).pass(9_000))
                        .findings())
                .isEmpty();
    }

    @Test
    void twoThatStayOnlineAreFound() {
        Verdict verdict = judgedLogins(bothLogIn().pass(3_500).kicked(ONE, 1).offline(ONE, 1));

        assertThat(verdict.twoOnline()).isEqualTo(1);
        assertThat(verdict.findings()).extracting(Finding::promise).containsOnly("P5");
        assertThat(verdict.held()).isFalse();
    }

    @Test
    void twoThatStayOnlineToTheEndAreFound() {
        assertThat(judgedLogins(bothLogIn().pass(60_000)).twoOnline()).isEqualTo(1);
    }

    @Test
    void twoMayBeOnlineWhileRedisIsAwayAndFiveSecondsMore() {
        WrittenHistory history = WrittenHistory.begunInCluster()
                .fault(1, "kill", "redis")
                .loggedIn(ONE, 1, "gate-1")
                .loggedIn(TWO, 1, "gate-2")
                .pass(20_000)
                .healed(1)
                .pass(4_900)
                .kicked(ONE, 1)
                .offline(ONE, 1);

        assertThat(judgedLogins(history).findings()).isEmpty();
    }

    @Test
    void twoThatAreOnlineLongerAfterRedisIsBackAreFound() {
        WrittenHistory history = WrittenHistory.begunInCluster()
                .fault(1, "cut", "node-1~redis")
                .loggedIn(ONE, 1, "gate-1")
                .loggedIn(TWO, 1, "gate-2")
                .healed(1)
                .pass(8_500)
                .kicked(ONE, 1)
                .offline(ONE, 1);

        assertThat(judgedLogins(history).twoOnline()).isEqualTo(1);
    }

    @Test
    void faultsOfTheDatabaseAndOfOtherGatesAreNoReasonForTwo() {
        WrittenHistory history = WrittenHistory.begunInCluster()
                .fault(1, "pause", "mariadb")
                .fault(2, "stall", "client~gate-3")
                .loggedIn(ONE, 1, "gate-1")
                .loggedIn(TWO, 1, "gate-2")
                .pass(4_000)
                .kicked(ONE, 1)
                .offline(ONE, 1)
                .healed(1)
                .healed(2);

        assertThat(judgedLogins(history).twoOnline()).isEqualTo(1);
    }

    @Test
    void aGateThatCannotReachItsClientIsAReason() {
        WrittenHistory history = bothLogIn()
                .fault(1, "stall", "client~gate-1")
                .pass(9_000)
                .healed(1)
                .offline(ONE, 1);

        assertThat(judgedLogins(history).findings()).isEmpty();
    }

    @Test
    void theNewestBeingDisplacedIsFound() {
        Verdict verdict = judgedLogins(bothLogIn().kicked(TWO, 1).offline(TWO, 1));

        assertThat(verdict.twoOnline()).isEqualTo(1);
        assertThat(verdict.findings().get(0).detail()).contains("nobody had logged in after it");
    }

    @Test
    void ofTwoThatLogInAtTheSameTimeEitherMayStay() {
        WrittenHistory history = WrittenHistory.begunInCluster()
                .login(ONE, 1, "gate-1")
                .login(TWO, 1, "gate-2")
                .online(ONE, 1)
                .online(TWO, 1)
                .kicked(TWO, 1)
                .offline(TWO, 1);

        assertThat(judgedLogins(history).findings()).isEmpty();
    }

    // ---- recovery ----

    private static WrittenHistory gateKilled() {
        return afterTwoMessages().fault(1, "kill", "gate-2").disconnect(BOB_PHONE, 1);
    }

    @Test
    void whoIsServedAgainSoonAfterAKillOfTheGateIsMeasured() {
        Verdict verdict = ended(
                gateKilled()
                        .pass(2_000)
                        .connectAt("gate-1", BOB_PHONE, 2)
                        .send(BOB_PHONE, 2, "alice", "m3")
                        .ack(BOB_PHONE, 2, "m3", 3, 3)
                        .healed(1)
                        .pass(20_000),
                2);

        assertThat(verdict.findings()).isEmpty();
        assertThat(verdict.counts().cluster().served())
                .singleElement()
                .satisfies(millis -> assertThat(millis).isBetween(2_000L, 2_100L));
        assertThat(verdict.summary()).contains("gate_recovery=n:1,p50:20").contains("node_pause=none");
    }

    private static Verdict servedAfter(WrittenHistory killed, long millis) {
        return ended(
                killed.pass(millis)
                        .connectAt("gate-1", BOB_PHONE, 2)
                        .send(BOB_PHONE, 2, "alice", "m3")
                        .ack(BOB_PHONE, 2, "m3", 3, 3)
                        .healed(1)
                        .pass(20_000),
                2);
    }

    @Test
    void whoIsServedAgainTooLateIsFound() {
        Verdict verdict = servedAfter(gateKilled(), 10_500);

        assertThat(verdict.slow()).isEqualTo(1);
        assertThat(verdict.findings()).extracting(Finding::kind).containsOnly(Kind.SLOW);
        assertThat(verdict.findings().get(0).detail()).contains(BOB_PHONE).contains("kill gate-2 (fault 1)");
    }

    @Test
    void whoIsNeverServedAgainIsFound() {
        WrittenHistory history = gateKilled().pass(30_000).calm().healed(1).connectAt("gate-1", BOB_PHONE, 2);

        assertThat(history.send(BOB_PHONE, 2, "alice", "m3").judged().slow()).isEqualTo(1);
    }

    @Test
    void anotherFaultThatGoesOnExcusesTheDelay() {
        Verdict verdict = servedAfter(gateKilled().fault(2, "kill", "mariadb"), 10_500);

        assertThat(verdict.slow()).isZero();
        assertThat(verdict.counts().cluster().served()).isEmpty();
    }

    @Test
    void aFaultThatWasHealedLongBeforeExcusesNothing() {
        WrittenHistory history = afterTwoMessages()
                .fault(2, "kill", "mariadb")
                .healed(2)
                .pass(5_500)
                .fault(1, "kill", "gate-2")
                .disconnect(BOB_PHONE, 1);

        assertThat(servedAfter(history, 10_500).slow()).isEqualTo(1);
    }

    @Test
    void whoHasLeftByItselfIsNotMeasured() {
        WrittenHistory history = afterTwoMessages().fault(1, "kill", "gate-2").closedHere(BOB_PHONE, 1);

        assertThat(servedAfter(history, 10_500).slow()).isZero();
    }

    private static Verdict acknowledgedAfterKillOf(String node, long millis) {
        return afterTwoMessages()
                .send(BOB_PHONE, 1, "alice", "m3")
                .fault(1, "kill", node)
                .linkOpened("gate-2", "node-2")
                .linkOpened("gate-1", "node-2")
                .pass(millis)
                .ack(BOB_PHONE, 1, "m3", 3, 3)
                .receive(ALICE_PHONE, 1, 3, "bob", "ios:b", "alice", 3, "m3")
                .receive(ALICE_DESK, 1, 3, "bob", "ios:b", "alice", 3, "m3")
                .healed(1)
                .pass(20_000)
                .calm()
                .endStateOfThreeMessages()
                .judged();
    }

    @Test
    void messagesThatWaitLittleAfterAKillOfTheNodeAreMeasured() {
        Verdict verdict = acknowledgedAfterKillOf("node-1", 2_000);

        assertThat(verdict.findings()).isEmpty();
        assertThat(verdict.summary()).contains("slow=0 gate_recovery=none node_pause=n:1,p50:20");
    }

    @Test
    void messagesThatWaitTooLongAfterAKillOfTheNodeAreFound() {
        Verdict verdict = acknowledgedAfterKillOf("node-1", 5_500);

        assertThat(verdict.slow()).isEqualTo(1);
        assertThat(verdict.findings().get(0).detail()).contains("had a message wait");
    }

    @Test
    void aNodeThatServesOtherGatesIsNotTheReason() {
        Verdict verdict = acknowledgedAfterKillOf("node-2", 5_500);

        assertThat(verdict.slow()).isZero();
        assertThat(verdict.counts().cluster().pauses()).isEmpty();
    }

    // ---- slots that move ----

    @Test
    void slotsAreCountedWithWhatIsAcknowledgedBetweenTheFirstAndTheLast() {
        WrittenHistory moving = first(WrittenHistory.begunInCluster())
                .fault(1, "move", "0-127 to second")
                .slotMoved(1, 0, 12)
                .send(ALICE_PHONE, 1, "bob", "m2")
                .ack(ALICE_PHONE, 1, "m2", 2, 2)
                .slotMoved(1, 1, 34)
                .healed(1)
                .receive(ALICE_DESK, 1, 2, "alice", "android:a", "bob", 2, "m2")
                .receive(BOB_PHONE, 1, 2, "alice", "android:a", "bob", 2, "m2")
                .fault(2, "move", "128-255 to second")
                .slotMoved(2, 128, 5)
                .healed(2);
        Verdict verdict = ended(moving, 1);

        assertThat(verdict.findings()).isEmpty();
        assertThat(verdict.counts().cluster().moves()).isEqualTo(new SlotMoves(3, 1, 0, 34));
        assertThat(verdict.summary())
                .endsWith(" moved=3 acknowledged_while_moving=1 changes_while_moving=0 frozen_max=34ms");
    }

    /** m2 is answered before it has its number, so it comes to its sender's connection too. */
    private static WrittenHistory numberedLater(WrittenHistory history) {
        return history.send(ALICE_PHONE, 1, "bob", "m2")
                .ack(ALICE_PHONE, 1, "m2", 2, 0)
                .receive(ALICE_PHONE, 1, 2, "alice", "android:a", "bob", 2, "m2")
                .receive(ALICE_DESK, 1, 2, "alice", "android:a", "bob", 2, "m2")
                .receive(BOB_PHONE, 1, 2, "alice", "android:a", "bob", 2, "m2");
    }

    @Test
    void onlyWhereSlotsMoveAMessageToAUserMayHaveItsNumberInTheInboxLater() {
        WrittenHistory moving = first(WrittenHistory.begunInCluster())
                .fault(1, "move", "0-127 to second")
                .slotMoved(1, 0, 12)
                .healed(1);

        assertThat(ended(numberedLater(moving), 1).findings()).isEmpty();
        assertThat(ended(numberedLater(first(WrittenHistory.begunInCluster())), 1)
                        .findings())
                .extracting(Finding::promise)
                .containsOnly("P4");
    }
}
