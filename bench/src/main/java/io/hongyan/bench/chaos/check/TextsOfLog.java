package io.hongyan.bench.chaos.check;

import io.hongyan.bench.chaos.history.HistoryEvent;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which texts the entries of a log have had: edits and recalls change them, and whoever read before has seen others. */
final class TextsOfLog {
    private final Map<Long, Set<String>> earlier = new HashMap<>();

    static TextsOfLog of(List<RunFacts.LogEntry> log, Map<MessageKey, SentMessage> sent) {
        TextsOfLog texts = new TextsOfLog();
        Map<Long, RunFacts.LogEntry> entries = new HashMap<>();
        log.forEach(entry -> entries.put(entry.seq(), entry));
        for (RunFacts.LogEntry entry : log) {
            if (entry.isMessage() || entry.change() != null) {
                continue;
            }
            RecordedChange change = RecordedChange.of(entry.text());
            RunFacts.LogEntry target = entries.get(change.target());
            boolean changesText =
                    change.kind().equals(HistoryEvent.EDITED) || change.kind().equals(HistoryEvent.RECALLED);
            if (target != null && changesText) {
                texts.add(target.seq(), textSent(target, sent));
                texts.add(target.seq(), target.text());
                SentMessage asked = sent.get(entry.key());
                if (change.kind().equals(HistoryEvent.EDITED) && asked != null) {
                    texts.add(target.seq(), RecordedChange.of(asked.text).what());
                    // Of a recalled message, the text is erased in the edit too.
                    texts.add(entry.seq(), asked.text);
                }
            }
        }
        return texts;
    }

    private static String textSent(RunFacts.LogEntry entry, Map<MessageKey, SentMessage> sent) {
        SentMessage message = sent.get(entry.key());
        return message == null ? entry.text() : message.text;
    }

    private void add(long seq, String text) {
        earlier.computeIfAbsent(seq, s -> new HashSet<>()).add(text);
    }

    boolean had(RunFacts.LogEntry entry, String text) {
        return of(entry).contains(text);
    }

    Set<String> of(RunFacts.LogEntry entry) {
        return earlier.getOrDefault(entry.seq(), Set.of());
    }
}
