package io.hongyan.bench.chaos.check;

import io.hongyan.bench.chaos.check.DeviceStory.InboxMessage;
import io.hongyan.bench.chaos.check.DeviceStory.StreamReception;
import io.hongyan.bench.chaos.check.Finding.Kind;
import io.hongyan.bench.chaos.check.Memberships.Part;
import io.hongyan.bench.chaos.history.HistoryEvent;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;

/**
 * P4, one device and one large group: numbers rise within a connection, a new connection continues from the cursor, the
 * only gaps are the device's own sends, and every entry belongs to a membership of the user. In the end the device has
 * seen all of them except memberships that ended while it was away and had no cursor in them. For users who were in the
 * group when it became large, the inbox says so before.
 */
final class StreamReading {
    private final DeviceStory story;
    private final String group;
    private final List<RunFacts.LogEntry> log;
    private final List<Part> parts;
    private final Faults faults;
    private final BiPredicate<RunFacts.LogEntry, String> shows;
    private final long settledMillis;
    private final Findings findings;

    private final Set<MessageKey> excused = new HashSet<>();
    /** Highest number this device has seen on any connection. */
    private long last;
    /** Highest number it acknowledged so long before a connection ended that its cursor was kept. */
    private long settled;

    private boolean toldOfLarge;

    /**
     * @param parts of the log, rising, that the user must read
     * @param shows whether an entry has, or had, a text
     */
    StreamReading(
            DeviceStory story,
            String group,
            List<RunFacts.LogEntry> log,
            List<Part> parts,
            Faults faults,
            BiPredicate<RunFacts.LogEntry, String> shows,
            long settledMillis,
            Findings findings) {
        this.story = story;
        this.group = group;
        this.log = log;
        this.parts = parts;
        this.faults = faults;
        this.shows = shows;
        this.settledMillis = settledMillis;
        this.findings = findings;
    }

    /** Returns what the device has not seen and need not have. */
    Set<MessageKey> check() {
        long before = 0;
        for (DeviceStory.Connection connection : story.connections) {
            before = check(connection);
        }
        missed(last + 1, log.isEmpty() ? 0 : log.get(log.size() - 1).seq(), before, "at the end");
        return excused;
    }

    /** Returns the last number of the connection, 0 if there was none. */
    private long check(DeviceStory.Connection connection) {
        Map<MessageKey, Long> sentHere = new HashMap<>();
        connection.sendings.stream()
                .filter(sending -> !sending.repeated())
                .forEach(sending -> sentHere.put(sending.key(), sending.at()));
        NodeChanges changes = new NodeChanges(connection);
        String where = "on connection " + connection.number;
        long before = 0;
        int inboxSeen = 0;
        for (StreamReception reception : connection.streams.getOrDefault(group, List.of())) {
            long seq = reception.seq();
            while (inboxSeen < reception.inboxBefore()) {
                noteTold(connection.receptions.get(inboxSeen++).message());
            }
            if (before > 0 && seq <= before) {
                long changedAt = changes.beginsAnew(reception.at());
                if (changedAt < 0) {
                    add(seq == before ? Kind.DOUBLED : Kind.OUT_OF_ORDER, "got " + seq + " after " + before, where);
                } else {
                    settle(connection, changedAt);
                    before = 0;
                }
            }
            if (seq <= settled) {
                add(
                        Kind.DOUBLED,
                        "was shown " + seq + " again, having acknowledged " + settled + " long before",
                        where);
            }
            missed((before > 0 ? before : last) + 1, seq - 1, before, where);
            judge(reception, where);
            InboxMessage seen = reception.message();
            // The next node does not know what was sent before.
            if (seen != null
                    && story.isAuthorOf(seen.key(), seen.fromDevice())
                    && sentHere.containsKey(seen.key())
                    && !changes.any(sentHere.get(seen.key()), reception.at())) {
                add(Kind.DOUBLED, "was pushed its own " + seen.key() + " on the connection that sent it", where);
            }
            before = Math.max(before, seq);
            last = Math.max(last, seq);
        }
        while (inboxSeen < connection.receptions.size()) {
            noteTold(connection.receptions.get(inboxSeen++).message());
        }
        if (connection.endedAt != Long.MAX_VALUE) {
            settle(connection, connection.endedAt);
        }
        return before;
    }

    /** What was acknowledged on this connection long before its end, or before its gate changed its node. */
    private void settle(DeviceStory.Connection connection, long end) {
        long until = faults.settledUntil(end, settledMillis);
        for (StreamReception reception : connection.streams.getOrDefault(group, List.of())) {
            if (reception.at() > until) {
                return;
            }
            settled = Math.max(settled, reception.seq());
        }
    }

    private void noteTold(InboxMessage message) {
        toldOfLarge |= message != null
                && message.key().conversation().equals(group)
                && message.key().sender().equals(HistoryEvent.SYSTEM)
                && message.text().startsWith(Memberships.BECAME_LARGE);
    }

    /**
     * Entries that were not shown.
     *
     * @param before the previous number on this connection, 0 if there was none
     */
    private void missed(long from, long to, long before, String where) {
        for (long seq = from; seq <= to; seq++) {
            Part part = partOf(seq);
            RunFacts.LogEntry entry = entry(seq);
            if (part == null || entry == null || story.isAuthorOf(entry.key(), entry.fromDevice())) {
                continue;
            }
            boolean over = part.to() != Long.MAX_VALUE && !part.has(to + 1);
            boolean begun = part.has(before) || settled >= part.from();
            if (over && !begun) {
                excused.add(entry.key());
            } else {
                add(Kind.LOST, "missed " + seq + " (after " + (from - 1) + ")", where);
            }
        }
    }

    private void judge(StreamReception reception, String where) {
        long seq = reception.seq();
        InboxMessage seen = reception.message();
        RunFacts.LogEntry entry = entry(seq);
        Part part = partOf(seq);
        if (seen == null) {
            add(Kind.LOST, "was told that it gets nothing up to " + seq, where);
        } else if (entry == null) {
            add(Kind.LOST, "got " + seq + ", which the log does not have", where);
        } else if (part == null) {
            add(Kind.LEAKED, "got " + seq + ", which is not for its user", where);
        } else if (!entry.key().equals(seen.key())) {
            add(Kind.OUT_OF_ORDER, "got another entry as " + seq + " than the log has", where);
        } else if (!shows.test(entry, seen.text())) {
            add(Kind.LOST, "saw another text than the log has in " + seq, where);
        } else if (part.beforeLarge() && !toldOfLarge) {
            add(Kind.OUT_OF_ORDER, "got " + seq + " before it was told that the group is large", where);
        }
    }

    private Part partOf(long seq) {
        return parts.stream().filter(part -> part.has(seq)).findAny().orElse(null);
    }

    /** Null if the log has none. */
    private RunFacts.LogEntry entry(long seq) {
        int index = (int) seq - 1;
        return index >= 0 && index < log.size() && log.get(index).seq() == seq ? log.get(index) : null;
    }

    private void add(Kind kind, String what, String where) {
        findings.add(kind, CompleteInbox.P4, story.device + " " + what + " of " + group + " " + where);
    }
}
