package io.hongyan.bench.chaos.check;

import static io.hongyan.bench.chaos.check.WrittenHistory.ADDED;
import static io.hongyan.bench.chaos.check.WrittenHistory.ALICE_DESK;
import static io.hongyan.bench.chaos.check.WrittenHistory.ALICE_PHONE;
import static io.hongyan.bench.chaos.check.WrittenHistory.BOB_PHONE;
import static io.hongyan.bench.chaos.check.WrittenHistory.CREATED;
import static io.hongyan.bench.chaos.check.WrittenHistory.GROUP;
import static io.hongyan.bench.chaos.check.WrittenHistory.REMOVED;
import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.bench.chaos.check.Finding.Kind;
import io.hongyan.bench.chaos.history.HistoryEvent;
import io.hongyan.bench.chaos.history.HistoryEvent.GroupChange;
import io.hongyan.bench.chaos.history.HistoryFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class GroupCheckerTest {
    @Test
    void everybodyGetsExactlyTheEntriesOfTheirMembership() {
        Verdict verdict =
                WrittenHistory.ofGroup().quiet().groupLog().groupInboxes().end().judged();

        assertThat(verdict.findings()).isEmpty();
        assertThat(verdict.summary())
                .isEqualTo("sent=3 acknowledged=3 delivered=3 kills=0 lost=0 doubled=0 out_of_order=0 message_changes=0"
                        + " leaked=0 refused=0 changes=3");
    }

    @Test
    void unreadMessagesAreThoseAfterReadingAndJoining() {
        Verdict verdict = WrittenHistory.ofGroup()
                .quiet()
                .groupLog()
                .groupInboxes()
                .listed("alice", 6, 6, 3, 3)
                .listed("carol", 6, 0, 3, 1)
                .listed("bob", 5, 4, 2, 2)
                .end()
                .judged();

        assertThat(verdict.findings()).isEmpty();
    }

    @Test
    void changeThatCountsAsUnreadIsFound() {
        Verdict verdict = WrittenHistory.ofGroup()
                .quiet()
                .groupLog()
                .groupInboxes()
                .listed("carol", 6, 0, 4, 1)
                .end()
                .judged();

        assertOnly(verdict, Kind.OUT_OF_ORDER, "unread", "the list says");
    }

    @Test
    void entryFromBeforeTheMembershipIsLeaked() {
        Verdict verdict = WrittenHistory.ofGroup()
                .quiet()
                .groupLog()
                .inboxOfAlice()
                .inboxOfBob()
                .filed("carol", 1, "alice", GROUP, 2, "m1")
                .filed("carol", 2, HistoryEvent.SYSTEM, GROUP, 3, "c2")
                .filed("carol", 3, "alice", GROUP, 4, "m2")
                .filed("carol", 4, HistoryEvent.SYSTEM, GROUP, 5, "c3")
                .filed("carol", 5, "alice", GROUP, 6, "m3")
                .end()
                .judged();

        assertOnly(verdict, Kind.LEAKED, "P4", "the inbox of carol has number 2 of group:g");
    }

    @Test
    void entryFromAfterTheMembershipIsLeaked() {
        Verdict verdict = WrittenHistory.ofGroup()
                .receive(BOB_PHONE, 1, 4, "alice", "android:a", GROUP, 6, "m3")
                .quiet()
                .groupLog()
                .groupInboxes()
                .filed("bob", 4, "alice", GROUP, 6, "m3")
                .end()
                .judged();

        assertOnly(verdict, Kind.LEAKED, "P4", "the inbox of bob has number 6");
    }

    @Test
    void entryThatAMemberWithoutDevicesDoesNotHaveIsLost() {
        Verdict verdict = WrittenHistory.ofGroup()
                .quiet()
                .groupLog()
                .inboxOfAlice()
                .inboxOfBob()
                .filed("carol", 1, HistoryEvent.SYSTEM, GROUP, 3, "c2")
                .filed("carol", 2, HistoryEvent.SYSTEM, GROUP, 5, "c3")
                .filed("carol", 3, "alice", GROUP, 6, "m3")
                .end()
                .judged();

        assertOnly(verdict, Kind.LOST, "P4", "message 'm2' of alice in group:g is in the log and not in the inbox");
    }

    @Test
    void entryTwiceInAnInboxIsDoubled() {
        Verdict verdict = WrittenHistory.ofGroup()
                .quiet()
                .groupLog()
                .groupInboxes()
                .filed("carol", 5, "alice", GROUP, 6, "m3")
                .end()
                .judged();

        assertThat(verdict.findings())
                .anyMatch(f -> f.kind() == Kind.DOUBLED && f.promise().equals("P2"));
        assertThat(verdict.lost()).isZero();
    }

    @Test
    void entriesOfAGroupInTheWrongOrderAreOutOfOrder() {
        Verdict verdict = WrittenHistory.ofGroup()
                .quiet()
                .groupLog()
                .inboxOfAlice()
                .inboxOfBob()
                .filed("carol", 1, HistoryEvent.SYSTEM, GROUP, 3, "c2")
                .filed("carol", 2, HistoryEvent.SYSTEM, GROUP, 5, "c3")
                .filed("carol", 3, "alice", GROUP, 4, "m2")
                .filed("carol", 4, "alice", GROUP, 6, "m3")
                .end()
                .judged();

        assertOnly(verdict, Kind.OUT_OF_ORDER, "P4", "has number 4 of group:g after number 5");
    }

    @Test
    void whatWasSentBeforeComingInAndAgainAfterwardsMayBeNumberedLater() {
        assertThat(sentOutOfOrder(BOB_PHONE, "bob")).isEmpty();
        assertThat(sentOutOfOrder(ALICE_PHONE, "alice"))
                .as("a member from the first entry on")
                .isNotEmpty();
    }

    /** A device sends m8 and m9, and m8 once more; the log has m9 first. */
    private static List<Finding> sentOutOfOrder(String device, String uid) {
        Verdict verdict = WrittenHistory.begun()
                .changed("c1", 1, CREATED)
                .send(device, 1, GROUP, "m8")
                .changed("c2", 2, ADDED)
                .send(device, 1, GROUP, "m9")
                .disconnect(device, 1)
                .connect(device, 2)
                .send(device, 2, GROUP, "m8")
                .ack(device, 2, "m8", 4, 0)
                .quiet()
                .loggedChange(1, "c1", CREATED)
                .loggedChange(2, "c2", ADDED)
                .logged(3, uid, GROUP, "m9")
                .logged(4, uid, GROUP, "m8")
                .end()
                .judged();
        return verdict.findings().stream()
                .filter(finding ->
                        finding.kind() == Kind.OUT_OF_ORDER && finding.detail().contains(" sent message "))
                .toList();
    }

    @Test
    void whoIsInTheGroupAgainGetsNothingFromBetween() {
        WrittenHistory back = WrittenHistory.begun()
                .changed("c1", 1, CREATED)
                .changed("c2", 2, new GroupChange("joined", List.of("dave")))
                .changed("c3", 3, new GroupChange("left", List.of("dave")))
                .send(ALICE_PHONE, 1, GROUP, "m1")
                .ack(ALICE_PHONE, 1, "m1", 4, 4)
                .changed("c4", 5, new GroupChange("added", List.of("dave")))
                .changed("c5", 6, new GroupChange("added", List.of("dave")));
        for (String device : List.of(ALICE_PHONE, ALICE_DESK)) {
            back.receiveChange(device, 1, 1, "c1", CREATED)
                    .receiveChange(device, 2, 2, "c2", new GroupChange("joined", List.of("dave")))
                    .receiveChange(device, 3, 3, "c3", new GroupChange("left", List.of("dave")));
        }
        back.receive(ALICE_DESK, 1, 4, "alice", "android:a", GROUP, 4, "m1");
        for (String device : List.of(ALICE_PHONE, ALICE_DESK)) {
            back.receiveChange(device, 5, 5, "c4", new GroupChange("added", List.of("dave")))
                    .receiveChange(device, 6, 6, "c5", new GroupChange("added", List.of("dave")));
        }
        Verdict verdict = back.quiet()
                .loggedChange(1, "c1", CREATED)
                .loggedChange(2, "c2", new GroupChange("joined", List.of("dave")))
                .loggedChange(3, "c3", new GroupChange("left", List.of("dave")))
                .logged(4, "alice", GROUP, "m1")
                .loggedChange(5, "c4", new GroupChange("added", List.of("dave")))
                .loggedChange(6, "c5", new GroupChange("added", List.of("dave")))
                .filed("alice", 1, HistoryEvent.SYSTEM, GROUP, 1, "c1")
                .filed("alice", 2, HistoryEvent.SYSTEM, GROUP, 2, "c2")
                .filed("alice", 3, HistoryEvent.SYSTEM, GROUP, 3, "c3")
                .filed("alice", 4, "alice", GROUP, 4, "m1")
                .filed("alice", 5, HistoryEvent.SYSTEM, GROUP, 5, "c4")
                .filed("alice", 6, HistoryEvent.SYSTEM, GROUP, 6, "c5")
                .filed("dave", 1, HistoryEvent.SYSTEM, GROUP, 2, "c2")
                .filed("dave", 2, HistoryEvent.SYSTEM, GROUP, 3, "c3")
                .filed("dave", 3, HistoryEvent.SYSTEM, GROUP, 5, "c4")
                .filed("dave", 4, HistoryEvent.SYSTEM, GROUP, 6, "c5")
                .end()
                .judged();

        assertThat(verdict.findings()).isEmpty();
    }

    @Test
    void acknowledgedChangeThatIsNotInTheLogIsLost() {
        Verdict verdict = WrittenHistory.ofGroup()
                .changed("c9", 7, new GroupChange("added", List.of("dave")))
                .quiet()
                .groupLog()
                .groupInboxes()
                .end()
                .judged();

        assertOnly(verdict, Kind.LOST, "P1", "message 'c9' of $system in group:g was acknowledged");
    }

    @Test
    void changeUnderTwoNumbersIsDoubled() {
        Verdict verdict = WrittenHistory.ofGroup()
                .answered("c3", "OK", 7)
                .quiet()
                .groupLog()
                .groupInboxes()
                .end()
                .judged();

        assertThat(verdict.findings())
                .anyMatch(f -> f.kind() == Kind.DOUBLED && f.detail().contains("answered in different ways"));
    }

    @Test
    void changeThatNobodyAskedForIsDoubled() {
        Verdict verdict = WrittenHistory.begun()
                .quiet()
                .loggedChange(1, "c1", new GroupChange("created", List.of("carol")))
                .filed("carol", 1, HistoryEvent.SYSTEM, GROUP, 1, "c1")
                .end()
                .judged();

        assertOnly(verdict, Kind.DOUBLED, "P2", "never sent");
    }

    @Test
    void refusalOfWhoIsNotInTheGroupIsAllRight() {
        Verdict verdict = WrittenHistory.ofGroup()
                .send(BOB_PHONE, 1, GROUP, "m4")
                .puback(BOB_PHONE, 1, "m4")
                .answer(BOB_PHONE, 1, "m4", "NOT_A_MEMBER", 0, 0)
                .asked("c9", REMOVED)
                .answered("c9", "NOTHING_TO_DO", 0)
                .quiet()
                .groupLog()
                .groupInboxes()
                .end()
                .judged();

        assertThat(verdict.findings()).isEmpty();
        assertThat(verdict.counts().refused()).isOne();
    }

    @Test
    void refusalOfWhoNeverLeftIsLost() {
        Verdict verdict = WrittenHistory.ofGroup()
                .send(ALICE_PHONE, 1, GROUP, "m4")
                .puback(ALICE_PHONE, 1, "m4")
                .answer(ALICE_PHONE, 1, "m4", "NOT_A_MEMBER", 0, 0)
                .quiet()
                .groupLog()
                .groupInboxes()
                .end()
                .judged();

        assertOnly(verdict, Kind.LOST, "P1", "its author never left the group");
    }

    @Test
    void pubackOfWhoMayHaveBeenRefusedPromisesNothing() {
        Verdict verdict = WrittenHistory.ofGroup()
                .send(BOB_PHONE, 1, GROUP, "m4")
                .puback(BOB_PHONE, 1, "m4")
                .disconnect(BOB_PHONE, 1)
                .quiet()
                .groupLog()
                .groupInboxes()
                .end()
                .judged();

        assertThat(verdict.findings()).isEmpty();
    }

    @Test
    void messageOfWhoIsNotInTheGroupIsLeaked() {
        Verdict verdict = WrittenHistory.ofGroup()
                .send(BOB_PHONE, 1, GROUP, "m4")
                .ack(BOB_PHONE, 1, "m4", 7, 0)
                .receive(ALICE_PHONE, 1, 7, "bob", "ios:b", GROUP, 7, "m4")
                .receive(ALICE_DESK, 1, 7, "bob", "ios:b", GROUP, 7, "m4")
                .quiet()
                .groupLog()
                .logged(7, "bob", GROUP, "m4")
                .groupInboxes()
                .filed("alice", 7, "bob", GROUP, 7, "m4")
                .filed("carol", 5, "bob", GROUP, 7, "m4")
                .end()
                .judged();

        assertOnly(verdict, Kind.LEAKED, "P4", "its author was no member at 7");
    }

    @Test
    void placeInTheInboxMayBecomeKnownLater() {
        Verdict verdict = WrittenHistory.ofGroup()
                .send(ALICE_PHONE, 1, GROUP, "m3")
                .ack(ALICE_PHONE, 1, "m3", 6, 0)
                .quiet()
                .groupLog()
                .groupInboxes()
                .end()
                .judged();

        assertThat(verdict.findings()).isEmpty();
    }

    private static WrittenHistory answeredWithoutAPlace() {
        return WrittenHistory.ofGroup()
                .send(ALICE_PHONE, 1, GROUP, "m4")
                .ack(ALICE_PHONE, 1, "m4", 7, 0)
                .receive(ALICE_DESK, 1, 7, "alice", "android:a", GROUP, 7, "m4");
    }

    private static Verdict judged(WrittenHistory history) {
        return history.quiet()
                .groupLog()
                .logged(7, "alice", GROUP, "m4")
                .groupInboxes()
                .filed("alice", 7, "alice", GROUP, 7, "m4")
                .filed("carol", 5, "alice", GROUP, 7, "m4")
                .end()
                .judged();
    }

    @Test
    void messageWhosePlaceNoAnswerNamedComesToTheConnectionThatSentIt() {
        Verdict verdict =
                judged(answeredWithoutAPlace().receive(ALICE_PHONE, 1, 7, "alice", "android:a", GROUP, 7, "m4"));

        assertThat(verdict.findings()).isEmpty();
    }

    @Test
    void messageWhosePlaceNoAnswerNamedAndThatDoesNotComeIsLost() {
        assertOnly(judged(answeredWithoutAPlace()), Kind.LOST, "P4", "missed 7");
    }

    @Test
    void feedWithRepetitionsIsComplete() {
        Verdict verdict = fed().fedChange(3, "c2", ADDED)
                .fed(GROUP, 4, "alice", GROUP, "m2")
                .feedOpen()
                .fed(GROUP, 2, "alice", GROUP, "m1")
                .fedChange(3, "c2", ADDED)
                .fed(GROUP, 4, "alice", GROUP, "m2")
                .fedChange(5, "c3", REMOVED)
                .fed(GROUP, 6, "alice", GROUP, "m3")
                .end()
                .judged();

        assertThat(verdict.findings()).isEmpty();
        assertThat(verdict.summary()).endsWith(" fed=6");
    }

    @Test
    void messageThatTheFeedNeverBroughtIsLost() {
        Verdict verdict = fed().fedChange(3, "c2", ADDED)
                .fed(GROUP, 4, "alice", GROUP, "m2")
                .fedChange(5, "c3", REMOVED)
                .end()
                .judged();

        assertOnly(verdict, Kind.LOST, "P8", "nothing above 5, the log 6");
    }

    @Test
    void feedThatBringsLaterMessagesFirstIsOutOfOrder() {
        Verdict verdict = fed().fed(GROUP, 4, "alice", GROUP, "m2")
                .fedChange(3, "c2", ADDED)
                .fedChange(5, "c3", REMOVED)
                .fed(GROUP, 6, "alice", GROUP, "m3")
                .end()
                .judged();

        assertOnly(verdict, Kind.OUT_OF_ORDER, "P8", "the feed (http) has 4 of group:g after 2");
    }

    @Test
    void messageInTheFeedThatTheLogDoesNotHaveIsDoubled() {
        Verdict verdict = fed().fedChange(3, "c2", ADDED)
                .fed(GROUP, 4, "alice", GROUP, "m2")
                .fedChange(5, "c3", REMOVED)
                .fed(GROUP, 6, "alice", GROUP, "m3")
                .fed(GROUP, 7, "alice", GROUP, "ghost")
                .end()
                .judged();

        assertOnly(verdict, Kind.DOUBLED, "P8", "which the log does not have");
    }

    @Test
    void eachReaderOfTheFeedIsJudgedByItself() {
        Verdict verdict = WrittenHistory.ofThreeMessages()
                .feedOpen("rocketmq-remoting")
                .feedOpen("rocketmq-grpc")
                .rocketMqKill(1)
                .fedBy("rocketmq-remoting", 1, "alice", "bob", "m1")
                .fedBy("rocketmq-remoting", 2, "alice", "bob", "m2")
                .fedBy("rocketmq-remoting", 3, "bob", "alice", "m3")
                .fedBy("rocketmq-grpc", 1, "alice", "bob", "m1")
                .fedBy("rocketmq-grpc", 2, "alice", "bob", "m2")
                .endStateOfThreeMessages()
                .judged();

        assertOnly(verdict, Kind.LOST, "P8", "the feed (rocketmq-grpc) has of alice|bob nothing above 2, the log 3");
        assertThat(verdict.summary()).endsWith("fed=2 rocketmq_kills=1");
    }

    @Test
    void directConversationsHaveKeysOfTheirOwn() {
        Verdict verdict = WrittenHistory.ofThreeMessages()
                .feedOpen()
                .fed("direct:alice|bob", 1, "alice", "bob", "m1")
                .fed("direct:alice|bob", 2, "alice", "bob", "m2")
                .fed("direct:bob|alice", 3, "bob", "alice", "m3")
                .endStateOfThreeMessages()
                .judged();

        assertThat(verdict.findings()).anyMatch(f -> f.detail().contains("which is another conversation"));
        assertThat(verdict.findings()).anyMatch(f -> f.detail().contains("nothing above 2, the log 3"));
    }

    @Test
    void linesOfGroupsAndFeedAreReadBackTheSame(@TempDir Path directory) {
        List<HistoryEvent> written = fed().fedChange(3, "c2", ADDED)
                .rocketMqKill(1)
                .streamed(BOB_PHONE, 1, 4, "alice", "m2")
                .streamedChange(BOB_PHONE, 1, 5, "c3", REMOVED)
                .streamedOther(BOB_PHONE, 1, 6)
                .groupInboxes()
                .end()
                .events();
        Path file = directory.resolve("history.jsonl");
        try (HistoryFile.Writer writer = new HistoryFile.Writer(file)) {
            written.forEach(writer::write);
        }

        List<HistoryEvent> read = new ArrayList<>();
        HistoryFile.read(file, read::add);

        assertThat(read).isEqualTo(written);
    }

    private static WrittenHistory fed() {
        return WrittenHistory.ofGroup()
                .quiet()
                .groupLog()
                .groupInboxes()
                .feedOpen()
                .fedChange(1, "c1", CREATED)
                .fed(GROUP, 2, "alice", GROUP, "m1");
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
