package io.hongyan.bench.chaos.check;

import io.hongyan.bench.chaos.check.DeviceStory.InboxMessage;
import io.hongyan.bench.chaos.check.Finding.Kind;
import io.hongyan.bench.chaos.history.HistoryEvent;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * P4, the stored side: an inbox has no gap and has every message of its user once, in the order of the log; of a group
 * exactly the entries of the user's memberships, until the group becomes large.
 */
final class CompleteInbox implements Checker.Rule {
    static final String P4 = "P4";

    private final long settledMillis;

    CompleteInbox(long settledMillis) {
        this.settledMillis = settledMillis;
    }

    @Override
    public void check(RunFacts facts, Findings findings) {
        Map<String, Set<MessageKey>> filed = new HashMap<>();
        facts.inboxes.forEach((user, inbox) -> {
            Set<MessageKey> messages = new HashSet<>();
            inOrder(user, inbox, messages, findings);
            filed.put(user, messages);
        });
        for (List<RunFacts.LogEntry> log : facts.logs.values()) {
            for (RunFacts.LogEntry entry : log) {
                for (String user : facts.inboxRecipients(entry)) {
                    if (!filed.getOrDefault(user, Set.of()).contains(entry.key())) {
                        findings.add(Kind.LOST, P4, entry.key() + " is in the log and not in the inbox of " + user);
                    }
                }
            }
        }
        ownOnly(facts, findings);
        asAnswered(facts, findings);
        for (DeviceStory story : facts.devices.values()) {
            List<RunFacts.InboxEntry> inbox = facts.inboxes.getOrDefault(story.user, List.of());
            new DeviceReading(story, inbox, facts, settledMillis, findings).check();
        }
    }

    /** No inbox has messages for other users, and nobody writes in a group without being a member. */
    private static void ownOnly(RunFacts facts, Findings findings) {
        Map<MessageKey, Set<String>> recipients = new HashMap<>();
        for (List<RunFacts.LogEntry> log : facts.logs.values()) {
            for (RunFacts.LogEntry entry : log) {
                recipients.put(entry.key(), facts.inboxRecipients(entry));
                if (!entry.isByServer()
                        && entry.change() == null
                        && !facts.recipients(entry).contains(entry.key().sender())) {
                    findings.add(
                            Kind.LEAKED,
                            P4,
                            entry.key() + " is in the log, and its author was no member at " + entry.seq());
                }
            }
        }
        facts.inboxes.forEach((user, inbox) -> {
            for (RunFacts.InboxEntry entry : inbox) {
                InboxMessage message = entry.message();
                if (message != null
                        && !recipients.getOrDefault(message.key(), Set.of(user)).contains(user)) {
                    findings.add(
                            Kind.LEAKED,
                            P4,
                            "the inbox of " + user + " has number " + message.seq() + " of "
                                    + message.key().conversation() + ", which is not for them");
                }
            }
        });
    }

    /** An answer names the number in the sender's own inbox. */
    private static void asAnswered(RunFacts facts, Findings findings) {
        Map<String, Map<Long, InboxMessage>> places = new HashMap<>();
        facts.inboxes.forEach((user, inbox) -> {
            Map<Long, InboxMessage> ofUser = places.computeIfAbsent(user, u -> new HashMap<>());
            inbox.forEach(entry -> ofUser.put(entry.inboxSeq(), entry.message()));
        });
        facts.sent.forEach((key, message) -> {
            for (HistoryEvent.Answer answer : message.answers()) {
                InboxMessage there = places.getOrDefault(key.sender(), Map.of()).get(answer.inboxSeq());
                // 0 in an answer: the number was not known yet. Of a direct conversation only where slots have moved,
                // so that
                // there are two databases.
                boolean mayBeLater = key.ofGroup() || !facts.moved.isEmpty();
                boolean named =
                        answer.code().equals("OK") && !message.ofMessage && (answer.inboxSeq() != 0 || !mayBeLater);
                if (named && (there == null || !there.key().equals(key))) {
                    String place = "entry " + answer.inboxSeq() + " of the sender's inbox, which is another";
                    findings.add(Kind.OUT_OF_ORDER, P4, key + " was answered as " + place);
                }
            }
        });
    }

    private static void inOrder(
            String user, List<RunFacts.InboxEntry> inbox, Set<MessageKey> messages, Findings findings) {
        Map<String, Long> last = new HashMap<>();
        long expected = 1;
        for (RunFacts.InboxEntry entry : inbox) {
            if (entry.inboxSeq() > expected) {
                String gap = expected + " to " + (entry.inboxSeq() - 1);
                findings.add(Kind.LOST, P4, "the inbox of " + user + " has no entry " + gap);
            } else if (entry.inboxSeq() < expected) {
                findings.add(
                        Kind.OUT_OF_ORDER, P4, "the inbox of " + user + " has " + entry.inboxSeq() + " twice or late");
            }
            expected = Math.max(expected, entry.inboxSeq() + 1);
            InboxMessage message = entry.message();
            if (message == null) {
                continue;
            }
            messages.add(message.key());
            Long before = last.put(message.key().conversation(), message.seq());
            if (before != null && before >= message.seq()) {
                findings.add(
                        Kind.OUT_OF_ORDER,
                        P4,
                        "the inbox of " + user + " has number " + message.seq() + " of "
                                + message.key().conversation() + " after number " + before);
            }
        }
    }
}
