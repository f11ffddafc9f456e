package io.hongyan.bench.chaos.check;

import io.hongyan.bench.chaos.check.Finding.Kind;
import io.hongyan.bench.chaos.history.HistoryFile;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Judges a run by its history: P1 acknowledged is stored, P2 once, P3 one order, P4 complete inbox, P8 complete feed. The end state in
 * the history counts for what the system holds; what the devices saw and were told is held against it.
 */
public final class Checker {
    private final List<Rule> rules;

    /**
     * @param settledMillis what a device acknowledged so long before its connection ended must not be shown to it again
     */
    public Checker(long settledMillis) {
        rules = List.of(
                new AcknowledgedIsStored(),
                new OnlyOnce(),
                new OneOrder(),
                new CompleteInbox(settledMillis),
                new CompleteFeed());
    }

    /** One promise. */
    interface Rule {
        void check(RunFacts facts, Findings findings);
    }

    public Verdict check(Path history) {
        RunFacts facts = new RunFacts();
        HistoryFile.read(history, facts::add);
        return check(facts);
    }

    Verdict check(RunFacts facts) {
        Findings findings = new Findings();
        if (!facts.begun || !facts.ended) {
            findings.add(Kind.UNFINISHED, "run", "the history has no first or no last line: it does not show all");
        }
        if (facts.restless != null) {
            findings.add(Kind.UNFINISHED, "run", "the run did not become quiet: " + facts.restless);
        }
        rules.forEach(rule -> rule.check(facts, findings));
        List<SentMessage> messages =
                facts.sent.values().stream().filter(m -> !m.change).toList();
        return new Verdict(
                new Verdict.Counts(
                        messages.size(),
                        messages.stream().filter(m -> m.acknowledged).count(),
                        messages.stream().filter(SentMessage::refused).count(),
                        delivered(facts),
                        facts.kills,
                        facts.changes,
                        facts.feed == null ? -1 : CompleteFeed.count(facts)),
                findings.counts(),
                findings.kept());
    }

    /** Stored messages that every device of all they are for, other than the sending one, has seen. */
    private static long delivered(RunFacts facts) {
        Map<MessageKey, Set<String>> seenBy = new HashMap<>();
        Map<String, Integer> devicesOf = new HashMap<>();
        for (DeviceStory story : facts.devices.values()) {
            devicesOf.merge(story.user, 1, Integer::sum);
            for (DeviceStory.Connection connection : story.connections) {
                for (DeviceStory.Reception reception : connection.receptions) {
                    DeviceStory.InboxMessage message = reception.message();
                    boolean own = message != null
                            && message.key().sender().equals(story.user)
                            && message.fromDevice().equals(story.name);
                    if (message != null && !own) {
                        seenBy.computeIfAbsent(message.key(), k -> new HashSet<>())
                                .add(story.device);
                    }
                }
            }
        }
        long count = 0;
        for (List<RunFacts.LogEntry> log : facts.logs.values()) {
            for (RunFacts.LogEntry entry : log) {
                MessageKey key = entry.key();
                if (entry.change() != null) {
                    continue;
                }
                int wanted = facts.devices.containsKey(key.sender() + ':' + entry.fromDevice()) ? -1 : 0;
                for (String user : facts.recipients(entry)) {
                    wanted += devicesOf.getOrDefault(user, 0);
                }
                if (seenBy.getOrDefault(key, Set.of()).size() >= wanted) {
                    count++;
                }
            }
        }
        return count;
    }
}
