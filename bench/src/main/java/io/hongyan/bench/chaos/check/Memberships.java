package io.hongyan.bench.chaos.check;

import io.hongyan.bench.chaos.history.HistoryEvent.GroupChange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who was in a group when, by the changes in its log alone. A change is sent to those it adds and removes; adding who is
 * in it already, and removing who is not, changes nothing.
 */
final class Memberships {
    static final String BECAME_LARGE = "became_large";

    private final List<Stay> stays = new ArrayList<>();
    private final Map<String, Stay> open = new HashMap<>();
    private long largeSeq = Long.MAX_VALUE;

    private static final class Stay {
        final String uid;
        final long from;
        long to = Long.MAX_VALUE;

        Stay(String uid, long from) {
            this.uid = uid;
            this.from = from;
        }
    }

    /** @param log in the order of its numbers */
    static Memberships of(List<RunFacts.LogEntry> log) {
        Memberships made = new Memberships();
        for (RunFacts.LogEntry entry : log) {
            if (entry.change() != null) {
                made.apply(entry.seq(), entry.change());
            }
        }
        return made;
    }

    private void apply(long seq, GroupChange change) {
        switch (change.kind()) {
            case "created", "added", "joined" -> change.uids().forEach(uid -> begin(uid, seq));
            case "removed", "left" -> change.uids().forEach(uid -> end(uid, seq));
            case BECAME_LARGE -> largeSeq = Math.min(largeSeq, seq);
            default -> {
                // Of rights, names and the like: nobody comes or goes.
            }
        }
    }

    private void begin(String uid, long seq) {
        if (!open.containsKey(uid)) {
            Stay stay = new Stay(uid, seq);
            stays.add(stay);
            open.put(uid, stay);
        }
    }

    private void end(String uid, long seq) {
        Stay stay = open.remove(uid);
        if (stay != null) {
            stay.to = seq;
        }
    }

    /** Whom the entry with this number is for. */
    Set<String> recipients(long seq) {
        Set<String> uids = new HashSet<>();
        for (Stay stay : stays) {
            if (stay.from <= seq && seq <= stay.to) {
                uids.add(stay.uid);
            }
        }
        return uids;
    }

    /** Into whose inboxes the entry with this number belongs: beyond the one that made it large, few. */
    Set<String> inboxRecipients(long seq) {
        Set<String> uids = recipients(seq);
        if (seq > largeSeq) {
            uids.removeIf(uid ->
                    stays.stream().noneMatch(stay -> stay.uid.equals(uid) && (stay.from == seq || stay.to == seq)));
        }
        return uids;
    }

    /**
     * What the user is to read in the group's own stream: a part of the log for each time the user was in the group after
     * it became large, rising; none where it did not.
     */
    List<Part> streamParts(String uid) {
        return stays.stream()
                .filter(stay -> stay.uid.equals(uid) && largeSeq < stay.to)
                .map(stay -> new Part(Math.max(stay.from, largeSeq + 1), stay.to, stay.from <= largeSeq))
                .toList();
    }

    /**
     * Entries in a row.
     *
     * @param to {@link Long#MAX_VALUE} where the user has stayed
     * @param beforeLarge the user was in the group when it became large
     */
    record Part(long from, long to, boolean beforeLarge) {
        boolean has(long seq) {
            return from <= seq && seq <= to;
        }
    }

    /** The entry with which the user came into the group, for the time of which the entry with this number is; or 0. */
    long cameWith(String uid, long seq) {
        return stays.stream()
                .filter(stay -> stay.uid.equals(uid) && stay.from <= seq && seq <= stay.to)
                .mapToLong(stay -> stay.from)
                .findFirst()
                .orElse(0);
    }

    /** Whether the user was in the group all the time from its first entry on. */
    boolean throughout(String uid) {
        return stays.stream().anyMatch(stay -> stay.uid.equals(uid) && stay.from == 1 && stay.to == Long.MAX_VALUE);
    }
}
