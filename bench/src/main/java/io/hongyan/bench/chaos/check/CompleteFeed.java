package io.hongyan.bench.chaos.check;

import io.hongyan.bench.chaos.check.Finding.Kind;
import io.hongyan.bench.chaos.history.HistoryEvent;
import io.hongyan.bench.chaos.history.HistoryEvent.Fed;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * P8: every reader of the feed got every message of the log at least once, as in the log; and a reader that drops, per
 * key, events not above the last number seen gets each of them, in order.
 */
final class CompleteFeed implements Checker.Rule {
    private static final String P8 = "P8";
    private static final String DIRECT = "direct:";

    @Override
    public void check(RunFacts facts, Findings findings) {
        facts.feeds.forEach((source, feed) -> check(source, feed, facts, findings));
    }

    private static void check(String source, List<Fed> feed, RunFacts facts, Findings findings) {
        String reader = "the feed (" + source + ")";
        Map<String, Long> last = new HashMap<>();
        for (Fed event : feed) {
            sameAsLogged(reader, event, facts, findings);
            long before = last.getOrDefault(event.key(), 0L);
            if (event.keySeq() <= before) {
                continue;
            }
            if (event.keySeq() > before + 1) {
                findings.addOf(
                        reader,
                        Kind.OUT_OF_ORDER,
                        P8,
                        reader + " has " + event.keySeq() + " of " + event.key() + " after " + before);
            }
            last.put(event.key(), event.keySeq());
        }
        facts.logs.forEach((conversation, log) -> {
            long seen = last.getOrDefault(key(conversation), 0L);
            long head = log.get(log.size() - 1).seq();
            if (seen < head) {
                findings.addOf(
                        reader,
                        Kind.LOST,
                        P8,
                        reader + " has of " + conversation + " nothing above " + seen + ", the log " + head);
            }
        });
    }

    /** The key of a conversation's events. */
    private static String key(String conversation) {
        return conversation.startsWith(HistoryEvent.GROUP) ? conversation : DIRECT + conversation;
    }

    private static void sameAsLogged(String reader, Fed event, RunFacts facts, Findings findings) {
        MessageKey key = MessageKey.of(event.from(), event.to(), event.id());
        List<RunFacts.LogEntry> log = facts.logs.getOrDefault(key.conversation(), List.of());
        int index = (int) event.keySeq() - 1;
        String what = reader + " has " + key + " as " + event.keySeq() + " of " + event.key();
        if (!event.key().equals(key(key.conversation()))) {
            findings.addOf(reader, Kind.OUT_OF_ORDER, P8, what + ", which is another conversation");
        } else if (index < 0 || index >= log.size() || log.get(index).seq() != event.keySeq()) {
            findings.addOf(reader, Kind.DOUBLED, P8, what + ", which the log does not have");
        } else if (!log.get(index).key().equals(key)) {
            findings.addOf(
                    reader,
                    Kind.OUT_OF_ORDER,
                    P8,
                    what + ", where the log has " + log.get(index).key());
        } else if (!facts.shows(log.get(index), RunFacts.content(event.text(), event.change()))) {
            findings.addOf(reader, Kind.LOST, P8, what + " with another text than the log");
        }
    }

    /**
     * Messages that came in the feed, each counted once, for the reader that saw the fewest; -1 if there was no reader.
     */
    static long count(RunFacts facts) {
        return facts.feeds.values().stream()
                .mapToLong(feed -> feed.stream()
                        .map(event -> event.key() + ' ' + event.keySeq())
                        .distinct()
                        .count())
                .min()
                .orElse(-1);
    }
}
