package io.hongyan.bench.chaos.check;

import io.hongyan.bench.chaos.check.Finding.Kind;
import io.hongyan.bench.chaos.history.HistoryEvent.Listed;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Lists of conversations: each user has each of the own conversations in it, with the read marks that were acknowledged, as
 * far as the server may not have forgotten them, and what it says is unread is what a count of the log's messages gives.
 */
final class UnreadCounts implements Checker.Rule {
    private static final String PROMISE = "unread";

    private final long settledMillis;
    private long marks;

    /** @param settledMillis a mark that was acknowledged so long before anything was disturbed is not forgotten */
    UnreadCounts(long settledMillis) {
        this.settledMillis = settledMillis;
    }

    private record Whose(String user, String conversation) {}

    @Override
    public void check(RunFacts facts, Findings findings) {
        Map<Whose, Listed> lists = new HashMap<>();
        for (Listed listed : facts.listed) {
            String conversation = MessageKey.conversation(listed.user(), listed.to());
            lists.put(new Whose(listed.user(), conversation), listed);
            List<RunFacts.LogEntry> log = facts.logs.get(conversation);
            if (log == null) {
                findings.add(Kind.LOST, PROMISE, "there is no log to the list's " + listed);
            } else {
                compare(listed, log, joined(facts, listed), findings);
            }
        }
        if (facts.ended) {
            complete(facts, lists.keySet(), findings);
        }
        marks(facts, lists, findings);
    }

    /** Marks that the lists had to have. */
    long marks() {
        return marks;
    }

    private static void compare(Listed listed, List<RunFacts.LogEntry> log, long joined, Findings findings) {
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

    /** The entry with which the user came into the group that is listed; 0 if it is none. */
    private static long joined(RunFacts facts, Listed listed) {
        String conversation = MessageKey.conversation(listed.user(), listed.to());
        return conversation.equals(listed.to())
                ? facts.memberships(conversation).cameWith(listed.user(), listed.headSeq())
                : 0;
    }

    private static long count(List<RunFacts.LogEntry> log, long above, long upTo) {
        return log.stream()
                .filter(entry -> entry.isMessage() && entry.seq() > above && entry.seq() <= upTo)
                .count();
    }

    /** Whoever has left a group does not have it in the list. */
    private static void complete(RunFacts facts, Set<Whose> lists, Findings findings) {
        facts.inboxes.forEach((user, inbox) -> {
            Set<String> conversations = new TreeSet<>();
            for (RunFacts.InboxEntry entry : inbox) {
                if (entry.message() != null) {
                    MessageKey key = entry.message().key();
                    boolean present = !key.ofGroup()
                            || facts.memberships(key.conversation()).isPresent(user);
                    if (present) {
                        conversations.add(key.conversation());
                    }
                }
            }
            for (String conversation : conversations) {
                if (!lists.contains(new Whose(user, conversation))) {
                    findings.add(
                            Kind.LOST, PROMISE, user + " has messages of " + conversation + ", but not in the list");
                }
            }
        });
    }

    private void marks(RunFacts facts, Map<Whose, Listed> lists, Findings findings) {
        Map<Whose, Long> stored = new HashMap<>();
        for (ReadMark mark : facts.marks.values()) {
            Whose whose = new Whose(mark.user, mark.conversation);
            Listed listed = lists.get(whose);
            if (listed != null && mark.isStored(facts.faults, listed.at(), settledMillis)) {
                stored.merge(whose, mark.seq, Math::max);
            }
        }
        marks = stored.size();
        stored.forEach((whose, seq) -> {
            Listed listed = lists.get(whose);
            if (Math.max(listed.readSeq(), joined(facts, listed)) < seq) {
                findings.add(
                        Kind.LOST,
                        PROMISE,
                        "the list says " + listed + ", but that it is read up to " + seq + " was acknowledged");
            }
        });
    }
}
