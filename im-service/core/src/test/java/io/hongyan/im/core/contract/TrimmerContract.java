package io.hongyan.im.core.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.inbox.Entry;
import io.hongyan.im.core.inbox.InboxPage;
import io.hongyan.im.core.inbox.InboxTrimmer;
import io.hongyan.im.core.inbox.InboxTrimmer.Slice;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.receipt.Marks.Mark;
import io.hongyan.im.core.send.Appended.Repeated;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an {@link InboxTrimmer} promises: the oldest entries go, the rest and the log stay as they were. */
public abstract class TrimmerContract extends StorageContract {
    private static final Conversation ALICE_BOB = Conversation.direct("alice", "bob");

    @Test
    void nothingIsTrimmedWithinTheLimits() {
        messages(5);

        assertThat(trimAll(NOW, 5)).isZero();

        assertThat(inboxOf("alice").entries()).hasSize(5);
        assertThat(inboxOf("alice").oldestSeq()).isEqualTo(1);
    }

    @Test
    void onlyTheNewestEntriesStay() {
        messages(5);

        assertThat(trimAll(0, 2)).isEqualTo(6);

        InboxPage page = inboxOf("alice");
        assertThat(page.entries()).extracting(Entry::seq).containsExactly(4L, 5L);
        assertThat(page.headSeq()).isEqualTo(5);
        assertThat(page.oldestSeq()).isEqualTo(4);
    }

    @Test
    void entriesOfOldMessagesGo() {
        messages(5);

        assertThat(trimAll(NOW + 3, ALL)).isEqualTo(4);

        assertThat(inboxOf("bob").entries()).extracting(Entry::seq).containsExactly(3L, 4L, 5L);
        assertThat(inboxOf("bob").oldestSeq()).isEqualTo(3);
    }

    @Test
    void everythingMayGoAndNumbersGoOn() {
        messages(3);

        assertThat(trimAll(NOW + 100, ALL)).isEqualTo(6);

        assertThat(inboxOf("alice")).isEqualTo(new InboxPage(List.of(), 3, 4));
        assertThat(storage().inbox().head("alice")).isEqualTo(3);
        storage().reopen();
        assertThat(positionOf("alice", append(draft("bob", "alice", "next")).get(0)))
                .isEqualTo(4);
        assertThat(inboxOf("alice").entries()).extracting(Entry::seq).containsExactly(4L);
        assertThat(inboxOf("alice").oldestSeq()).isEqualTo(4);
    }

    @Test
    void readOfATrimmedPartStartsAtTheOldestKept() {
        messages(6);
        trimAll(0, 2);

        InboxPage page = storage().inbox().read("alice", 1, 1, ALL);

        assertThat(page.entries()).extracting(Entry::seq).containsExactly(5L);
        assertThat(page.oldestSeq()).isEqualTo(5);
    }

    @Test
    void trimmingAgainTrimsNothing() {
        messages(6);
        trimAll(NOW + 3, 3);

        assertThat(trimAll(NOW + 3, 3)).isZero();
        storage().reopen();
        assertThat(trimAll(NOW + 3, 3)).isZero();
        assertThat(inboxOf("alice").oldestSeq()).isEqualTo(4);
    }

    @Test
    void historyRepeatsAndConversationsKnowTrimmedMessages() {
        messages(4);
        trimAll(NOW + 100, ALL);

        assertThat(logOf(ALICE_BOB)).hasSize(4);
        assertThat(append(NOW + 50, draft("bob", "alice", "m1"))).containsExactly(new Repeated(1, 1, NOW + 1, 1));
        assertThat(storage()
                        .conversations()
                        .list("alice", 0, null, 10, Integer.MAX_VALUE)
                        .items())
                .hasSize(1);
        assertThat(storage()
                        .conversations()
                        .list("alice", 2, null, 10, Integer.MAX_VALUE)
                        .items())
                .as("what changed is not known any more: all are given")
                .hasSize(1);
    }

    @Test
    void readEventGoesWithTheMessageAfterIt() {
        users("alice", "bob");
        append(NOW + 1, draft("bob", "alice", "m1"));
        storage().marks().appendReadEvents(List.of(new Mark("alice", ALICE_BOB, 1, 1, 1)));
        append(NOW + 2, draft("bob", "alice", "m2"));
        storage().marks().appendReadEvents(List.of(new Mark("alice", ALICE_BOB, 2, 2, 2)));
        append(NOW + 3, draft("bob", "alice", "m3"));

        trimAll(NOW + 2, ALL);
        assertThat(inboxOf("alice").entries()).extracting(Entry::seq).containsExactly(2L, 3L, 4L, 5L);

        trimAll(NOW + 3, ALL);
        assertThat(inboxOf("alice").entries()).extracting(Entry::seq).containsExactly(4L, 5L);

        trimAll(NOW + 4, ALL);
        assertThat(inboxOf("alice")).isEqualTo(new InboxPage(List.of(), 5, 6));
    }

    @Test
    void usersAreLookedAtInSlices() {
        users("alice");
        for (int i = 1; i <= 7; i++) {
            users("peer" + i);
            append(draft("alice", "peer" + i, "m1"), draft("alice", "peer" + i, "m2"));
        }

        long trimmed = 0;
        long next = 0;
        int calls = 0;
        do {
            Slice slice = storage().trimmer().trim(next, 0, 1, 3);
            trimmed += slice.trimmed();
            next = slice.nextUser();
            calls++;
        } while (next != 0 && calls < 10);

        assertThat(trimmed).isEqualTo(7 + 13);
        assertThat(calls).isBetween(3, 4);
        assertThat(inboxOf("alice").oldestSeq()).isEqualTo(14);
    }

    @Test
    void emptyStorageHasNothingToTrim() {
        assertThat(storage().trimmer().trim(0, NOW, 10, 10)).isEqualTo(new Slice(0, 0));
        users("alice");
        assertThat(trimAll(NOW, 10)).isZero();
        assertThat(inboxOf("alice")).isEqualTo(new InboxPage(List.of(), 0, 1));
    }

    /** Messages m1, m2 … from bob to alice, one millisecond apart, the first at NOW + 1. */
    private void messages(int count) {
        users("alice", "bob");
        for (int i = 1; i <= count; i++) {
            append(NOW + i, draft("bob", "alice", "m" + i));
        }
    }

    private long trimAll(long olderThanMillis, int entriesMax) {
        long trimmed = 0;
        long next = 0;
        do {
            Slice slice = storage().trimmer().trim(next, olderThanMillis, entriesMax, 100);
            trimmed += slice.trimmed();
            next = slice.nextUser();
        } while (next != 0);
        return trimmed;
    }
}
