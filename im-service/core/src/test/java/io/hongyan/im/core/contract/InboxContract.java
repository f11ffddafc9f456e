package io.hongyan.im.core.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.inbox.Entry;
import io.hongyan.im.core.inbox.Event;
import io.hongyan.im.core.inbox.Inbox;
import io.hongyan.im.core.inbox.InboxPage;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.receipt.Marks.Mark;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What an {@link Inbox} promises: rising pages without gaps, limited by count and by bytes. */
public abstract class InboxContract extends StorageContract {

    @Test
    void inboxOfANewUserIsEmpty() {
        users("alice");

        assertThat(inboxOf("alice")).isEqualTo(new InboxPage(List.of(), 0, 1));
        assertThat(storage().inbox().head("alice")).isZero();
    }

    @Test
    void inboxOfAnUnknownUserIsEmpty() {
        assertThat(inboxOf("nobody")).isEqualTo(new InboxPage(List.of(), 0, 1));
        assertThat(storage().inbox().head("nobody")).isZero();
    }

    @Test
    void headsOfManyInboxesComeInTheOrderAskedFor() {
        users("alice", "bob", "carol");
        store("bob", "alice", "m1");
        store("bob", "alice", "m2");
        store("carol", "bob", "m1");

        assertThat(storage().inbox().heads(List.of("carol", "nobody", "bob", "alice")))
                .containsExactly(1L, 0L, 3L, 2L);
        assertThat(storage().inbox().heads(List.of())).isEmpty();
        assertThat(storage().inbox().heads(List.of("bob", "nobody", "bob"))).containsExactly(3L, 0L, 3L);
        assertThat(storage().inbox().heads(List.of("BOB", "bob "))).containsExactly(0L, 0L);
    }

    @Test
    void headsOfAWholePageOfInboxesAreRead() {
        String[] uids = IntStream.range(0, 700).mapToObj("u%03d"::formatted).toArray(String[]::new);
        users(uids);
        store("u001", "u699", "m1");

        List<Long> heads = storage().inbox().heads(List.of(uids));

        assertThat(heads).hasSize(700);
        assertThat(IntStream.range(0, 700).filter(i -> heads.get(i) != 0)).containsExactly(1, 699);
    }

    @Test
    void entriesCarryTheMessagesOfAllConversations() {
        users("alice", "bob", "carol");
        StoredMessage first = store("bob", "alice", "m1");
        StoredMessage second = store("alice", "carol", "m1");
        StoredMessage third = store("alice", "bob", "m2");

        InboxPage page = inboxOf("alice");

        assertThat(page.headSeq()).isEqualTo(3);
        assertThat(page.oldestSeq()).isEqualTo(1);
        assertThat(page.entries()).extracting(Entry::seq).containsExactly(1L, 2L, 3L);
        assertSame(messageOf(page.entries().get(0)), first);
        assertSame(messageOf(page.entries().get(1)), second);
        assertSame(messageOf(page.entries().get(2)), third);
    }

    @Test
    void readEventsStandBetweenMessages() {
        users("alice", "bob");
        Conversation conversation = Conversation.direct("alice", "bob");
        store("bob", "alice", "m1");
        store("bob", "alice", "m2");
        storage().marks().appendReadEvents(List.of(new Mark("alice", conversation, 0, 2, 2)));
        store("bob", "alice", "m3");

        List<Entry> entries = inboxOf("alice").entries();

        assertThat(entries).extracting(Entry::seq).containsExactly(1L, 2L, 3L, 4L);
        assertThat(entries.get(2)).isEqualTo(new Entry.OfEvent(3, new Event.ReadUpTo(conversation, 2, 2)));
        assertThat(messageOf(entries.get(3)).clientMessageId()).isEqualTo("m3");
        assertThat(inboxOf("bob").headSeq()).isEqualTo(3);
    }

    @Test
    void pageStartsAboveTheAskedNumber() {
        users("alice", "bob");
        for (int i = 1; i <= 5; i++) {
            store("bob", "alice", "m" + i);
        }

        assertThat(storage().inbox().read("alice", 3, ALL, ALL).entries())
                .extracting(Entry::seq)
                .containsExactly(4L, 5L);
    }

    @Test
    void pageAtOrAboveTheHeadIsEmptyAndTellsTheHead() {
        users("alice", "bob");
        store("bob", "alice", "m1");

        assertThat(storage().inbox().read("alice", 1, ALL, ALL)).isEqualTo(new InboxPage(List.of(), 1, 1));
        assertThat(storage().inbox().read("alice", Long.MAX_VALUE, ALL, ALL)).isEqualTo(new InboxPage(List.of(), 1, 1));
    }

    @Test
    void pageIsLimitedByCount() {
        users("alice", "bob");
        for (int i = 1; i <= 5; i++) {
            store("bob", "alice", "m" + i);
        }

        InboxPage page = storage().inbox().read("alice", 1, 2, ALL);

        assertThat(page.entries()).extracting(Entry::seq).containsExactly(2L, 3L);
        assertThat(page.headSeq()).isEqualTo(5);
    }

    @Test
    void pageIsLimitedByBytes() {
        users("alice", "bob");
        for (int i = 1; i <= 5; i++) {
            append(draft("bob", "alice", "m" + i, new byte[100]));
        }

        assertThat(storage().inbox().read("alice", 0, ALL, 300).entries()).hasSize(3);
        assertThat(storage().inbox().read("alice", 0, ALL, 299).entries()).hasSize(2);
        assertThat(storage().inbox().read("alice", 4, ALL, 300).entries()).hasSize(1);
    }

    @Test
    void oneEntryIsGivenHoweverLargeItIs() {
        users("alice", "bob");
        append(draft("bob", "alice", "m1", new byte[1_000]), draft("bob", "alice", "m2", new byte[0]));

        assertThat(storage().inbox().read("alice", 0, ALL, 10).entries())
                .extracting(Entry::seq)
                .containsExactly(1L);
    }

    @Test
    void eventsCountNoBytes() {
        users("alice", "bob");
        append(draft("bob", "alice", "m1", new byte[100]));
        Mark mark = new Mark("alice", Conversation.direct("alice", "bob"), 0, 1, 1);
        storage().marks().appendReadEvents(List.of(mark, mark));

        assertThat(storage().inbox().read("alice", 0, ALL, 100).entries()).hasSize(3);
    }

    @Test
    void userWhoseUidDiffersInCaseSeesNothing() {
        users("alice", "Alice", "bob");
        store("bob", "alice", "m1");

        assertThat(inboxOf("Alice").entries()).isEmpty();
        assertThat(storage().inbox().head("Alice")).isZero();
    }

    @Test
    void inboxSurvivesReopen() {
        users("alice", "bob");
        StoredMessage message = store("bob", "alice", "m1");
        Mark mark = new Mark("alice", message.conversation(), 1, 1, 1);
        storage().marks().appendReadEvents(List.of(mark));

        storage().reopen();

        List<Entry> entries = inboxOf("alice").entries();
        assertSame(messageOf(entries.get(0)), message);
        assertThat(entries.get(1)).isEqualTo(new Entry.OfEvent(2, new Event.ReadUpTo(message.conversation(), 1, 1)));
        assertThat(storage().inbox().head("alice")).isEqualTo(2);
    }

    static StoredMessage messageOf(Entry entry) {
        assertThat(entry).isInstanceOf(Entry.OfMessage.class);
        return ((Entry.OfMessage) entry).message();
    }
}
