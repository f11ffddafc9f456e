package io.hongyan.bench.chaos.check;

import io.hongyan.bench.chaos.check.Finding.Kind;
import io.hongyan.bench.chaos.history.HistoryEvent.Listed;
import java.util.List;

/** What the lists of conversations say is unread is what a count of the log's messages gives. */
final class UnreadCounts implements Checker.Rule {
    private static final String PROMISE = "unread";

    @Override
    public void check(RunFacts facts, Findings findings) {
        for (Listed listed : facts.listed) {
            MessageKey any = MessageKey.of(listed.user(), listed.to(), "");
            List<RunFacts.LogEntry> log = facts.logs.get(any.conversation());
            if (log == null) {
                continue;
            }
            long joined =
                    any.ofGroup() ? facts.memberships(any.conversation()).cameWith(listed.user(), listed.headSeq()) : 0;
            long messages = count(log, 0, listed.headSeq());
            long unread = count(log, Math.max(listed.readSeq(), joined), listed.headSeq());
            boolean right = listed.unread() == unread
                    && listed.headOrdinal() == messages
                    && listed.readOrdinal() == messages - unread;
            if (!right) {
                String counted = ", but the log has " + messages + " messages, " + unread + " of them unread";
                findings.add(Kind.OUT_OF_ORDER, PROMISE, "the list says " + listed + counted);
            }
        }
    }

    private static long count(List<RunFacts.LogEntry> log, long above, long upTo) {
        return log.stream()
                .filter(entry -> entry.isMessage() && entry.seq() > above && entry.seq() <= upTo)
                .count();
    }
}
