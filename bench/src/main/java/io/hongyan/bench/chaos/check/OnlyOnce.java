package io.hongyan.bench.chaos.check;

import io.hongyan.bench.chaos.check.DeviceStory.InboxMessage;
import io.hongyan.bench.chaos.check.Finding.Kind;
import io.hongyan.bench.chaos.history.HistoryEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * P2: one number per message everywhere, the same answer however often it is sent, and no message that was never sent.
 */
final class OnlyOnce implements Checker.Rule {
    private static final String P2 = "P2";

    @Override
    public void check(RunFacts facts, Findings findings) {
        Map<MessageKey, Long> numbers = new HashMap<>();
        for (List<RunFacts.LogEntry> log : facts.logs.values()) {
            for (RunFacts.LogEntry entry : log) {
                Long other = numbers.putIfAbsent(entry.key(), entry.seq());
                if (other != null) {
                    doubled(findings, entry.key() + " is in the log as " + other + " and as " + entry.seq());
                } else if (!facts.sent.containsKey(entry.key()) && !ofServer(entry)) {
                    doubled(findings, entry.key() + " is in the log and was never sent");
                }
            }
        }
        facts.sent.forEach((key, message) -> {
            if (message.contradicted(key.ofGroup())) {
                doubled(findings, key + " was answered in different ways: " + message.answers());
            }
        });
        facts.inboxes.forEach((user, inbox) -> onceInInbox("the inbox of " + user, inbox, findings));
        facts.devices.values().forEach(story -> onceOnDevice(story, findings));
    }

    /** The server itself makes a group large. */
    private static boolean ofServer(RunFacts.LogEntry entry) {
        return entry.isByServer()
                || entry.change() != null
                        && entry.key().sender().equals(HistoryEvent.SYSTEM)
                        && entry.change().kind().equals(Memberships.BECAME_LARGE);
    }

    private static void onceInInbox(String where, List<RunFacts.InboxEntry> inbox, Findings findings) {
        Map<MessageKey, Long> positions = new HashMap<>();
        for (RunFacts.InboxEntry entry : inbox) {
            onceAt(where, entry.inboxSeq(), entry.message(), positions, findings);
        }
    }

    private static void onceOnDevice(DeviceStory story, Findings findings) {
        Map<MessageKey, Long> positions = new HashMap<>();
        for (DeviceStory.Connection connection : story.connections) {
            for (DeviceStory.Reception reception : connection.receptions) {
                onceAt(story.device, reception.inboxSeq(), reception.message(), positions, findings);
            }
        }
    }

    private static void onceAt(
            String where, long inboxSeq, InboxMessage message, Map<MessageKey, Long> positions, Findings findings) {
        if (message == null) {
            return;
        }
        Long other = positions.putIfAbsent(message.key(), inboxSeq);
        if (other != null && other != inboxSeq) {
            doubled(findings, where + " has " + message.key() + " as " + other + " and as " + inboxSeq);
        }
    }

    private static void doubled(Findings findings, String detail) {
        findings.add(Kind.DOUBLED, P2, detail);
    }
}
