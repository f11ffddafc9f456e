package io.hongyan.bench.chaos.check;

import io.hongyan.bench.chaos.check.DeviceStory.InboxMessage;
import io.hongyan.bench.chaos.check.DeviceStory.Reception;
import io.hongyan.bench.chaos.check.Finding.Kind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * P4, one device's side: entries rise within a connection; a new connection continues from the cursor; the only gaps
 * are own sends of the device whose answers have given the number; in the end the device has seen the whole inbox.
 */
final class DeviceReading {
    private final DeviceStory story;
    private final Map<Long, InboxMessage> inbox = new HashMap<>();
    private final long head;
    private final RunFacts facts;
    private final long settledMillis;
    private final Findings findings;

    /** Highest entry this device has seen on any connection. */
    private long last;
    /** Highest entry it acknowledged so long before a connection ended that it must not come again. */
    private long settled;

    DeviceReading(
            DeviceStory story, List<RunFacts.InboxEntry> inbox, RunFacts facts, long settledMillis, Findings findings) {
        this.story = story;
        this.facts = facts;
        this.settledMillis = settledMillis;
        this.findings = findings;
        long highest = 0;
        for (RunFacts.InboxEntry entry : inbox) {
            this.inbox.put(entry.inboxSeq(), entry.message());
            highest = Math.max(highest, entry.inboxSeq());
        }
        head = highest;
    }

    void check() {
        for (DeviceStory.Connection connection : story.connections) {
            check(connection);
        }
        holes(last, head + 1, "at the end");
    }

    private void check(DeviceStory.Connection connection) {
        Map<MessageKey, Long> sentHere = new HashMap<>();
        for (DeviceStory.Sending sending : connection.sendings) {
            if (!sending.repeated()) {
                sentHere.put(sending.key(), sending.at());
            }
        }
        NodeChanges changes = new NodeChanges(connection);
        // Entries may only be repeated before the first entry of a connection, or when its gate has changed its node.
        long before = Long.MAX_VALUE;
        for (Reception reception : connection.receptions) {
            long seq = reception.inboxSeq();
            String where = "on connection " + connection.number;
            if (before != Long.MAX_VALUE && seq <= before) {
                long changedAt = changes.beginsAnew(reception.at());
                if (changedAt < 0) {
                    add(seq == before ? Kind.DOUBLED : Kind.OUT_OF_ORDER, "got " + seq + " after " + before, where);
                } else {
                    settle(connection, changedAt);
                    before = Long.MAX_VALUE;
                }
            }
            if (seq <= settled) {
                add(
                        Kind.DOUBLED,
                        "was shown " + seq + " again, having acknowledged " + settled + " long before",
                        where);
            }
            holes(before == Long.MAX_VALUE ? last : before, seq, where);
            sameAsFiled(reception, where);
            InboxMessage seen = reception.message();
            // The next node does not know what was sent before.
            if (own(seen)
                    && sentHere.containsKey(seen.key())
                    && placeNamed(seen.key())
                    && !changes.any(sentHere.get(seen.key()), reception.at())) {
                add(Kind.DOUBLED, "was pushed its own " + seen.key() + " on the connection that sent it", where);
            }
            before = before == Long.MAX_VALUE ? seq : Math.max(before, seq);
            last = Math.max(last, seq);
        }
        if (connection.endedAt != Long.MAX_VALUE) {
            settle(connection, connection.endedAt);
        }
    }

    /** What was acknowledged on this connection long before its end, or before its gate changed its node. */
    private void settle(DeviceStory.Connection connection, long end) {
        long until = facts.faults.settledUntil(end, settledMillis);
        for (Reception reception : connection.receptions) {
            if (reception.at() > until) {
                return;
            }
            settled = Math.max(settled, reception.inboxSeq());
        }
    }

    /** Entries in a gap must be this device's own sends, with an answer or still without one. */
    private void holes(long after, long before, String where) {
        for (long seq = after + 1; seq < before; seq++) {
            if (!own(inbox.get(seq)) || hadToCome(inbox.get(seq).key())) {
                add(Kind.LOST, "missed " + seq + " (after " + after + ")", where);
            }
        }
    }

    /** A message whose answer has given no number in the inbox is pushed like any other entry. */
    private boolean placeNamed(MessageKey key) {
        SentMessage sent = facts.sent.get(key);
        return sent == null || sent.answers().stream().allMatch(answer -> answer.inboxSeq() > 0);
    }

    private boolean hadToCome(MessageKey key) {
        SentMessage sent = facts.sent.get(key);
        return sent != null
                && !sent.answers().isEmpty()
                && sent.answers().stream().noneMatch(answer -> answer.inboxSeq() > 0);
    }

    private boolean own(InboxMessage message) {
        return message != null && story.isAuthorOf(message.key(), message.fromDevice());
    }

    private void sameAsFiled(Reception reception, String where) {
        long seq = reception.inboxSeq();
        InboxMessage seen = reception.message();
        if (!inbox.containsKey(seq)) {
            add(Kind.LOST, "got " + seq + ", which the inbox does not have", where);
            return;
        }
        InboxMessage filed = inbox.get(seq);
        boolean same =
                seen == null ? filed == null : filed != null && seen.key().equals(filed.key());
        if (!same) {
            add(Kind.OUT_OF_ORDER, "got another entry as " + seq + " than the inbox has", where);
        }
    }

    private void add(Kind kind, String what, String where) {
        findings.add(kind, CompleteInbox.P4, story.device + " " + what + " " + where);
    }
}
