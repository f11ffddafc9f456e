package io.hongyan.im.core.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.Refusal;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.send.Appended;
import io.hongyan.im.core.send.Appended.InboxPosition;
import io.hongyan.im.core.send.Appended.Refused;
import io.hongyan.im.core.send.Appended.Repeated;
import io.hongyan.im.core.send.Draft;
import io.hongyan.im.core.send.MessageLog;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a {@link MessageLog} promises: stored once, numbered without gaps, in the order of the batch. */
public abstract class MessageLogContract extends StorageContract {

    @Test
    void firstMessageMakesTheConversationAndStandsInBothInboxes() {
        users("alice", "bob");

        List<Appended> results = append(draft("bob", "alice", "m1"));

        Appended.Stored stored = stored(results.get(0));
        Conversation conversation = Conversation.direct("alice", "bob");
        assertSame(
                stored.message(), new StoredMessage(conversation, 1, 1, "bob", PHONE, "m1", NOW, bytes("text of m1")));
        assertThat(stored.positions()).containsExactly(new InboxPosition("bob", 1), new InboxPosition("alice", 1));
        assertSame(logOf(conversation).get(0), stored.message());
        assertThat(inboxOf("alice").entries()).hasSize(1);
        assertThat(inboxOf("bob").entries()).hasSize(1);
    }

    @Test
    void ordinalsGoOnWithTheNumbers() {
        users("alice", "bob");
        append(draft("alice", "bob", "m1"), draft("bob", "alice", "m2"), draft("alice", "bob", "m1"));
        storage().reopen();
        store("alice", "bob", "m3");

        assertThat(logOf(Conversation.direct("alice", "bob")))
                .extracting(StoredMessage::ordinal)
                .containsExactly(1L, 2L, 3L);
        assertThat(append(draft("bob", "alice", "m2"))).containsExactly(new Repeated(2, 2, NOW, 2));
    }

    @Test
    void senderComesFirstInPositionsWhicheverUidSortsFirst() {
        users("alice", "bob");

        List<Appended> results = append(draft("alice", "bob", "m1"), draft("bob", "alice", "m2"));

        assertThat(stored(results.get(0)).positions())
                .containsExactly(new InboxPosition("alice", 1), new InboxPosition("bob", 1));
        assertThat(stored(results.get(1)).positions())
                .containsExactly(new InboxPosition("bob", 2), new InboxPosition("alice", 2));
    }

    @Test
    void draftsOfOneConversationAreNumberedInListOrder() {
        users("alice", "bob", "carol");

        List<Appended> results = append(
                draft("alice", "bob", "m1"),
                draft("alice", "carol", "m1"),
                draft("bob", "alice", "m1"),
                draft("alice", "bob", "m2"));

        assertThat(results).extracting(r -> stored(r).message().seq()).containsExactly(1L, 1L, 2L, 3L);
        assertThat(results).extracting(r -> positionOf("alice", r)).containsExactly(1L, 2L, 3L, 4L);
        assertThat(positionOf("bob", results.get(3))).isEqualTo(3);
        assertThat(positionOf("carol", results.get(1))).isEqualTo(1);
    }

    @Test
    void repeatInALaterBatchGetsTheFirstAnswer() {
        users("alice", "bob");
        append(draft("bob", "alice", "x"));
        append(NOW + 5, draft("alice", "bob", "m1"));

        List<Appended> again = append(NOW + 900, draft("alice", "bob", "m1", bytes("other text")));

        assertThat(again).containsExactly(new Repeated(2, 2, NOW + 5, 2));
        List<StoredMessage> log = logOf(Conversation.direct("alice", "bob"));
        assertThat(log).hasSize(2);
        assertThat(log.get(1).content()).isEqualTo(bytes("text of m1"));
        assertThat(inboxOf("alice").headSeq()).isEqualTo(2);
        assertThat(inboxOf("bob").headSeq()).isEqualTo(2);
    }

    @Test
    void repeatWithinTheBatchGetsTheFirstAnswerAndTakesNoNumber() {
        users("alice", "bob");

        List<Appended> results = append(
                draft("alice", "bob", "m1"),
                draft("alice", "bob", "m1"),
                draft("alice", "bob", "m2"),
                draft("alice", "bob", "m1"));

        assertThat(stored(results.get(0)).message().seq()).isEqualTo(1);
        assertThat(results.get(1)).isEqualTo(new Repeated(1, 1, NOW, 1));
        assertThat(stored(results.get(2)).message().seq()).isEqualTo(2);
        assertThat(positionOf("bob", results.get(2))).isEqualTo(2);
        assertThat(results.get(3)).isEqualTo(new Repeated(1, 1, NOW, 1));
        assertThat(inboxOf("bob").entries()).hasSize(2);
    }

    @Test
    void repeatAfterReopenGetsTheFirstAnswer() {
        users("alice", "bob");
        append(draft("alice", "bob", "m1"), draft("alice", "bob", "m2"));

        storage().reopen();

        assertThat(append(NOW + 1, draft("alice", "bob", "m2"))).containsExactly(new Repeated(2, 2, NOW, 2));
        assertThat(store("alice", "bob", "m3").seq()).isEqualTo(3);
    }

    @Test
    void batchOfRepeatsAndNewsIsNumberedWithoutGaps() {
        users("alice", "bob");
        append(draft("alice", "bob", "m1"), draft("alice", "bob", "m2"));

        List<Appended> results = append(
                NOW + 1,
                draft("alice", "bob", "m0"),
                draft("alice", "bob", "m2"),
                draft("alice", "bob", "m3"),
                draft("alice", "bob", "m1"),
                draft("bob", "alice", "m1"));

        assertThat(stored(results.get(0)).message().seq()).isEqualTo(3);
        assertThat(results.get(1)).isEqualTo(new Repeated(2, 2, NOW, 2));
        assertThat(stored(results.get(2)).message().seq()).isEqualTo(4);
        assertThat(results.get(3)).isEqualTo(new Repeated(1, 1, NOW, 1));
        assertThat(stored(results.get(4)).message().seq()).isEqualTo(5);
        assertThat(logOf(Conversation.direct("alice", "bob")))
                .extracting(StoredMessage::seq)
                .containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void clientMessageIdsThatDifferInCaseOrTrailingSpaceAreDifferent() {
        users("alice", "bob");

        List<Appended> results = append(
                draft("alice", "bob", "Ab"),
                draft("alice", "bob", "aB"),
                draft("alice", "bob", "ab"),
                draft("alice", "bob", "ab "),
                draft("alice", "bob", " ab"));

        assertThat(results).allMatch(Appended.Stored.class::isInstance);
        assertThat(append(draft("alice", "bob", "AB")).get(0)).isInstanceOf(Appended.Stored.class);
        assertThat(append(draft("alice", "bob", "ab "))).containsExactly(new Repeated(4, 4, NOW, 4));
    }

    @Test
    void clientMessageIdMayHaveEveryPrintableCharacter() {
        users("alice", "bob");
        StringBuilder printable = new StringBuilder();
        for (char c = 0x20; c < 0x7f; c++) {
            printable.append(c);
        }
        String first = printable.substring(0, 64);
        String second = printable.substring(printable.length() - 64);

        append(draft("alice", "bob", first), draft("alice", "bob", second));

        assertThat(append(draft("alice", "bob", second), draft("alice", "bob", first)))
                .containsExactly(new Repeated(2, 2, NOW, 2), new Repeated(1, 1, NOW, 1));
        assertThat(logOf(Conversation.direct("alice", "bob")))
                .extracting(StoredMessage::clientMessageId)
                .containsExactly(first, second);
    }

    @Test
    void sameClientMessageIdOfAnotherSenderOrConversationIsAnotherMessage() {
        users("alice", "bob", "carol");

        List<Appended> results =
                append(draft("alice", "bob", "m"), draft("bob", "alice", "m"), draft("alice", "carol", "m"));

        assertThat(results).allMatch(Appended.Stored.class::isInstance);
    }

    @Test
    void anotherDeviceWithTheSameClientMessageIdRepeats() {
        users("alice", "bob");
        append(draft("alice", "bob", "m"));

        Draft other = new Draft(Conversation.direct("alice", "bob"), "alice", "web:tab", "m", bytes("x"));

        assertThat(append(other)).containsExactly(new Repeated(1, 1, NOW, 1));
    }

    @Test
    void usersThatDifferInCaseAreDifferent() {
        users("bob", "Bob", "alice");

        append(draft("alice", "bob", "m1"), draft("alice", "Bob", "m1"), draft("alice", "Bob", "m2"));

        assertThat(inboxOf("bob").headSeq()).isEqualTo(1);
        assertThat(inboxOf("Bob").headSeq()).isEqualTo(2);
        assertThat(append(draft("alice", "BOB", "m1"))).containsExactly(new Refused(Refusal.UNKNOWN_CONVERSATION));
    }

    @Test
    void unknownReceiverIsRefusedWithoutAGap() {
        users("alice", "bob");

        List<Appended> results =
                append(draft("alice", "bob", "m1"), draft("alice", "nobody", "m2"), draft("alice", "bob", "m3"));

        assertThat(results.get(1)).isEqualTo(new Refused(Refusal.UNKNOWN_CONVERSATION));
        assertThat(stored(results.get(2)).message().seq()).isEqualTo(2);
        assertThat(positionOf("alice", results.get(2))).isEqualTo(2);
        assertThat(storage().history().head(Conversation.direct("alice", "nobody")))
                .isZero();
        assertThat(storage().users().exists("nobody")).isFalse();
        assertThat(storage()
                        .conversations()
                        .list("alice", 0, null, 10, Integer.MAX_VALUE)
                        .items())
                .hasSize(1);
    }

    @Test
    void whoIsNoneOfTheTwoIsRefusedAndLeavesNothing() {
        users("alice", "bob", "carol");
        Draft draft = new Draft(Conversation.direct("alice", "bob"), "carol", PHONE, "m1", bytes("x"));

        assertThat(append(draft)).containsExactly(new Refused(Refusal.NOT_A_MEMBER));
        assertThat(storage()
                        .conversations()
                        .list("alice", 0, null, 10, Integer.MAX_VALUE)
                        .items())
                .isEmpty();
        store("alice", "bob", "m1");
        assertThat(append(draft)).containsExactly(new Refused(Refusal.NOT_A_MEMBER));
    }

    @Test
    void refusedDraftIsStoredOnceTheReceiverExists() {
        users("alice");
        assertThat(append(draft("alice", "bob", "m1"))).containsExactly(new Refused(Refusal.UNKNOWN_CONVERSATION));

        users("bob");

        assertThat(store("alice", "bob", "m1").seq()).isEqualTo(1);
    }

    @Test
    void batchOfRefusalsAloneStoresNothing() {
        users("alice");

        assertThat(append(draft("alice", "x", "m1"), draft("alice", "y", "m1")))
                .containsExactly(new Refused(Refusal.UNKNOWN_CONVERSATION), new Refused(Refusal.UNKNOWN_CONVERSATION));
        assertThat(storage().inbox().head("alice")).isZero();
    }

    @Test
    void messageToOneselfHasOneRecipient() {
        users("alice");

        List<Appended> results = append(draft("alice", "alice", "m1"), draft("alice", "alice", "m2"));

        assertThat(stored(results.get(0)).positions()).containsExactly(new InboxPosition("alice", 1));
        assertThat(stored(results.get(1)).positions()).containsExactly(new InboxPosition("alice", 2));
        assertThat(inboxOf("alice").entries()).hasSize(2);
        assertThat(append(draft("alice", "alice", "m1"))).containsExactly(new Repeated(1, 1, NOW, 1));
    }

    @Test
    void contentComesBackByteForByte() {
        users("alice", "bob");
        byte[] everyByte = new byte[256];
        for (int i = 0; i < everyByte.length; i++) {
            everyByte[i] = (byte) i;
        }
        List<byte[]> contents = List.of(
                bytes("鸿雁传书 🕊️👩‍👩‍👧‍👦 e\u0301"), everyByte, new byte[0], new byte[300_000], bytes("' OR 1=1; --"));

        for (int i = 0; i < contents.size(); i++) {
            append(draft("alice", "bob", "m" + i, contents.get(i)));
        }
        storage().reopen();

        List<StoredMessage> log = logOf(Conversation.direct("alice", "bob"));
        for (int i = 0; i < contents.size(); i++) {
            assertThat(log.get(i).content()).as("content %d", i).isEqualTo(contents.get(i));
        }
    }

    @Test
    void longestNamesAreStored() {
        String one = "a".repeat(64);
        String other = "Z.@-_".repeat(13).substring(0, 64);
        users(one, other);
        String device = "android:" + "d".repeat(64);
        Draft draft = new Draft(Conversation.direct(one, other), one, device, "m".repeat(64), bytes("x"));

        StoredMessage message = stored(append(draft).get(0)).message();
        storage().reopen();

        assertSame(logOf(Conversation.direct(other, one)).get(0), message);
    }

    @Test
    void headsGoOnAfterReopen() {
        users("alice", "bob", "carol");
        append(draft("alice", "bob", "m1"), draft("carol", "bob", "m1"), draft("alice", "bob", "m2"));

        storage().reopen();
        Appended next = append(draft("bob", "alice", "m3")).get(0);

        assertThat(stored(next).message().seq()).isEqualTo(3);
        assertThat(positionOf("alice", next)).isEqualTo(3);
        assertThat(positionOf("bob", next)).isEqualTo(4);
    }

    @Test
    void largeBatchIsStoredWhole() {
        int pairs = 40;
        List<Draft> batch = new ArrayList<>();
        for (int pair = 0; pair < pairs; pair++) {
            users("from" + pair, "to" + pair);
        }
        for (int i = 0; i < 2_000; i++) {
            batch.add(draft("from" + i % pairs, "to" + i % pairs, "m" + i));
        }

        List<Appended> results = storage().log().append(batch, NOW);
        storage().reopen();

        assertThat(results).hasSize(2_000).allMatch(Appended.Stored.class::isInstance);
        for (int pair = 0; pair < pairs; pair++) {
            assertThat(logOf(Conversation.direct("from" + pair, "to" + pair))).hasSize(50);
            assertThat(inboxOf("to" + pair).entries()).hasSize(50);
        }
        assertThat(storage().log().append(batch, NOW + 1)).allMatch(Repeated.class::isInstance);
    }
}
