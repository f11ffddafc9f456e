package io.hongyan.bench.chaos.check;

import io.hongyan.bench.chaos.check.Finding.Kind;
import io.hongyan.bench.chaos.history.HistoryEvent;
import io.hongyan.bench.chaos.history.HistoryEvent.Stated;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Every message is what the changes in its log make of it, one after the other: text, recalled or not, pinned or not, reactions;
 * and what was recalled stands nowhere in the log.
 */
final class ChangesOfMessages implements Checker.Rule {
    static final String PROMISE = "changes";

    /** A message by its log. */
    private static final class Folded {
        private long stateSeq;
        private String text;
        private boolean edited;
        private boolean recalled;
        private boolean pinned;
        private final Map<String, Integer> reactions = new LinkedHashMap<>();

        private void take(long seq, RecordedChange change) {
            stateSeq = seq;
            switch (change.kind()) {
                case HistoryEvent.RECALLED -> {
                    recalled = true;
                    pinned = false;
                    text = "";
                    reactions.clear();
                }
                case HistoryEvent.EDITED -> {
                    edited = true;
                    text = change.what();
                }
                case HistoryEvent.PINNED -> pinned = Boolean.parseBoolean(change.what());
                case HistoryEvent.REACTED -> {
                    int more = change.what().startsWith("-") ? -1 : 1;
                    reactions.merge(change.what().substring(1), more, Integer::sum);
                    reactions.values().removeIf(count -> count == 0);
                }
                case HistoryEvent.COUNTED -> {
                    reactions.clear();
                    reactions.putAll(change.counts());
                }
                default -> throw new IllegalArgumentException("no change is called " + change.kind());
            }
        }

        private boolean is(Stated stated) {
            return stated == null
                    ? stateSeq == 0
                    : stated.stateSeq() == stateSeq
                            && stated.edited() == edited
                            && stated.recalled() == recalled
                            && stated.pinned() == pinned
                            && stated.reactions().equals(reactions);
        }

        @Override
        public String toString() {
            return stateSeq
                    + (edited ? " edited" : "")
                    + (recalled ? " recalled" : "")
                    + (pinned ? " pinned" : "")
                    + ' '
                    + reactions;
        }
    }

    @Override
    public void check(RunFacts facts, Findings findings) {
        facts.logs.forEach((conversation, log) -> check(conversation, log, facts, findings));
    }

    private static void check(String conversation, List<RunFacts.LogEntry> log, RunFacts facts, Findings findings) {
        Map<Long, Folded> messages = new HashMap<>();
        for (RunFacts.LogEntry entry : log) {
            if (entry.isMessage()) {
                messages.put(entry.seq(), new Folded());
            } else if (entry.change() == null) {
                RecordedChange change = RecordedChange.of(entry.text());
                Folded target = messages.get(change.target());
                if (target == null) {
                    findings.add(Kind.DOUBLED, PROMISE, entry.key() + " changes no message: " + change);
                } else {
                    target.take(entry.seq(), change);
                }
            }
        }
        Map<Long, Stated> states = facts.states.getOrDefault(conversation, Map.of());
        for (RunFacts.LogEntry entry : log) {
            Folded folded = messages.get(entry.seq());
            if (folded == null) {
                continue;
            }
            Stated stated = states.get(entry.seq());
            if (!folded.is(stated) || folded.text != null && !folded.text.equals(entry.text())) {
                findings.add(
                        Kind.LOST,
                        PROMISE,
                        entry.key() + " is '" + entry.text() + "' " + stated + ", by its log '" + folded.text + "' "
                                + folded);
            }
            if (folded.recalled) {
                erased(entry, log, facts, findings);
            }
        }
    }

    private static void erased(
            RunFacts.LogEntry recalled, List<RunFacts.LogEntry> log, RunFacts facts, Findings findings) {
        for (String text : facts.textsOf(recalled)) {
            log.stream()
                    .filter(entry -> !text.isEmpty() && entry.text().contains(text))
                    .forEach(entry -> findings.add(
                            Kind.LEAKED,
                            PROMISE,
                            recalled.key() + " was recalled, and entry " + entry.seq() + " still says " + text));
        }
    }
}
