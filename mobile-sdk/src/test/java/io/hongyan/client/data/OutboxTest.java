package io.hongyan.client.data;

import static io.hongyan.client.data.EngineDriver.BOB;
import static io.hongyan.client.data.EngineDriver.CAROL;
import static io.hongyan.client.data.EngineDriver.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hongyan.protocol.v1.Code;
import io.hongyan.protocol.v1.InboxEntry;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How messages leave the device. */
class OutboxTest {
    private final EngineDriver device = new EngineDriver();

    @Test
    void aMessageIsQueuedBeforeItIsPublished() {
        long localId = device.send(BOB, "m1");
        assertThat(device.step()).containsExactly("m1 QUEUED");
        assertThat(device.store.open().outbox()).extracting(OutboxRow::localId).containsExactly(localId);

        device.ready("e1");
        device.restart();
        device.connect("e1");
        assertThat(device.step()).containsSubsequence("send m1 to bob", "m1 IN_FLIGHT");
    }

    @Test
    void thatItMayHaveLeftTheDeviceIsStoredBeforeItLeaves() {
        device.ready("e1");
        device.send(BOB, "m1");
        Step step = device.engine.step();

        assertThat(step.writes().outbox()).extracting(OutboxRow::published).containsExactly(true);
        step.effects().forEach(effect -> effect.carryOut(device.recorder, device.recorder));
        assertThat(device.recorder.take()).containsExactly("m1 QUEUED", "send m1 to bob", "m1 IN_FLIGHT");
    }

    @Test
    void theNextOfAConversationWaitsForTheAnswerAndOthersDoNot() {
        device.ready("e1");
        device.send(BOB, "b1");
        device.send(BOB, "b2");
        device.send(CAROL, "c1");
        assertThat(device.step()).contains("send b1 to bob", "send c1 to carol").doesNotContain("send b2 to bob");

        device.stored("b1", 1, 1);
        assertThat(device.step()).containsSubsequence("b1 SENT 1", "new bob/1 own", "send b2 to bob");
    }

    @Test
    void aSentMessageIsInTheLogUnderItsLocalId() {
        device.ready("e1");
        long localId = device.send(BOB, "m1");
        device.step();
        device.stored("m1", 4, 1);
        device.step();

        assertThat(device.store.open().outbox()).isEmpty();
        MessageRow row = device.store.read(BOB, 5, 1).get(0);
        assertThat(row.localId()).isEqualTo(localId);
        assertThat(row.message().getContent()).isEqualTo(EngineDriver.text("m1"));
        assertThat(row.message().getFromDevice()).isEqualTo("android:a");
    }

    @Test
    void theOwnEntryIsAnAnswerToo() {
        device.ready("e1");
        device.send(BOB, "m1");
        device.step();
        device.deliver(null, InboxEntry.newBuilder().setSeq(1).setMessage(message("me", 4, "m1")));
        assertThat(device.step()).startsWith("m1 SENT 4", "new bob/4 own", "acknowledge 1");

        device.stored("m1", 4, 1);
        assertThat(device.step()).as("the answer has nothing new").isEmpty();
    }

    @Test
    void anotherUsersMessageOfTheSameIdIsNotTheOwnOne() {
        device.ready("e1");
        device.send(BOB, "m1");
        device.step();
        device.deliver(null, InboxEntry.newBuilder().setSeq(1).setMessage(message("bob", 1, "m1")));

        assertThat(device.step()).startsWith("new bob/1", "acknowledge 1");
        assertThat(device.store.open().outbox()).hasSize(1);
    }

    @Test
    void whatTheServerCannotDoNowIsTriedAgainAndHoldsItsLane() {
        device.ready("e1");
        device.send(BOB, "b1");
        device.send(BOB, "b2");
        device.step();
        device.refused("b1", Code.RATE_LIMITED);
        assertThat(device.step()).containsExactly("b1 QUEUED");
        assertThat(device.at(999)).isEmpty();
        assertThat(device.at(1_000)).containsExactly("send b1 to bob", "b1 IN_FLIGHT");

        device.refused("b1", Code.UNAVAILABLE);
        device.step();
        assertThat(device.at(2_999)).as("a longer pause").isEmpty();
        assertThat(device.at(3_000)).containsExactly("send b1 to bob", "b1 IN_FLIGHT");
    }

    @Test
    void whatIsRefusedWaitsForTheUserAndTheNextGoesOn() {
        device.ready("e1");
        long first = device.send(BOB, "b1");
        device.send(BOB, "b2");
        device.step();
        device.refused("b1", Code.MUTED);
        assertThat(device.step()).containsExactly("b1 FAILED REFUSED MUTED", "send b2 to bob", "b2 IN_FLIGHT");

        device.restart();
        device.ready("e1");
        assertThat(device.engine.resend(first)).isTrue();
        assertThat(device.engine.resend(first)).as("it waits already").isFalse();
        assertThat(device.step()).containsExactly("b1 QUEUED");
        device.stored("b2", 1, 1);
        assertThat(device.step()).contains("send b1 to bob");
    }

    @Test
    void anAnswerToWhatIsNotInFlightChangesNothingUnlessItIsStored() {
        device.send(BOB, "b1");
        device.ready("e1");
        device.send(BOB, "b2");
        device.step();
        device.refused("b2", Code.MUTED);
        device.refused("none", Code.MUTED);
        assertThat(device.step()).isEmpty();

        device.stored("b2", 1, 1);
        assertThat(device.step()).startsWith("b2 SENT 1", "new bob/1 own");
    }

    @Test
    void afterAReconnectWhatHasNoAnswerGoesFirst() {
        device.ready("e1");
        device.send(CAROL, "c1");
        device.step();
        device.engine.disconnected();
        assertThat(device.step()).containsExactly("c1 QUEUED", "OFFLINE");
        device.send(ConversationId.direct("alice"), "a1");
        device.send(CAROL, "c2");
        device.step();
        device.restart();
        device.connect("e1");

        assertThat(device.step())
                .containsSubsequence("send c1 to carol", "send a1 to alice")
                .doesNotContain("send c2 to carol");
    }

    @Test
    void noAnswerInTimeEndsTheConnection() {
        device.ready("e1");
        device.send(BOB, "m1");
        device.step();
        assertThat(device.at(11_999)).isEmpty();
        assertThat(device.at(12_000)).containsExactly("end NO_ANSWER", "OFFLINE");
        assertThat(device.at(13_000)).isEmpty();
    }

    @Test
    void notMoreThanTheWindowIsInFlight() {
        device.ready("e1");
        for (int i = 0; i < Outbox.WINDOW + 5; i++) {
            device.send(ConversationId.direct("u" + i), "m" + i);
        }
        assertThat(sends(device.step())).isEqualTo(Outbox.WINDOW);
        device.stored("m3", 1, 0);
        device.refused("m4", Code.MUTED);
        assertThat(sends(device.step())).isEqualTo(2);
        device.engine.disconnected();
        device.connect("e1");
        assertThat(sends(device.step())).isEqualTo(Outbox.WINDOW);
    }

    private static long sends(List<String> lines) {
        return lines.stream().filter(line -> line.startsWith("send ")).count();
    }

    @Test
    void whatWasPublishedCannotBeTakenBack() {
        long waiting = device.send(BOB, "m1");
        device.step();
        assertThat(device.engine.cancel(waiting)).isTrue();
        assertThat(device.step()).containsExactly("m1 CANCELLED");
        assertThat(device.store.open().outbox()).isEmpty();

        device.ready("e1");
        long published = device.send(BOB, "m2");
        device.step();
        assertThat(device.engine.cancel(published)).isFalse();
        device.engine.disconnected();
        assertThat(device.engine.cancel(published)).isFalse();
        assertThat(device.engine.cancel(99)).isFalse();
    }

    @Test
    void whatWasRefusedCanBeTakenBack() {
        device.ready("e1");
        long localId = device.send(BOB, "m1");
        device.step();
        device.refused("m1", Code.MUTED);
        device.step();
        assertThat(device.engine.cancel(localId)).isTrue();
        assertThat(device.step()).containsExactly("m1 CANCELLED");
        assertThat(device.store.open().outbox()).isEmpty();
    }

    @Test
    void afterADayItIsTheUsersDecision() {
        device.at(1_000);
        long localId = device.send(BOB, "m1");
        device.step();
        long day = 24 * 3_600_000L;
        assertThat(device.at(day)).isEmpty();
        assertThat(device.at(1_000 + day)).containsExactly("m1 FAILED EXPIRED");
        assertThat(device.engine.resend(localId)).isTrue();
        device.step();
        assertThat(device.at(2_000 + day)).isEmpty();
    }

    @Test
    void whatHasExpiredAndWasStoredAllTheSameIsSent() {
        device.ready("e1");
        device.send(BOB, "m1");
        device.step();
        device.engine.disconnected();
        device.step();
        assertThat(device.at(24 * 3_600_000L)).containsExactly("m1 FAILED EXPIRED");
        device.ready("e1");
        device.deliver(null, InboxEntry.newBuilder().setSeq(1).setMessage(message("me", 4, "m1")));

        assertThat(device.step()).startsWith("m1 SENT 4", "new bob/4 own");
    }

    @Test
    void aClockThatIsSetBackFailsNothing() {
        device.engine.at(1_000, 5_000_000);
        device.send(BOB, "m1");
        device.engine.at(2_000, 1_000_000);

        assertThat(device.step()).containsExactly("m1 QUEUED");
    }

    @Test
    void whatIsTooLargeOrTooManyIsNotKept() {
        device.engine.send(BOB, "large", EngineDriver.text("x".repeat(Outbox.CONTENT_BYTES_MAX)));
        assertThat(device.step()).containsExactly("large FAILED TOO_LARGE");

        for (int i = 0; i < Outbox.ROWS_MAX; i++) {
            device.send(BOB, "m" + i);
        }
        device.step();
        device.send(BOB, "one-more");
        assertThat(device.step()).containsExactly("one-more FAILED OUTBOX_FULL");
        assertThat(device.store.open().outbox()).hasSize(Outbox.ROWS_MAX);
    }

    @Test
    void aClientMessageIdIsUsedOnce() {
        device.send(BOB, "m1");
        assertThatThrownBy(() -> device.send(CAROL, "m1")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void localIdsAreNotUsedAgain() {
        long first = device.send(BOB, "m1");
        device.step();
        device.engine.cancel(first);
        device.step();
        device.restart();

        assertThat(device.send(BOB, "m2")).isGreaterThan(first);
    }
}
