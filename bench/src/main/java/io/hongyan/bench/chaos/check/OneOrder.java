package io.hongyan.bench.chaos.check;

import io.hongyan.bench.chaos.check.DeviceStory.InboxMessage;
import io.hongyan.bench.chaos.check.Finding.Kind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** P3: numbers without a gap, in the order of each connection, seen by everybody in that order. */
final class OneOrder implements Checker.Rule {
    private static final String P3 = "P3";

    @Override
    public void check(RunFacts facts, Findings findings) {
        Map<MessageKey, Long> numbers = new HashMap<>();
        facts.logs.forEach((conversation, log) -> {
            gapless(conversation, log, findings);
            log.forEach(entry -> numbers.putIfAbsent(entry.key(), entry.seq()));
        });
        for (DeviceStory story : facts.devices.values()) {
            for (DeviceStory.Connection connection : story.connections) {
                asSent(story, connection, numbers, facts, findings);
            }
            asSeen(story, facts, findings);
        }
    }

    private static void gapless(String conversation, List<RunFacts.LogEntry> log, Findings findings) {
        long expected = 1;
        for (RunFacts.LogEntry entry : log) {
            if (entry.seq() > expected) {
                findings.add(Kind.LOST, P3, conversation + " has no number " + expected + " to " + (entry.seq() - 1));
            } else if (entry.seq() < expected) {
                findings.add(Kind.OUT_OF_ORDER, P3, conversation + " has " + entry.seq() + " after " + (expected - 1));
            }
            expected = Math.max(expected, entry.seq() + 1);
        }
    }

    /**
     * What one connection sends to a conversation is numbered in that order, except messages that were not stored or
     * already acknowledged before.
     */
    private static void asSent(
            DeviceStory story,
            DeviceStory.Connection connection,
            Map<MessageKey, Long> numbers,
            RunFacts facts,
            Findings findings) {
        Map<String, MessageKey> lastSent = new HashMap<>();
        for (DeviceStory.Sending sending : connection.sendings) {
            MessageKey key = sending.key();
            Long number = numbers.get(key);
            if (number == null || sending.settled()) {
                continue;
            }
            MessageKey before = lastSent.put(key.conversation(), key);
            if (before != null
                    && !before.equals(key)
                    && numbers.get(before) >= number
                    && !mayHaveBeenRefused(before, story, number, facts)) {
                findings.add(
                        Kind.OUT_OF_ORDER,
                        P3,
                        "connection " + connection.number + " of " + story.device + " sent " + key + " after '"
                                + before.id() + "', but they are numbered " + number + " and " + numbers.get(before));
            }
        }
    }

    /**
     * A user who joined in time for the later message, and sent the earlier one more than once, may have sent it before
     * that without getting the refusal.
     */
    private static boolean mayHaveBeenRefused(MessageKey before, DeviceStory story, long number, RunFacts facts) {
        return before.ofGroup()
                && facts.memberships(before.conversation()).cameWith(before.sender(), number) > 1
                && story.connections.stream()
                        .flatMap(connection -> connection.sendings.stream())
                        .anyMatch(sending -> sending.repeated() && sending.key().equals(before));
    }

    /**
     * The first deliveries of a conversation's messages rise, and each number shows the message that the log has there.
     */
    private static void asSeen(DeviceStory story, RunFacts facts, Findings findings) {
        Map<String, Long> lastSeen = new HashMap<>();
        long lastInboxSeq = 0;
        for (DeviceStory.Connection connection : story.connections) {
            for (DeviceStory.Reception reception : connection.receptions) {
                InboxMessage message = reception.message();
                if (message != null) {
                    sameAsLogged(story, message, facts, findings);
                }
                if (reception.inboxSeq() <= lastInboxSeq) {
                    continue;
                }
                lastInboxSeq = reception.inboxSeq();
                if (message == null) {
                    continue;
                }
                Long before = lastSeen.put(message.key().conversation(), message.seq());
                if (before != null && before >= message.seq()) {
                    findings.add(
                            Kind.OUT_OF_ORDER,
                            P3,
                            story.device + " saw number " + message.seq() + " of "
                                    + message.key().conversation() + " after number " + before);
                }
            }
        }
    }

    private static void sameAsLogged(DeviceStory story, InboxMessage seen, RunFacts facts, Findings findings) {
        List<RunFacts.LogEntry> log = facts.logs.getOrDefault(seen.key().conversation(), List.of());
        int index = (int) seen.seq() - 1;
        if (index < 0 || index >= log.size() || log.get(index).seq() != seen.seq()) {
            findings.add(Kind.LOST, P3, story.device + " saw " + seen.key() + " as " + seen.seq() + ", not in the log");
        } else if (!log.get(index).key().equals(seen.key())) {
            findings.add(
                    Kind.OUT_OF_ORDER,
                    P3,
                    story.device + " saw " + seen.key() + " as " + seen.seq() + ", where the log has "
                            + log.get(index).key());
        } else if (!facts.shows(log.get(index), seen.text())) {
            findings.add(Kind.LOST, P3, story.device + " saw another text than the log has in " + seen.key());
        }
    }
}
