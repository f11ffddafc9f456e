package io.hongyan.im.core.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.feed.Feed.FeedPage;
import io.hongyan.im.core.feed.FeedBody.MessageStored;
import io.hongyan.im.core.feed.FeedPosition;
import io.hongyan.im.core.feed.Partitions;
import io.hongyan.im.core.group.GroupChange.MembersAdded;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.MessageId;
import io.hongyan.im.core.message.MessageState;
import io.hongyan.im.core.message.ReactionCount;
import io.hongyan.im.core.message.Refusal;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.message.SystemUser;
import io.hongyan.im.core.send.Appended;
import io.hongyan.im.core.send.ChangedMessages.Due;
import io.hongyan.im.core.send.Draft;
import io.hongyan.im.core.send.MessageChange.CopiesErased;
import io.hongyan.im.core.send.MessageChange.Edited;
import io.hongyan.im.core.send.MessageChange.Pinned;
import io.hongyan.im.core.send.MessageChange.Reacted;
import io.hongyan.im.core.send.MessageChange.ReactionsCounted;
import io.hongyan.im.core.send.MessageChange.Recalled;
import io.hongyan.im.core.send.MessageRules;
import io.hongyan.im.core.simulation.PlainContents;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What a storage promises of changes of messages: they are entries that do not count, the message reads as it stands now
 * wherever it is read, a recalled content is nowhere, and drafts of one batch see each other.
 */
public abstract class MessageChangesContract extends ChangedMessagesContract {
    @Test
    void aMessageThatWasNotChangedHasNoState() {
        users("alice", "bob");
        store("alice", "bob", "m1");

        assertThat(state(PAIR, 1)).isNull();
        assertThat(inInbox("bob", 1).state()).isNull();
        assertThat(storage().changed().due(10, 10)).isEmpty();
        assertThat(storage()
                        .changed()
                        .reactionsOf("bob", List.of(new MessageId(PAIR, 1)))
                        .getOrDefault(new MessageId(PAIR, 1), Set.of()))
                .isEmpty();
    }

    @Test
    void anEditIsAnEntryThatDoesNotCountAndTheMessageReadsAsEditedEverywhere() {
        users("alice", "bob");
        store("alice", "bob", "m1");

        Appended.Stored edit = stored(append(NOW + 5, change(PAIR, "alice", "e1", edited(1, "better")))
                .get(0));

        assertThat(edit.message().seq()).isEqualTo(2);
        assertThat(edit.message().ordinal()).isEqualTo(1);
        assertThat(edit.positions()).hasSize(2);
        assertThat(text(PAIR, 2)).isEqualTo("!Edited 1 better");
        MessageState state = new MessageState(2, 1, NOW + 5, false, false, List.of(), 0, false);
        for (StoredMessage read : List.of(entry(PAIR, 1), inInbox("alice", 1), inInbox("bob", 1), fed(0))) {
            assertThat(text(read)).isEqualTo("better");
            assertThat(read.state()).isEqualTo(state);
            assertThat(read.ordinal()).isEqualTo(1);
        }
        assertThat(storage()
                        .conversations()
                        .list("bob", 0, null, 10, ALL)
                        .items()
                        .get(0)
                        .unread())
                .isEqualTo(1);
        storage().reopen();
        assertThat(text(PAIR, 1)).isEqualTo("better");
        assertThat(state(PAIR, 1)).isEqualTo(state);
        assertThat(store("alice", "bob", "m2").ordinal()).isEqualTo(2);
    }

    /** A message as somebody gets it who reads the feed only now. */
    private StoredMessage fed(int place) {
        FeedPage page = storage().feed().feed().read(FeedPosition.START, FeedPosition.END, Partitions.all(), ALL, ALL);
        return ((MessageStored) page.events().get(place).body()).message();
    }

    @Test
    void theSameChangeAgainGetsTheFirstAnswer() {
        users("alice", "bob");
        store("alice", "bob", "m1");
        Draft edit = change(PAIR, "alice", "e1", edited(1, "better"));
        append(edit);
        changed(PAIR, "alice", "e2", edited(1, "best"));

        Appended.Repeated again = (Appended.Repeated) append(edit).get(0);

        assertThat(again.seq()).isEqualTo(2);
        assertThat(again.ordinal()).isEqualTo(1);
        assertThat(text(PAIR, 1)).isEqualTo("best");
        assertThat(state(PAIR, 1).edits()).isEqualTo(2);
    }

    @Test
    void draftsOfOneBatchSeeEachOther() {
        users("alice", "bob");

        List<Appended> results = append(
                draft("alice", "bob", "m1"),
                change(PAIR, "alice", "e1", edited(1, "better")),
                change(PAIR, "bob", "r1", new Reacted(1, "+1", false)),
                change(PAIR, "bob", "r2", new Reacted(1, "+1", false)),
                change(PAIR, "alice", "r3", new Reacted(1, "+1", false)),
                answer(PAIR, "bob", "a1", 1, "bett"),
                change(PAIR, "alice", "c1", new Recalled(1)),
                change(PAIR, "alice", "e2", edited(1, "late")),
                answer(PAIR, "bob", "a2", 1, "bett"));

        assertThat(results.get(3)).isEqualTo(new Appended.Noted());
        assertThat(results.get(7)).isEqualTo(new Appended.Refused(Refusal.UNKNOWN_MESSAGE));
        assertThat(stored(results.get(8)).message().seq()).isEqualTo(7);
        assertThat(logOf(PAIR).stream().map(MessageChangesContract::text))
                .containsExactly(
                        "", "!Edited 1 ", "!Reacted 1 ++1", "!Reacted 1 ++1", ">1>>a1", "!Recalled 1 ", ">1>>a2");
        assertThat(state(PAIR, 1)).isEqualTo(new MessageState(6, 1, NOW, true, false, List.of(), 0, false));
        assertThat(text(inInbox("bob", 5))).isEqualTo(">1>>a1");
    }

    @Test
    void aRecallErasesTheContentItsEditsAndItsExcerpts() {
        users("alice", "bob");
        append(
                draft("alice", "bob", "m1"),
                change(PAIR, "alice", "e1", edited(1, "secret")),
                answer(PAIR, "bob", "a1", 1, "sec"),
                draft("bob", "alice", "m2"));
        append(change(PAIR, "bob", "e2", new Edited(4, PlainContents.answer(1, "secr", "yes"), 1)));

        changed(PAIR, "alice", "c1", new Recalled(1));

        storage().reopen();
        assertThat(logOf(PAIR).stream().map(MessageChangesContract::text))
                .containsExactly("", "!Edited 1 ", ">1>>a1", ">1>>yes", "!Edited 4 >1>>yes", "!Recalled 1 ");
        assertThat(fed(0).content()).isEmpty();
        assertThat(fed(0).state().recalled()).isTrue();
        assertThat(text(inInbox("bob", 3))).isEqualTo(">1>>a1");
        assertThat(entry(PAIR, 1).ordinal()).isEqualTo(1);
        assertThat(storage().changed().due(10, 10)).isEmpty();
        assertThat(changed(PAIR, "alice", "c2", new Recalled(1))).isEqualTo(new Appended.Noted());
    }

    @Test
    void anAnswerThatIsReactedToBesideTheRecallKeepsItsText() {
        users("alice", "bob");
        store("alice", "bob", "m1");
        append(answer(PAIR, "bob", "a1", 1, "sec"));

        append(change(PAIR, "alice", "r1", new Reacted(2, "+1", false)), change(PAIR, "alice", "c1", new Recalled(1)));

        assertThat(text(PAIR, 2)).isEqualTo(">1>>a1");
        assertThat(state(PAIR, 2).reactions()).containsExactly(new ReactionCount("+1", 1));
    }

    @Test
    void manyCopiesAreErasedInSteps() {
        users("alice", "bob");
        store("alice", "bob", "m1");
        int answers = MessageRules.COPIES_AT_ONCE + 20;
        for (int i = 0; i < answers; i++) {
            append(answer(PAIR, "bob", "a" + i, 1, "sec"));
        }
        changed(PAIR, "alice", "c1", new Recalled(1));
        List<Due> due = storage().changed().due(10, 10);
        assertThat(due).extracting(Due::message).containsExactly(new MessageId(PAIR, 1));
        assertThat(withExcerpt()).isEqualTo(20);

        assertThat(changed(PAIR, SystemUser.UID, "x1", new CopiesErased(1))).isEqualTo(new Appended.Noted());

        assertThat(withExcerpt()).isZero();
        assertThat(storage().changed().due(10, 10)).isEmpty();
        assertThat(storage().history().head(PAIR)).isEqualTo(answers + 2);
    }

    /** What devices are about to get goes first, whenever it was stored. */
    @Test
    void theNewestCopyIsErasedAtOnceAndTheOldestFollows() {
        users("alice", "bob");
        store("alice", "bob", "m1");
        for (int i = 0; i < MessageRules.COPIES_AT_ONCE; i++) {
            append(answer(PAIR, "bob", "a" + i, 1, "sec"));
        }
        long oldest = 2;
        long newest = MessageRules.COPIES_AT_ONCE + 2;

        append(answer(PAIR, "bob", "newest", 1, "sec"), change(PAIR, "alice", "c1", new Recalled(1)));

        storage().reopen();
        assertThat(text(PAIR, newest)).isEqualTo(">1>>newest");
        assertThat(text(PAIR, oldest + 1)).isEqualTo(">1>>a1");
        assertThat(text(PAIR, oldest)).isEqualTo(">1>sec>a0");
        assertThat(storage().changed().due(10, 10)).extracting(Due::message).containsExactly(new MessageId(PAIR, 1));
        changed(PAIR, SystemUser.UID, "x1", new CopiesErased(1));
        assertThat(text(PAIR, oldest)).isEqualTo(">1>>a0");
        assertThat(storage().changed().due(10, 10)).isEmpty();
    }

    @Test
    void largeCopiesAreErasedInMoreSteps() {
        users("alice", "bob");
        store("alice", "bob", "m1");
        String large = "x".repeat(MessageRules.COPY_BYTES_AT_ONCE / 8);
        for (int i = 0; i < 11; i++) {
            append(new Draft(PAIR, "bob", PHONE, "a" + i, PlainContents.answer(1, "sec", large), null, null, 1));
        }

        changed(PAIR, "alice", "c1", new Recalled(1));

        assertThat(withExcerpt()).isEqualTo(3);
        assertThat(text(PAIR, 4)).as("the oldest are left").contains("sec");
        assertThat(storage().changed().due(10, 10)).hasSize(1);
        assertThat(changed(PAIR, SystemUser.UID, "x1", new CopiesErased(1))).isEqualTo(new Appended.Noted());
        assertThat(withExcerpt()).isZero();
        assertThat(storage().changed().due(10, 10)).isEmpty();
    }

    private long withExcerpt() {
        return logOf(PAIR).stream().filter(entry -> text(entry).contains("sec")).count();
    }

    @Test
    void reactionsAreCountedInTheOrderInWhichTheyCome() {
        group("alice", "bob", "cid");
        sent("alice", "m1");
        append(
                change(GROUP, "bob", "r1", new Reacted(2, "b", false)),
                change(GROUP, "cid", "r2", new Reacted(2, "a", false)),
                change(GROUP, "alice", "r3", new Reacted(2, "b", false)));

        assertThat(state(GROUP, 2).reactions()).containsExactly(new ReactionCount("b", 2), new ReactionCount("a", 1));
        refused(Refusal.LIMIT_REACHED, change(GROUP, "bob", "r4", new Reacted(2, "c", false)));
        changed(GROUP, "bob", "r5", new Reacted(2, "b", true));
        changed(GROUP, "cid", "r6", new Reacted(2, "a", true));
        changed(GROUP, "cid", "r7", new Reacted(2, "c", false));
        assertThat(changed(GROUP, "bob", "r8", new Reacted(2, "b", true))).isEqualTo(new Appended.Noted());
        storage().reopen();
        assertThat(state(GROUP, 2).reactions()).containsExactly(new ReactionCount("b", 1), new ReactionCount("c", 1));
        assertThat(state(GROUP, 2).stateSeq()).isEqualTo(storage().history().head(GROUP));
        MessageId message = new MessageId(GROUP, 2);
        Map<MessageId, Set<String>> ofCid =
                storage().changed().reactionsOf("cid", List.of(message, new MessageId(GROUP, 1)));
        assertThat(ofCid.get(message)).containsExactly("c");
        assertThat(ofCid.getOrDefault(new MessageId(GROUP, 1), Set.of())).isEmpty();
        assertThat(storage().changed().reactionsOf("alice", List.of(message)).get(message))
                .containsExactly("b");
        changed(GROUP, "bob", "r9", new Reacted(2, "b", false));
        assertThat(state(GROUP, 2).reactions().get(0)).isEqualTo(new ReactionCount("b", 2));
    }

    /** The bytes of an emoji decide, not what a collation takes for the same. */
    @Test
    void reactionsDifferByTheirBytes() {
        users("alice", "bob");
        store("alice", "bob", "m1");

        changed(PAIR, "bob", "r1", new Reacted(1, "😀", false));
        assertThat(changed(PAIR, "bob", "r2", new Reacted(1, "😁", false))).isInstanceOf(Appended.Stored.class);

        assertThat(state(PAIR, 1).reactions()).containsExactly(new ReactionCount("😀", 1), new ReactionCount("😁", 1));
    }

    @Test
    void pinsAreCountedPerConversation() {
        group("alice", "bob");
        append(message("alice", "m1"), message("bob", "m2"), message("bob", "m3"));
        changed(GROUP, "alice", "p1", new Pinned(2, true));
        changed(GROUP, "alice", "p2", new Pinned(3, true));

        refused(Refusal.LIMIT_REACHED, change(GROUP, "alice", "p3", new Pinned(4, true)));
        assertThat(changed(GROUP, "alice", "p4", new Pinned(3, true))).isEqualTo(new Appended.Noted());
        assertThat(state(GROUP, 2).pinned()).isTrue();
        changed(GROUP, "alice", "p5", new Pinned(2, false));
        assertThat(state(GROUP, 2).pinned()).isFalse();
        changed(GROUP, "alice", "p6", new Pinned(4, true));
        changed(GROUP, "alice", "c1", new Recalled(4));
        assertThat(state(GROUP, 4).pinned()).isFalse();
        storage().reopen();
        changed(GROUP, "alice", "p7", new Pinned(2, true));
        refused(Refusal.NOT_ALLOWED, change(GROUP, "bob", "p8", new Pinned(2, false)));
        users("carl");
        store("alice", "carl", "m4");
        changed(Conversation.direct("alice", "carl"), "carl", "p9", new Pinned(1, true));
    }

    @Test
    void whatIsNoMessageOfTheAskerCannotBeChanged() {
        group("alice", "bob");
        sent("alice", "m1");
        users("cid");
        changed("alice", new MembersAdded(List.of("cid")));
        sent("cid", "m2");
        changed(GROUP, "cid", "e1", edited(4, "better"));

        refused(Refusal.UNKNOWN_MESSAGE, change(GROUP, "alice", "x1", new Recalled(1)));
        refused(Refusal.UNKNOWN_MESSAGE, change(GROUP, "alice", "x2", new Recalled(5)));
        refused(Refusal.UNKNOWN_MESSAGE, change(GROUP, "alice", "x3", new Recalled(6)));
        refused(Refusal.UNKNOWN_MESSAGE, change(GROUP, "alice", "x4", new Recalled(Long.MAX_VALUE)));
        refused(Refusal.UNKNOWN_MESSAGE, change(GROUP, "cid", "x5", new Reacted(2, "a", false)));
        refused(Refusal.NOT_ALLOWED, change(GROUP, "bob", "x6", edited(4, "worse")));
        refused(Refusal.NOT_ALLOWED, change(GROUP, "bob", "x7", new Recalled(4)));
        refused(Refusal.UNKNOWN_CONVERSATION, change(Conversation.group("none"), "bob", "x8", new Recalled(1)));
        refused(Refusal.UNKNOWN_MESSAGE, change(Conversation.direct("bob", "cid"), "bob", "x9", new Recalled(1)));
        assertThat(storage().conversations().list("cid", 0, null, 10, ALL).items())
                .hasSize(1);
        append(NOW + 121_000, change(GROUP, "alice", "c1", new Recalled(4)));
        assertThat(state(GROUP, 4).recalled()).isTrue();
        sent("cid", "m3");
        assertThat(append(NOW + 121_000, change(GROUP, "cid", "c2", new Recalled(7))))
                .containsExactly(new Appended.Refused(Refusal.TOO_LATE));
    }

    /** What stands under the same numbers elsewhere is not touched, and what was quoted elsewhere stays. */
    @Test
    void aRecallErasesNothingInOtherConversations() {
        users("alice", "bob", "cid");
        Conversation other = Conversation.direct("bob", "cid");
        store("alice", "bob", "m1");
        append(
                answer(PAIR, "bob", "a1", 1, "sec"),
                draft("bob", "cid", "m1", bytes("secret")),
                answer(other, "bob", "a1", 1, "sec"));

        append(
                change(other, "bob", "r1", new Reacted(1, "a", false)),
                change(PAIR, "alice", "c1", new Recalled(1)),
                answer(other, "cid", "a2", 1, "secr"));

        storage().reopen();
        assertThat(text(PAIR, 2)).isEqualTo(">1>>a1");
        assertThat(logOf(other).stream().map(MessageChangesContract::text))
                .containsExactly("secret", ">1>sec>a1", "!Reacted 1 +a", ">1>secr>a2");
        assertThat(state(other, 1).recalled()).isFalse();
        assertThat(text(inInbox("cid", 2))).isEqualTo(">1>sec>a1");
        stored(changed(other, "bob", "c1", new Recalled(1)));
        assertThat(logOf(other).stream().map(MessageChangesContract::text))
                .containsExactly("", ">1>>a1", "!Reacted 1 +a", ">1>>a2", "!Recalled 1 ");
    }

    @Test
    void editsByMarkerComeToAllInboxesAsTheyStandThen() {
        group("alice", "bob", "cid", "dan", "eve");
        fanOutAll();
        sent("alice", "m1");
        Appended.Stored edit = stored(changed(GROUP, "alice", "e1", edited(2, "better")));
        changed(GROUP, "alice", "c1", new Recalled(2));
        assertThat(edit.fanOut()).isEqualTo(Appended.FanOut.BY_MARKER);

        fanOutAll();

        assertThat(entriesOf("eve")).containsExactly(1L, 2L, 3L, 4L);
        assertThat(inInbox("eve", 2).content()).isEmpty();
        assertThat(text(inInbox("eve", 3))).isEqualTo("!Edited 2 ");
    }

    @Test
    void reactionsInALargeGroupAreToldAsCounts() {
        group("alice", "bob", "cid");
        becameLarge();
        sent("alice", "m1");
        List<Draft> reactions = new ArrayList<>();
        for (String uid : List.of("alice", "bob", "cid")) {
            reactions.add(change(GROUP, uid, "r-" + uid, new Reacted(3, "a", false)));
        }

        assertThat(append(reactions.toArray(Draft[]::new))).containsOnly(new Appended.Noted());

        assertThat(storage().history().head(GROUP)).isEqualTo(3);
        storage().reopen();
        List<Due> due = storage().changed().due(10, 10);
        assertThat(due).hasSize(1);
        MessageState state = due.get(0).state();
        assertThat(due.get(0).message()).isEqualTo(new MessageId(GROUP, 3));
        assertThat(state).isEqualTo(state(GROUP, 3));
        assertThat(state)
                .isEqualTo(new MessageState(0, 0, 0, false, false, List.of(new ReactionCount("a", 3)), 0, true));
        Draft counts = change(GROUP, SystemUser.UID, "counts-3-0", new ReactionsCounted(3, state.reactions()));
        Appended.Stored told = stored(append(counts).get(0));
        assertThat(told.fanOut()).isEqualTo(Appended.FanOut.BY_STREAM);
        assertThat(append(counts).get(0)).isInstanceOf(Appended.Repeated.class);
        assertThat(storage().changed().due(10, 10)).isEmpty();
        assertThat(state(GROUP, 3))
                .isEqualTo(new MessageState(4, 0, 0, false, false, List.of(new ReactionCount("a", 3)), NOW, false));

        changed(GROUP, "bob", "r9", new Reacted(3, "a", true));
        Draft next = change(
                GROUP, SystemUser.UID, "counts-3-4", new ReactionsCounted(3, List.of(new ReactionCount("a", 2))));
        assertThat(append(NOW + 999, next)).containsExactly(new Appended.Noted());
        assertThat(storage().changed().due(10, 10)).hasSize(1);
        assertThat(append(NOW + 1_000, next).get(0)).isInstanceOf(Appended.Stored.class);
        assertThat(storage().changed().due(10, 10)).isEmpty();
    }

    @Test
    void theServerChangesMessagesBetweenTwoUsers() {
        users("alice", "bob", "cid");
        store("alice", "bob", "m1");

        stored(changed(PAIR, SystemUser.UID, "p1", new Pinned(1, true)));
        stored(changed(PAIR, SystemUser.UID, "c1", new Recalled(1)));

        for (String uid : List.of("alice", "bob")) {
            assertThat(text(inInbox(uid, 2))).isEqualTo("!Pinned 1 true");
            assertThat(text(inInbox(uid, 3))).isEqualTo("!Recalled 1 ");
            assertThat(inInbox(uid, 3).sender()).isEqualTo(SystemUser.UID);
        }
        refused(Refusal.UNKNOWN_MESSAGE, change(PAIR, SystemUser.UID, "p2", new Pinned(1, true)));
        refused(
                Refusal.UNKNOWN_MESSAGE,
                change(Conversation.direct("alice", "cid"), SystemUser.UID, "p3", new Pinned(1, true)));
        refused(Refusal.NOT_A_MEMBER, new Draft(PAIR, SystemUser.UID, PHONE, "m2", bytes("hello")));
        refused(Refusal.NOT_A_MEMBER, change(PAIR, "cid", "c2", new Recalled(1)));
    }

    @Test
    void theStateCountsWhereTheBytesOfAPageAreLimited() {
        users("alice", "bob");
        store("alice", "bob", "m1");
        store("alice", "bob", "m2");
        for (long seq = 1; seq <= 2; seq++) {
            changed(PAIR, "bob", "r" + seq, new Reacted(seq, "e".repeat(60), false));
        }
        int bytes = entry(PAIR, 1).bytes();
        assertThat(bytes).isGreaterThan(60);

        assertThat(storage().history().read(PAIR, 0, 3, false, 9, 2 * bytes - 1))
                .hasSize(1);
        assertThat(storage().history().read(PAIR, 0, 3, false, 9, 2 * bytes)).hasSize(2);
        assertThat(storage().inbox().read("bob", 0, 2, 2 * bytes - 1).entries()).hasSize(1);
        assertThat(storage().inbox().read("bob", 0, 2, 2 * bytes).entries()).hasSize(2);
    }

    @Test
    void anAnswerToNoSuchMessageIsStoredAsItIs() {
        users("alice", "bob");

        append(answer(PAIR, "bob", "a1", 7, "x"), answer(PAIR, "bob", "a2", 1, "y"));

        assertThat(logOf(PAIR).stream().map(MessageChangesContract::text)).containsExactly(">7>x>a1", ">1>y>a2");
    }
}
