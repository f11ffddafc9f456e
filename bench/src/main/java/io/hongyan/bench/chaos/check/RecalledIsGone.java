package io.hongyan.bench.chaos.check;

import io.hongyan.bench.chaos.check.DeviceStory.InboxMessage;
import io.hongyan.bench.chaos.check.Finding.Kind;
import io.hongyan.bench.chaos.history.HistoryEvent;
import io.hongyan.bench.chaos.history.HistoryEvent.Fed;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Whoever begins to read after a recall was acknowledged gets nothing of what was recalled: a device on a connection that was
 * opened after that, a reader of the feed over HTTP that was started after that. What was under way before may still come with
 * the text of then: on connections that were there, over RocketMQ, and from a process that was paused or over a link that was
 * disturbed when the connection was opened. Where slots have moved there are two databases, and a fan-out may have read in one
 * of them what it has yet to write in the other.
 */
final class RecalledIsGone implements Checker.Rule {
    private final long settledMillis;
    private long judged;

    RecalledIsGone(long settledMillis) {
        this.settledMillis = settledMillis;
    }

    @Override
    public void check(RunFacts facts, Findings findings) {
        Map<String, Map<Long, Long>> gone = gone(facts);
        for (DeviceStory story : facts.devices.values()) {
            for (DeviceStory.Connection connection : story.connections) {
                String reader = story.device + " on connection " + connection.number;
                long since = connection.openedAt - (facts.moved.isEmpty() ? 0 : settledMillis);
                if (!mayBeDisturbed(facts, connection.openedAt)) {
                    connection.receptions.forEach(one -> check(reader, one.message(), since, gone, findings));
                    connection
                            .streams
                            .values()
                            .forEach(stream ->
                                    stream.forEach(one -> check(reader, one.message(), since, gone, findings)));
                }
            }
        }
        checkFeed(facts.feeds.getOrDefault(RunFacts.HTTP, List.of()), facts.feedOpened, gone, findings);
    }

    /** When the content of an entry was erased at the latest, by conversation and number: messages and their edits. */
    private static Map<String, Map<Long, Long>> gone(RunFacts facts) {
        Map<String, Map<Long, Long>> gone = new HashMap<>();
        facts.sent.forEach((key, sent) -> {
            if (MessageChanges.isAcknowledged(sent)
                    && RecordedChange.of(sent.text).kind().equals(HistoryEvent.RECALLED)) {
                gone.computeIfAbsent(key.conversation(), c -> new HashMap<>())
                        .merge(RecordedChange.of(sent.text).target(), MessageChanges.acknowledgedAt(sent), Math::min);
            }
        });
        gone.forEach((conversation, ofConversation) -> {
            for (RunFacts.LogEntry entry : facts.logs.getOrDefault(conversation, List.of())) {
                Long at = isEdit(entry)
                        ? ofConversation.get(RecordedChange.of(entry.text()).target())
                        : null;
                if (at != null) {
                    ofConversation.put(entry.seq(), at);
                }
            }
        });
        return gone;
    }

    private static boolean isEdit(RunFacts.LogEntry entry) {
        return entry.change() == null
                && RecordedChange.is(entry.text())
                && RecordedChange.of(entry.text()).kind().equals(HistoryEvent.EDITED);
    }

    /** Killed processes hold nothing back; others may, if something is disturbed now or was a moment ago. */
    private boolean mayBeDisturbed(RunFacts facts, long at) {
        return facts.faults.all().stream().anyMatch(fault -> !fault.kills() && fault.touches(at, at, settledMillis));
    }

    private void checkFeed(List<Fed> feed, TreeSet<Long> opened, Map<String, Map<Long, Long>> gone, Findings findings) {
        for (Fed event : feed) {
            Long since = opened.lower(event.at());
            if (since != null) {
                MessageKey key = MessageKey.of(event.from(), event.to(), event.id());
                InboxMessage message =
                        new InboxMessage(key, "", event.keySeq(), RunFacts.content(event.text(), event.change()));
                check("the feed", message, since, gone, findings);
            }
        }
    }

    /** How often somebody read something recalled who had begun later. */
    long judged() {
        return judged;
    }

    /** @param message null for an entry that is none */
    private void check(
            String reader, InboxMessage message, long since, Map<String, Map<Long, Long>> gone, Findings findings) {
        Long at = message == null
                ? null
                : gone.getOrDefault(message.key().conversation(), Map.of()).get(message.seq());
        if (at == null || at >= since) {
            return;
        }
        judged++;
        boolean empty = RecordedChange.is(message.text())
                ? RecordedChange.of(message.text()).what().isEmpty()
                : message.text().isEmpty();
        if (!empty) {
            findings.add(
                    Kind.LEAKED,
                    ChangesOfMessages.PROMISE,
                    reader + " got '" + message.text() + "' as " + message.seq() + " of "
                            + message.key().conversation() + ", recalled " + (since - at)
                            + " ms before it began to read");
        }
    }
}
