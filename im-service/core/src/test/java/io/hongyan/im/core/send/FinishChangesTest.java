package io.hongyan.im.core.send;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.MessageId;
import io.hongyan.im.core.message.MessageState;
import io.hongyan.im.core.message.SendOutcome;
import io.hongyan.im.core.simulation.PlainContents;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is left to do is asked for in parts, and a part once. */
@Timeout(60)
final class FinishChangesTest {
    private static final Conversation GROUP = Conversation.group("g");
    private static final int ERASURES_OF_A_RUN = 8;
    private static final int COUNTS_OF_A_RUN = 500;

    private final DueChanges changed = new DueChanges();
    private final UnansweredDrafts asked = new UnansweredDrafts();
    private final FinishChanges finish = new FinishChanges(changed, asked, new PlainContents(), new ChangeCounters());

    /** A transaction holds as much content as eight recalls may erase, by default. */
    @Test
    void ofManyRecallsAFewAreFinishedInARun() {
        changed.recalled(1, 20);

        finish.run();
        assertThat(asked.seqs()).containsExactlyElementsOf(numbers(1, ERASURES_OF_A_RUN));
        assertThat(asked.drafts).allMatch(draft -> draft.messageChange() instanceof MessageChange.CopiesErased);
        asked.answer();
        finish.run();
        assertThat(asked.seqs()).containsExactlyElementsOf(numbers(9, ERASURES_OF_A_RUN));
        asked.answer();
        finish.run();
        assertThat(asked.seqs()).containsExactlyElementsOf(numbers(17, 4));
    }

    @Test
    void countsOfReactionsDoNotWaitBehindWhatRecallsHaveLeft() {
        changed.recalled(1, 1_000);
        changed.reactedTo(1_001, COUNTS_OF_A_RUN + 1);

        finish.run();

        assertThat(asked.drafts).hasSize(COUNTS_OF_A_RUN + ERASURES_OF_A_RUN);
        assertThat(asked.drafts.stream()
                        .filter(draft -> draft.messageChange() instanceof MessageChange.ReactionsCounted))
                .hasSize(COUNTS_OF_A_RUN);
    }

    @Test
    void nothingIsAskedForWhileAPartIsNotAnswered() {
        changed.recalled(1, 10);
        finish.run();
        asked.answerFirst();

        finish.run();
        assertThat(asked.drafts).hasSize(ERASURES_OF_A_RUN - 1);

        asked.answer();
        finish.run();
        assertThat(asked.seqs()).containsExactly(9L, 10L);
    }

    private static List<Long> numbers(long from, int count) {
        return IntStream.range(0, count).mapToObj(i -> from + i).toList();
    }

    /** What the storage knows; a draft that is answered is done. */
    private final class DueChanges implements ChangedMessages {
        private final List<Due> due = new ArrayList<>();

        void recalled(long from, int count) {
            add(from, count, MessageState.NONE.recalled(1, true));
        }

        void reactedTo(long from, int count) {
            add(from, count, MessageState.NONE.reactedUntold("+1", false));
        }

        private void add(long from, int count, MessageState state) {
            numbers(from, count).forEach(seq -> due.add(new Due(new MessageId(GROUP, seq), state)));
        }

        @Override
        public List<Due> due(int countsMax, int recalledMax) {
            return Stream.concat(some(false, countsMax), some(true, recalledMax))
                    .toList();
        }

        private Stream<Due> some(boolean recalled, int max) {
            return due.stream()
                    .filter(one -> one.state().recalled() == recalled)
                    .limit(max);
        }

        @Override
        public Map<MessageId, Set<String>> reactionsOf(String uid, Collection<MessageId> messages) {
            throw new AssertionError("nobody reads");
        }
    }

    /** Drafts that are not answered yet. */
    private final class UnansweredDrafts implements Drafts {
        private final List<Draft> drafts = new ArrayList<>();
        private final List<CompletableFuture<SendOutcome>> answers = new ArrayList<>();

        @Override
        public CompletionStage<SendOutcome> submit(Draft draft, SendOrigin origin) {
            drafts.add(draft);
            answers.add(new CompletableFuture<>());
            return answers.get(answers.size() - 1);
        }

        List<Long> seqs() {
            return drafts.stream()
                    .map(draft -> draft.messageChange().targetSeq())
                    .toList();
        }

        void answerFirst() {
            long seq = drafts.remove(0).messageChange().targetSeq();
            changed.due.removeIf(one -> one.message().seq() == seq);
            answers.remove(0).complete(new SendOutcome.Noted());
        }

        void answer() {
            while (!drafts.isEmpty()) {
                answerFirst();
            }
        }
    }
}
