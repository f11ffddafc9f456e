package io.hongyan.im.core.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.inbox.DeliverySession.Effects;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.StoredMessage;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class DeliverySessionTest {
    private static final DeliveryLimits LIMITS = new DeliveryLimits(3, 1_000, 5, 1_000, 3);
    private static final Conversation CONVERSATION = Conversation.direct("alice", "bob");
    private static final DeviceKey DEVICE = new DeviceKey("bob", "ios:x");
    private final DeliveryWindow window = new DeliveryWindow(65_535, LIMITS);
    private final DeliverySession session = new DeliverySession(DEVICE, window, LIMITS);

    @Test
    void beginningReadsAfterTheCursor() {
        assertThat(session.begin(7).readAfter()).isEqualTo(7);
    }

    @Test
    void nothingIsSentOrReadBeforeTheBeginning() {
        assertThat(session.announced(entry(1), false)).isEqualTo(Effects.NONE);
        assertThat(session.announced(entry(9), true)).isEqualTo(Effects.NONE);
        assertThat(session.refresh()).isEqualTo(Effects.NONE);
        assertThat(session.begin(7).readAfter()).isEqualTo(7);
        assertThat(pushed(session.pageRead(page(9, 8, 9)))).containsExactly(8L);
    }

    @Test
    void trimmedOwnSendDoesNotHideThatEntriesWereTrimmed() {
        session.begin(0);
        session.announced(entry(5), true);
        Effects effects = session.pageRead(new InboxPage(List.of(entry(6)), 6, 6));
        assertThat(effects.push()).hasSize(2).startsWith(new Entry.OfEvent(5, new Event.Trimmed(6)));
    }

    @Test
    void entriesBelowTheHeadAreReadBeforeAnythingNew() {
        session.begin(0);
        assertThat(session.announced(entry(3), false)).isEqualTo(Effects.NONE);
        assertThat(pushed(session.pageRead(page(3, 1, 2, 3)))).containsExactly(1L, 2L, 3L);
        assertThat(session.acknowledged(3).readAfter()).isEqualTo(-1);
        assertThat(pushed(session.announced(entry(4), false))).containsExactly(4L);
    }

    @Test
    void anAnnouncementDuringAReadIsNotMissed() {
        session.begin(0);
        session.announced(entry(1), false);
        assertThat(session.pageRead(page(0)).readAfter()).isEqualTo(0);
        assertThat(pushed(session.pageRead(page(1, 1)))).containsExactly(1L);
    }

    @Test
    void aRefreshDuringAReadReadsAgain() {
        session.begin(0);
        session.refresh();
        assertThat(session.pageRead(page(0)).readAfter()).isEqualTo(0);
        assertThat(session.pageRead(page(0)).readAfter()).isEqualTo(-1);
    }

    @Test
    void neverMoreThanTheWindowIsUnacknowledged() {
        live();
        for (long seq = 1; seq <= 5; seq++) {
            session.announced(entry(seq), false);
        }
        assertThat(pushed(session.acknowledged(1))).containsExactly(4L);
        assertThat(pushed(session.acknowledged(4))).containsExactly(5L);
        assertThat(session.cursor()).isEqualTo(4);
    }

    @Test
    void whatDoesNotFitIsReadOnceThereIsRoomAgain() {
        live();
        for (long seq = 1; seq <= 20; seq++) {
            assertThat(session.announced(entry(seq), false).readAfter()).isEqualTo(-1);
        }
        assertThat(pushed(session.acknowledged(3))).containsExactly(4L, 5L, 6L);
        Effects effects = session.acknowledged(6);
        assertThat(pushed(effects)).containsExactly(7L, 8L);
        assertThat(effects.readAfter()).isEqualTo(8);
        assertThat(pushed(session.pageRead(page(20, 9, 10, 11)))).containsExactly(9L);
    }

    @Test
    void ownSendsAreNotPushedButMoveTheCursorInOrder() {
        live();
        assertThat(pushed(session.announced(entry(1), false))).containsExactly(1L);
        assertThat(pushed(session.announced(entry(2), true))).isEmpty();
        assertThat(session.cursor()).isZero();
        session.acknowledged(1);
        assertThat(session.cursor()).isEqualTo(2);
        assertThat(pushed(session.announced(entry(3), true))).isEmpty();
        assertThat(session.cursor()).isEqualTo(3);
    }

    @Test
    void ownSendsFoundWhileCatchingUpAreNotPushed() {
        session.begin(0);
        session.announced(entry(2), true);
        assertThat(pushed(session.pageRead(page(3, 1, 2, 3)))).containsExactly(1L, 3L);
        session.acknowledged(3);
        assertThat(session.cursor()).isEqualTo(3);
    }

    @Test
    void anOwnSendReadBeforeItsAnnouncementWaitsForIt() {
        session.begin(0);
        window.sendSubmitted();
        Effects effects = session.pageRead(new InboxPage(List.of(ownEntry(1), entry(2)), 2, 1));
        assertThat(effects.push()).isEmpty();
        assertThat(effects.readAfter()).isEqualTo(-1);
        assertThat(session.announced(ownEntry(1), true).readAfter()).isEqualTo(1);
        assertThat(session.cursor()).isEqualTo(1);
        assertThat(sendAnswered()).isEqualTo(Effects.NONE);
        assertThat(pushed(session.pageRead(page(2, 2)))).containsExactly(2L);
    }

    @Test
    void anEntryOfTheSameDeviceIsAnnouncedWhileOthersAreUnanswered() {
        live();
        window.sendSubmitted();
        session.announced(ownEntry(1), false);
        assertThat(sendAnswered().readAfter()).isEqualTo(0);
        assertThat(pushed(session.pageRead(new InboxPage(List.of(ownEntry(1)), 1, 1))))
                .containsExactly(1L);
    }

    @Test
    void anEarlierSendOfTheSameDeviceIsPushedOnceTheLaterOneIsAnswered() {
        session.begin(0);
        window.sendSubmitted();
        session.pageRead(new InboxPage(List.of(ownEntry(1)), 1, 1));
        assertThat(sendAnswered().readAfter()).isEqualTo(0);
        assertThat(pushed(session.pageRead(new InboxPage(List.of(ownEntry(1)), 1, 1))))
                .containsExactly(1L);
    }

    @Test
    void aMessageSentAgainIsNotPushedToWhoGotTheAnswer() {
        session.begin(0);
        window.sendSubmitted();
        session.pageRead(new InboxPage(List.of(ownEntry(1), entry(2)), 2, 1));
        session.sentAgain(1);
        assertThat(sendAnswered().readAfter()).isEqualTo(0);
        assertThat(pushed(session.pageRead(new InboxPage(List.of(ownEntry(1), entry(2)), 2, 1))))
                .containsExactly(2L);
    }

    @Test
    void aSenderThatIsNeverIdleCatchesUpAllTheSame() {
        session.begin(0);
        InboxPage page = new InboxPage(List.of(ownEntry(1), entry(2)), 2, 1);
        window.sendSubmitted();
        assertThat(session.pageRead(page)).isEqualTo(Effects.NONE);
        window.sendSubmitted();
        assertThat(session.announced(ownEntry(3), true)).isEqualTo(Effects.NONE);
        assertThat(sendAnswered().readAfter()).isEqualTo(0);
        assertThat(pushed(session.pageRead(page))).containsExactly(1L, 2L);
    }

    @Test
    void aCursorBelowTheOldestEntryGetsAnEventFirst() {
        session.begin(2);
        Effects effects = session.pageRead(new InboxPage(List.of(entry(6), entry(7)), 7, 6));
        assertThat(effects.push()).startsWith(new Entry.OfEvent(5, new Event.Trimmed(6)));
        assertThat(pushed(effects)).containsExactly(5L, 6L, 7L);
    }

    @Test
    void anInboxWithNothingKeptEndsAtItsHead() {
        session.begin(2);
        assertThat(pushed(session.pageRead(new InboxPage(List.of(), 9, 10)))).containsExactly(9L);
        assertThat(session.acknowledged(9).readAfter()).isEqualTo(-1);
        assertThat(pushed(session.announced(entry(10), false))).containsExactly(10L);
    }

    @Test
    void aLargeEntryGoesAloneThroughTheByteWindow() {
        live();
        assertThat(pushed(session.announced(entry(1, 5_000), false))).containsExactly(1L);
        assertThat(pushed(session.announced(entry(2, 10), false))).isEmpty();
        assertThat(pushed(session.acknowledged(1))).containsExactly(2L);
    }

    @Test
    void nothingAboveTheEndIsSentOrReadAndTheSessionIsFinishedOnceAllIsAcknowledged() {
        live();
        session.announced(entry(1), false);
        session.endAt(2);
        assertThat(pushed(session.announced(entry(2), false))).containsExactly(2L);
        assertThat(session.announced(entry(3), false)).isEqualTo(Effects.NONE);
        assertThat(session.finished()).isFalse();
        assertThat(session.acknowledged(2).readAfter()).isEqualTo(-1);
        assertThat(session.finished()).isTrue();
    }

    @Test
    void aPageIsTakenUpToTheEnd() {
        session.begin(0);
        session.endAt(2);
        Effects effects = session.pageRead(page(3, 1, 2, 3));
        assertThat(pushed(effects)).containsExactly(1L, 2L);
        assertThat(effects.readAfter()).isEqualTo(-1);
    }

    @Test
    void sessionsOfOneConnectionShareItsWindowAndGiveItBack() {
        live();
        DeliverySession other = new DeliverySession(DEVICE, window, LIMITS);
        other.begin(0);
        other.pageRead(page(0));
        session.announced(entry(1), false);
        session.announced(entry(2), false);
        assertThat(pushed(other.announced(entry(1), false))).containsExactly(1L);
        assertThat(other.announced(entry(2), false)).isEqualTo(Effects.NONE);
        assertThat(other.waiting()).isTrue();
        session.end();
        assertThat(pushed(other.goOn())).containsExactly(2L);
        assertThat(window.entries()).isEqualTo(2);
    }

    private Effects sendAnswered() {
        window.sendAnswered();
        return session.sendAnswered();
    }

    private void live() {
        session.begin(0);
        session.pageRead(page(0));
    }

    private static List<Long> pushed(Effects effects) {
        return effects.push().stream().map(Entry::seq).toList();
    }

    private static InboxPage page(long head, long... seqs) {
        return new InboxPage(
                LongStream.of(seqs).<Entry>mapToObj(DeliverySessionTest::entry).toList(), head, 1);
    }

    private static Entry entry(long seq) {
        return entry(seq, 10);
    }

    private static Entry entry(long seq, int bytes) {
        return entry(seq, bytes, "alice", "ios:y");
    }

    private static Entry ownEntry(long seq) {
        return entry(seq, 10, "bob", "ios:x");
    }

    private static Entry entry(long seq, int bytes, String sender, String device) {
        return new Entry.OfMessage(
                seq, new StoredMessage(CONVERSATION, seq, seq, sender, device, "m" + seq, 1, new byte[bytes]));
    }
}
