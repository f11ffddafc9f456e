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

    private final SendCounters counters = new SendCounters();
    private final Set<Conversation> open = new HashSet<>();
    private int looks;
    private final FanOutBacklog backlog = new FanOutBacklog(new Markers(), 2, counters);

    @Test
    void upToTheLimitAnswersDoNotWait() {
        assertThat(leave(G, 1)).isDone();
        assertThat(leave(G, 2)).isDone();
        assertThat(backlog.waiting()).isEqualTo(2);
        assertThat(counters.answersHeld.sum()).isZero();
    }

    @Test
    void aboveItEachWaitsForItsOwnEntry() {
        leave(G, 1);
        leave(H, 1);
        CompletableFuture<SendOutcome> third = leave(G, 2);
        CompletableFuture<SendOutcome> fourth = leave(H, 2);
        assertThat(backlog.answersHeld()).isEqualTo(2);

        backlog.done(H, 2);

        assertThat(fourth).isCompletedWithValue(new SendOutcome.Stored(2, 2, 7, 0));
        assertThat(third).isNotDone();
        backlog.done(G, 2);
        assertThat(third).isCompletedWithValue(new SendOutcome.Stored(2, 2, 7, 0));
        assertThat(backlog.waiting()).isZero();
        assertThat(backlog.answersHeld()).isZero();
    }

    @Test
    void answerToASendAgainWaitsWithTheFirstOne() {
        leave(G, 1);
        leave(G, 2);
        CompletableFuture<SendOutcome> first = leave(G, 3);
        CompletableFuture<SendOutcome> again = held(G, 3);
        assertThat(again).isNotDone();

        backlog.done(G, 3);

        assertThat(first).isDone();
        assertThat(again).isDone();
        assertThat(backlog.answersHeld()).isZero();
    }

    @Test
    void whatHasNoMarkerIsAnsweredAtOnce() {
        leave(G, 1);
        leave(G, 3);
        leave(G, 5);

        assertThat(held(G, 2)).isDone();
        assertThat(held(G, 6)).isDone();
        assertThat(held(H, 1)).isDone();
    }

    @Test
    void farAboveTheLimitMessagesToSuchGroupsAreRefused() {
        for (int seq = 1; seq <= 10; seq++) {
            leave(G, seq);
        }
        assertThat(backlog.refuses(G)).isFalse();
        leave(G, 11);

        assertThat(backlog.refuses(G)).isTrue();
        assertThat(backlog.refuses(H)).isFalse();
        backlog.done(G, 1);
        assertThat(backlog.refuses(G)).isFalse();
    }

    @Test
    void whatAnotherProcessHasFannedOutIsSeen() {
        leave(G, 1);
        leave(G, 2);
        CompletableFuture<SendOutcome> ofG = leave(G, 3);
        CompletableFuture<SendOutcome> ofH = leave(H, 1);
        open.add(H);
        backlog.lookAgain();
        assertThat(looks).as("all are new").isZero();

        backlog.lookAgain();

        assertThat(looks).isEqualTo(2);
        assertThat(ofG).isDone();
        assertThat(ofH).isNotDone();
        assertThat(backlog.waiting()).isEqualTo(1);
    }

    private CompletableFuture<SendOutcome> leave(Conversation conversation, long seq) {
        backlog.left(conversation, seq);
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
