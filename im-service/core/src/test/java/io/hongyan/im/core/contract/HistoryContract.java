package io.hongyan.im.core.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.send.History;
import io.hongyan.im.core.send.History.Position;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@link History} promises: any part of a conversation, from either end, limited by count and by bytes. */
public abstract class HistoryContract extends StorageContract {
    private static final Conversation CONVERSATION = Conversation.direct("alice", "bob");
    private static final long END = Long.MAX_VALUE;

    @Test
    void unknownConversationIsEmpty() {
        users("alice", "bob");

        assertThat(seqs(0, END, false, 10, ALL)).isEmpty();
        assertThat(storage().history().head(CONVERSATION)).isZero();
    }

    @Test
    void messagesOfOneConversationAloneComeInOrder() {
        users("carol");
        tenMessages(10);
        store("alice", "carol", "m1");

        assertThat(seqs(0, END, false, ALL, ALL)).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
        assertThat(storage().history().head(CONVERSATION)).isEqualTo(10);
        assertThat(storage().history().head(Conversation.direct("alice", "carol")))
                .isEqualTo(1);
    }

    @Test
    void positionIsThatOfTheEntryOrOfTheNewest() {
        tenMessages(10);

        assertThat(storage().history().position(CONVERSATION, 3)).isEqualTo(new Position(3, 3));
        assertThat(storage().history().position(CONVERSATION, 10)).isEqualTo(new Position(10, 10));
        assertThat(storage().history().position(CONVERSATION, END)).isEqualTo(new Position(10, 10));
        assertThat(storage().history().position(Conversation.direct("alice", "carol"), 1))
                .isEqualTo(Position.NONE);
    }

    @Test
    void bothEndsOfTheIntervalAreOpen() {
        tenMessages(10);

        assertThat(seqs(3, 6, false, ALL, ALL)).containsExactly(4L, 5L);
        assertThat(seqs(3, 6, true, ALL, ALL)).containsExactly(4L, 5L);
        assertThat(seqs(3, 4, false, ALL, ALL)).isEmpty();
        assertThat(seqs(6, 3, true, ALL, ALL)).isEmpty();
        assertThat(seqs(10, END, false, ALL, ALL)).isEmpty();
        assertThat(seqs(END, END, false, ALL, ALL)).isEmpty();
    }

    @Test
    void countLimitTakesFromTheAskedEndAndKeepsTheOrderRising() {
        tenMessages(10);

        assertThat(seqs(2, END, false, 3, ALL)).containsExactly(3L, 4L, 5L);
        assertThat(seqs(2, END, true, 3, ALL)).containsExactly(8L, 9L, 10L);
        assertThat(seqs(0, 8, true, 3, ALL)).containsExactly(5L, 6L, 7L);
    }

    @Test
    void byteLimitTakesFromTheAskedEnd() {
        tenMessages(100);

        assertThat(seqs(0, END, false, ALL, 300)).containsExactly(1L, 2L, 3L);
        assertThat(seqs(0, END, true, ALL, 299)).containsExactly(9L, 10L);
        assertThat(seqs(0, END, true, ALL, 1)).containsExactly(10L);
        assertThat(seqs(4, END, false, ALL, 1)).containsExactly(5L);
    }

    @Test
    void messagesAreWhole() {
        users("alice", "bob");
        StoredMessage first = stored(append(NOW + 1, draft("alice", "bob", "m1", bytes("one")))
                        .get(0))
                .message();
        StoredMessage second = stored(append(NOW + 2, draft("bob", "alice", "m2", bytes("two 🕊")))
                        .get(0))
                .message();

        storage().reopen();

        List<StoredMessage> log = logOf(CONVERSATION);
        assertThat(log).hasSize(2);
        assertSame(log.get(0), first);
        assertSame(log.get(1), second);
        assertThat(storage().history().head(CONVERSATION)).isEqualTo(2);
    }

    private void tenMessages(int contentBytes) {
        users("alice", "bob");
        for (int i = 1; i <= 10; i++) {
            append(draft("alice", "bob", "m" + i, new byte[contentBytes]));
        }
    }

    private List<Long> seqs(long above, long below, boolean newest, int messagesMax, int bytesMax) {
        return storage().history().read(CONVERSATION, above, below, newest, messagesMax, bytesMax).stream()
                .map(StoredMessage::seq)
                .toList();
    }
}
