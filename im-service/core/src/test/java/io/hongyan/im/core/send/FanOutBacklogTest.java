package io.hongyan.im.core.send;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.SendOutcome;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class FanOutBacklogTest {
    private static final Conversation G = Conversation.group("g");
    private static final Conversation H = Conversation.group("h");
    private static final String ANN = "ann";
    private static final String BOB = "bob";

    private final SendCounters counters = new SendCounters();
    private final Set<Conversation> open = new HashSet<>();
    private int looks;
    private final FanOutBacklog backlog = new FanOutBacklog(new Markers(), 4, counters);

    @Test
    void withinTheShareAnswersDoNotWait() {
        assertThat(leave(G, 1, ANN)).isDone();
        assertThat(leave(G, 2, ANN)).isDone();
        assertThat(backlog.waiting()).isEqualTo(2);
        assertThat(counters.value(SendCounter.ANSWERS_HELD)).isZero();
    }

    @Test
    void aboveItEachWaitsForItsOwnEntry() {
        leave(G, 1, ANN);
        leave(G, 2, ANN);
        CompletableFuture<SendOutcome> third = leave(G, 3, ANN);
        CompletableFuture<SendOutcome> fourth = leave(G, 4, ANN);
        assertThat(backlog.answersHeld()).isEqualTo(2);

        backlog.done(G, 3);

        assertThat(third).isCompletedWithValue(new SendOutcome.Stored(3, 3, 7, 0));
        assertThat(fourth).isNotDone();
        backlog.done(G, 4);
        assertThat(fourth).isCompletedWithValue(new SendOutcome.Stored(4, 4, 7, 0));
        assertThat(backlog.waiting()).isZero();
        assertThat(backlog.answersHeld()).isZero();
    }

    @Test
    void aBusyGroupHoldsUpNoOther() {
        for (int seq = 1; seq <= 100; seq++) {
            leave(G, seq, "member" + seq);
        }
        assertThat(backlog.answersHeld()).isEqualTo(98);

        assertThat(leave(H, 1, ANN)).isDone();

        assertThat(backlog.refuses(G, BOB)).isTrue();
        assertThat(backlog.refuses(H, BOB)).isFalse();
    }

    @Test
    void aBusySenderHoldsUpNoOtherOfTheSameGroups() {
        for (int i = 0; i < 100; i++) {
            leave(Conversation.group("of-" + i), 1, ANN);
        }
        assertThat(backlog.answersHeld()).isEqualTo(98);

        assertThat(leave(Conversation.group("of-1"), 2, BOB)).isDone();

        assertThat(backlog.refuses(Conversation.group("of-2"), ANN)).isTrue();
        assertThat(backlog.refuses(Conversation.group("of-2"), BOB)).isFalse();
        for (int i = 0; i < 100; i++) {
            backlog.done(Conversation.group("of-" + i), 2);
        }
        assertThat(leave(G, 1, ANN)).as("what is done is no longer counted").isDone();
        assertThat(leave(H, 1, ANN)).isDone();
    }

    @Test
    void answerToASendAgainWaitsWithTheFirstOne() {
        leave(G, 1, ANN);
        leave(G, 2, ANN);
        CompletableFuture<SendOutcome> first = leave(G, 3, ANN);
        CompletableFuture<SendOutcome> again = held(G, 3);
        assertThat(again).isNotDone();

        backlog.done(G, 3);

        assertThat(first).isDone();
        assertThat(again).isDone();
        assertThat(backlog.answersHeld()).isZero();
    }

    @Test
    void whatHasNoMarkerIsAnsweredAtOnce() {
        leave(G, 1, ANN);
        leave(G, 3, ANN);
        leave(G, 5, ANN);

        assertThat(held(G, 2)).isDone();
        assertThat(held(G, 6)).isDone();
        assertThat(held(H, 1)).isDone();
    }

    @Test
    void farAboveTheLimitMessagesToSuchGroupsAreRefused() {
        for (int seq = 1; seq <= 9; seq++) {
            leave(G, seq, ANN);
        }
        assertThat(backlog.refuses(G, ANN)).isFalse();
        leave(G, 10, ANN);

        assertThat(backlog.refuses(G, ANN)).isTrue();
        assertThat(backlog.refuses(H, ANN)).isFalse();
        backlog.done(G, 1);
        assertThat(backlog.refuses(G, ANN)).isFalse();
    }

    @Test
    void whatAnotherProcessHasFannedOutIsSeen() {
        leave(G, 1, ANN);
        leave(G, 2, ANN);
        CompletableFuture<SendOutcome> ofG = leave(G, 3, ANN);
        CompletableFuture<SendOutcome> ofH = leave(H, 1, ANN);
        open.add(H);
        backlog.lookAgain();
        assertThat(looks).as("all are new").isZero();

        backlog.lookAgain();

        assertThat(looks).isEqualTo(2);
        assertThat(ofG).isDone();
        assertThat(ofH).isNotDone();
        assertThat(backlog.waiting()).isEqualTo(1);
    }

    private CompletableFuture<SendOutcome> leave(Conversation conversation, long seq, String sender) {
        backlog.left(conversation, seq, sender);
        return held(conversation, seq);
    }

    private CompletableFuture<SendOutcome> held(Conversation conversation, long seq) {
        return backlog.held(conversation, new SendOutcome.Stored(seq, seq, 7, 0))
                .toCompletableFuture();
    }

    private final class Markers implements FanOutLog {
        @Override
        public boolean isOpen(Conversation conversation, long seq) {
            looks++;
            return open.contains(conversation);
        }

        @Override
        public List<Marker> open(String worker, int markersMax, long nowMillis) {
            throw new AssertionError("not asked for here");
        }

        @Override
        public Step advance(List<Marker> markers, String worker, int recipientsMax, long nowMillis, long leaseMillis) {
            throw new AssertionError("not asked for here");
        }
    }
}
