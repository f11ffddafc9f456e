package io.hongyan.im.core.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.inbox.Entry;
import io.hongyan.im.core.inbox.Event;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.receipt.Marks;
import io.hongyan.im.core.receipt.Marks.Mark;
import io.hongyan.im.core.send.Appended.InboxPosition;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@link Marks} promises: watermarks that only rise, and read events in the reader's own inbox. */
public abstract class MarksContract extends StorageContract {
    private static final Conversation ALICE_BOB = Conversation.direct("alice", "bob");

    @Test
    void markIsZeroWhereThereIsNone() {
        users("alice", "bob");

        assertThat(find("alice")).isEqualTo(new Mark("alice", ALICE_BOB, 0, 0, 0));
        store("alice", "bob", "m1");
        assertThat(find("alice")).isEqualTo(new Mark("alice", ALICE_BOB, 0, 0, 0));
        assertThat(storage().marks().find("nobody", ALICE_BOB)).isEqualTo(new Mark("nobody", ALICE_BOB, 0, 0, 0));
    }

    @Test
    void marksRiseAndAreNeverLowered() {
        users("alice", "bob");
        store("alice", "bob", "m1");

        raise(new Mark("bob", ALICE_BOB, 5, 3, 2));
        raise(new Mark("bob", ALICE_BOB, 4, 4, 3));
        raise(new Mark("bob", ALICE_BOB, 6, 1, 1));

        assertThat(find("bob")).isEqualTo(new Mark("bob", ALICE_BOB, 6, 4, 3));
        assertThat(find("alice")).isEqualTo(new Mark("alice", ALICE_BOB, 0, 0, 0));
    }

    @Test
    void zeroLeavesAValueAsItIs() {
        users("alice", "bob");
        store("alice", "bob", "m1");
        raise(new Mark("bob", ALICE_BOB, 5, 3, 2));

        raise(new Mark("bob", ALICE_BOB, 0, 4, 3));
        raise(new Mark("bob", ALICE_BOB, 7, 0, 0));

        assertThat(find("bob")).isEqualTo(new Mark("bob", ALICE_BOB, 7, 4, 3));
    }

    @Test
    void severalMarksAreRaisedTogether() {
        users("alice", "bob", "carol");
        Conversation aliceCarol = Conversation.direct("alice", "carol");
        store("alice", "bob", "m1");
        store("alice", "carol", "m1");

        raise(
                new Mark("bob", ALICE_BOB, 1, 0, 0),
                new Mark("alice", aliceCarol, 2, 2, 2),
                new Mark("bob", ALICE_BOB, 3, 1, 1),
                new Mark("bob", ALICE_BOB, 2, 0, 0));

        assertThat(find("bob")).isEqualTo(new Mark("bob", ALICE_BOB, 3, 1, 1));
        assertThat(storage().marks().find("alice", aliceCarol)).isEqualTo(new Mark("alice", aliceCarol, 2, 2, 2));
        raise();
    }

    @Test
    void marksOfUnknownConversationsAndOutsidersArePassedOver() {
        users("alice", "bob", "carol");
        store("alice", "bob", "m1");
        Conversation unknown = Conversation.direct("alice", "zoe");

        raise(
                new Mark("alice", unknown, 1, 1, 1),
                new Mark("carol", ALICE_BOB, 1, 1, 1),
                new Mark("nobody", ALICE_BOB, 1, 1, 1),
                new Mark("bob", ALICE_BOB, 1, 1, 1));

        assertThat(find("bob")).isEqualTo(new Mark("bob", ALICE_BOB, 1, 1, 1));
        assertThat(storage().marks().find("alice", unknown)).isEqualTo(new Mark("alice", unknown, 0, 0, 0));
        assertThat(find("carol")).isEqualTo(new Mark("carol", ALICE_BOB, 0, 0, 0));
        assertThat(storage()
                        .conversations()
                        .list("carol", 0, null, 10, Integer.MAX_VALUE)
                        .items())
                .isEmpty();
    }

    @Test
    void readEventsStandInTheReadersInboxAndRaiseTheMark() {
        users("alice", "bob");
        store("alice", "bob", "m1");
        store("alice", "bob", "m2");

        List<InboxPosition> positions = storage()
                .marks()
                .appendReadEvents(List.of(new Mark("bob", ALICE_BOB, 2, 1, 1)))
                .positions();

        assertThat(positions).containsExactly(new InboxPosition("bob", 3));
        assertThat(find("bob")).isEqualTo(new Mark("bob", ALICE_BOB, 2, 1, 1));
        assertThat(inboxOf("bob").entries().get(2))
                .isEqualTo(new Entry.OfEvent(3, new Event.ReadUpTo(ALICE_BOB, 1, 1)));
        assertThat(storage().inbox().head("alice")).isEqualTo(2);
    }

    @Test
    void readEventsOfOneCallAreNumberedInOrder() {
        users("alice", "bob", "carol");
        Conversation aliceCarol = Conversation.direct("alice", "carol");
        store("bob", "alice", "m1");
        store("carol", "alice", "m1");
        store("carol", "alice", "m2");

        List<InboxPosition> positions = storage()
                .marks()
                .appendReadEvents(List.of(
                        new Mark("alice", aliceCarol, 0, 2, 2),
                        new Mark("bob", ALICE_BOB, 0, 1, 1),
                        new Mark("alice", Conversation.direct("alice", "zoe"), 0, 1, 1),
                        new Mark("alice", ALICE_BOB, 0, 1, 1)))
                .positions();

        assertThat(positions)
                .containsExactly(
                        new InboxPosition("alice", 4), new InboxPosition("bob", 2), new InboxPosition("alice", 5));
        List<Entry> entries = inboxOf("alice").entries();
        assertThat(entries).hasSize(5);
        assertThat(entries.get(3)).isEqualTo(new Entry.OfEvent(4, new Event.ReadUpTo(aliceCarol, 2, 2)));
        assertThat(entries.get(4)).isEqualTo(new Entry.OfEvent(5, new Event.ReadUpTo(ALICE_BOB, 1, 1)));
        assertThat(storage().marks().appendReadEvents(List.of()).positions()).isEmpty();
    }

    @Test
    void lowerReadEventIsWrittenButTheMarkStays() {
        users("alice", "bob");
        store("alice", "bob", "m1");
        raise(new Mark("bob", ALICE_BOB, 9, 9, 9));

        storage().marks().appendReadEvents(List.of(new Mark("bob", ALICE_BOB, 1, 1, 1)));

        assertThat(find("bob")).isEqualTo(new Mark("bob", ALICE_BOB, 9, 9, 9));
        assertThat(inboxOf("bob").entries().get(1))
                .isEqualTo(new Entry.OfEvent(2, new Event.ReadUpTo(ALICE_BOB, 1, 1)));
    }

    @Test
    void messagesAfterAReadEventTakeTheNextNumbers() {
        users("alice", "bob");
        store("alice", "bob", "m1");
        storage().marks().appendReadEvents(List.of(new Mark("bob", ALICE_BOB, 0, 1, 1)));

        assertThat(positionOf("bob", append(draft("alice", "bob", "m2")).get(0)))
                .isEqualTo(3);
    }

    @Test
    void selfConversationHasOneMark() {
        users("alice");
        store("alice", "alice", "m1");
        Conversation self = Conversation.direct("alice", "alice");

        storage().marks().appendReadEvents(List.of(new Mark("alice", self, 1, 1, 1)));

        assertThat(storage().marks().find("alice", self)).isEqualTo(new Mark("alice", self, 1, 1, 1));
        assertThat(inboxOf("alice").entries()).hasSize(2);
    }

    @Test
    void marksSurviveReopen() {
        users("alice", "bob");
        store("alice", "bob", "m1");
        raise(new Mark("bob", ALICE_BOB, 5, 3, 3));

        storage().reopen();

        assertThat(find("bob")).isEqualTo(new Mark("bob", ALICE_BOB, 5, 3, 3));
    }

    private void raise(Mark... marks) {
        storage().marks().raise(List.of(marks));
    }

    private Mark find(String uid) {
        return storage().marks().find(uid, ALICE_BOB);
    }
}
