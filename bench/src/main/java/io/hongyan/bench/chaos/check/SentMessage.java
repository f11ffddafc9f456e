package io.hongyan.bench.chaos.check;

import io.hongyan.bench.chaos.history.HistoryEvent.Answer;
import java.util.ArrayList;
import java.util.List;

/** One message as its sender knows it. */
final class SentMessage {
    final String text;
    boolean acknowledged;

    /** Answers that say something the ones before did not; one at most, if all is well. */
    private final List<Answer> answers = new ArrayList<>(1);

    SentMessage(String text) {
        this.text = text;
    }

    void answered(Answer answer) {
        for (Answer known : answers) {
            if (known.code().equals(answer.code())
                    && known.seq() == answer.seq()
                    && known.inboxSeq() == answer.inboxSeq()
                    && known.sentAt() == answer.sentAt()) {
                return;
            }
        }
        answers.add(answer);
    }

    List<Answer> answers() {
        return answers;
    }

    boolean refused() {
        return !answers.isEmpty() && !answers.get(0).code().equals("OK");
    }
}
