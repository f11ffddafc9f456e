package io.hongyan.bench.chaos.check;

import io.hongyan.bench.chaos.history.HistoryEvent.Answer;
import java.util.ArrayList;
import java.util.List;

/** One message, or one change of a group or a message, as its author knows it. */
final class SentMessage {
    private static final String OK = "OK";

    final String text;
    final boolean change;
    /** Whether it changes a message, not a group. */
    final boolean ofMessage;

    boolean acknowledged;

    /** Answers that differ from those before; at most one, if everything is correct. */
    private final List<Answer> answers = new ArrayList<>(1);

    private SentMessage(String text, boolean change, boolean ofMessage) {
        this.text = text;
        this.change = change;
        this.ofMessage = ofMessage;
    }

    static SentMessage message(String text) {
        return new SentMessage(text, false, false);
    }

    static SentMessage change(String text) {
        return new SentMessage(text, true, false);
    }

    static SentMessage messageChange(String text) {
        return new SentMessage(text, true, true);
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

    /** The first refusal, or null. */
    Answer refusal() {
        return answers.stream()
                .filter(answer -> !answer.code().equals(OK))
                .findFirst()
                .orElse(null);
    }

    /**
     * Whether answers contradict each other. The number of a group message in the author's inbox may have been unknown
     * at the first answer (0).
     */
    boolean contradicted(boolean ofGroup) {
        for (Answer answer : answers) {
            Answer first = answers.get(0);
            boolean samePlace = answer.inboxSeq() == first.inboxSeq()
                    || (ofGroup && (answer.inboxSeq() == 0 || first.inboxSeq() == 0));
            if (!answer.code().equals(first.code())
                    || answer.seq() != first.seq()
                    || answer.sentAt() != first.sentAt()
                    || !samePlace) {
                return true;
            }
        }
        return false;
    }

    boolean refused() {
        return refusal() != null;
    }
}
