package io.hongyan.bench.chaos.check;

import io.hongyan.bench.chaos.check.Finding.Kind;
import io.hongyan.bench.chaos.history.HistoryFile;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Checks a run by its history: P1 acknowledged is stored, P2 once, P3 one order, P4 complete inbox and complete streams
 * of large groups, P5 newest login wins, P8 complete feed, and how long users wait after a kill. The end state in the
 * history counts as what the system holds; what the devices saw and were told is compared with it.
 */
public final class Checker {
    private final List<Rule> rules;
    private final long settledMillis;

    /**
     * @param settledMillis what a device acknowledged so long before its connection ended must not be shown to it again
     */
    public Checker(long settledMillis) {
        this.settledMillis = settledMillis;
        rules = List.of(
                new AcknowledgedIsStored(),
                new OnlyOnce(),
                new OneOrder(),
                new CompleteInbox(settledMillis),
                new ChangesOfMessages(),
                new NewestLoginStays(),
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
            findings.add(Kind.UNFINISHED, "run", "the history has no first or no last line, so it is not complete");
        }
        if (facts.restless != null) {
            findings.add(Kind.UNFINISHED, "run", "the run did not become quiet: " + facts.restless);
        }
        CompleteStreams streams = new CompleteStreams(settledMillis);
        UnreadCounts unread = new UnreadCounts(settledMillis);
        rules.forEach(rule -> rule.check(facts, findings));
        unread.check(facts, findings);
        RecalledIsGone recalled = new RecalledIsGone(settledMillis);
        recalled.check(facts, findings);
        streams.check(facts, findings);
        Recovery recovery = new Recovery();
        recovery.check(facts, findings);
        List<SentMessage> messages =
                facts.sent.values().stream().filter(m -> !m.change).toList();
        return new Verdict(
                new Verdict.Counts(
                        messages.size(),
                        messages.stream().filter(m -> m.acknowledged).count(),
                        messages.stream().filter(SentMessage::refused).count(),
                        Delivered.count(facts, streams.excused()),
                        facts.kills,
                        facts.changes,
                        CompleteFeed.count(facts),
                        facts.rocketMqKills,
                        facts.databaseKills,
                        cluster(facts, recovery)),
                MessageChanges.of(facts, recalled.judged()),
                new Verdict.Lists(facts.listed.size(), unread.marks()),
                findings.counts(),
                findings.kept());
    }

    /** Null for a history of a single server. */
    private static Verdict.Cluster cluster(RunFacts facts, Recovery recovery) {
        if (facts.faults.all().isEmpty() && facts.logins().isEmpty()) {
            return null;
        }
        return new Verdict.Cluster(
                facts.faults.all().stream()
                        .collect(Collectors.groupingBy(fault -> fault.kind, TreeMap::new, Collectors.counting())),
                facts.logins().stream()
                        .filter(login -> login.onlineAt != Long.MAX_VALUE)
                        .count(),
                recovery.served(),
                recovery.pauses(),
                SlotMoves.of(facts));
    }
}
