package io.hongyan.bench.chaos.check;

import io.hongyan.bench.chaos.history.HistoryEvent;
import io.hongyan.bench.chaos.history.HistoryEvent.Answer;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How many changes of messages were acknowledged with an entry of the log, by kind; repetitions are not counted.
 *
 * @param readAfterRecall how often something recalled was read by somebody who had begun to read later
 */
public record MessageChanges(long recalls, long edits, long reactions, long pins, long readAfterRecall) {
    static MessageChanges of(RunFacts facts, long readAfterRecall) {
        Map<String, Long> kinds = acknowledged(facts)
                .map(change -> RecordedChange.of(change.text).kind())
                .collect(Collectors.groupingBy(kind -> kind, Collectors.counting()));
        return new MessageChanges(
                kinds.getOrDefault(HistoryEvent.RECALLED, 0L),
                kinds.getOrDefault(HistoryEvent.EDITED, 0L),
                kinds.getOrDefault(HistoryEvent.REACTED, 0L),
                kinds.getOrDefault(HistoryEvent.PINNED, 0L),
                readAfterRecall);
    }

    static Stream<SentMessage> acknowledged(RunFacts facts) {
        return facts.sent.values().stream().filter(MessageChanges::isAcknowledged);
    }

    static boolean isAcknowledged(SentMessage sent) {
        return sent.ofMessage && sent.acknowledged && !sent.refused();
    }

    /** When it was acknowledged first. */
    static long acknowledgedAt(SentMessage change) {
        return change.answers().stream().mapToLong(Answer::at).min().orElseThrow();
    }

    public long all() {
        return recalls + edits + reactions + pins;
    }
}
