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
 * Judges a run by its history: P1 acknowledged is stored, P2 once, P3 one order, P4 complete inbox. The end state in
 * the history counts for what the system holds; what the devices saw and were told is held against it.
 */
public final class Checker {
    private final List<Rule> rules;

    /**
     * @param settledMillis what a device acknowledged so long before its connection ended must not be shown to it again
     */
    public Checker(long settledMillis) {
        rules = List.of(new AcknowledgedIsStored(), new OnlyOnce(), new OneOrder(), new CompleteInbox(settledMillis));
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
        long acknowledged =
                facts.sent.values().stream().filter(m -> m.acknowledged).count();
        return new Verdict(
                facts.sent.size(),
                acknowledged,
                delivered(facts),
                facts.kills,
                findings.count(Kind.LOST),
                findings.count(Kind.DOUBLED),
                findings.count(Kind.OUT_OF_ORDER),
                findings.count(Kind.UNFINISHED),
                findings.kept());
    }

    /** Stored messages that every device of both users, other than the sending one, has seen. */
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
                int wanted = -1;
                for (String user : key.users()) {
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
