package io.hongyan.bench.chaos.check;

import io.hongyan.bench.chaos.history.HistoryEvent.GroupChange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who was in a group when, by the changes in its log alone. A change is sent to those it adds and removes; adding a
 * member, and removing somebody who is not one, changes nothing.
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
                // Changes of rights, names and the like: nobody joins or leaves.
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

    /** The users for whom the entry with this number is. */
    Set<String> recipients(long seq) {
        Set<String> uids = new HashSet<>();
        for (Stay stay : stays) {
            if (stay.from <= seq && seq <= stay.to) {
                uids.add(stay.uid);
            }
        }
        return uids;
    }

    /** The users in whose inboxes the entry with this number belongs: after the one that made the group large, few. */
    Set<String> inboxRecipients(long seq) {
        Set<String> uids = recipients(seq);
        if (seq > largeSeq) {
            uids.removeIf(uid ->
                    stays.stream().noneMatch(stay -> stay.uid.equals(uid) && (stay.from == seq || stay.to == seq)));
        }
        return uids;
    }

    /**
     * What the user must read in the group's own stream: a part of the log for each membership after the group became
     * large, rising; empty if it did not.
     */
    List<Part> streamParts(String uid) {
        return stays.stream()
                .filter(stay -> stay.uid.equals(uid) && largeSeq < stay.to)
                .map(stay -> new Part(Math.max(stay.from, largeSeq + 1), stay.to, stay.from <= largeSeq))
                .toList();
    }

    /**
     * A range of entries.
     *
     * @param to {@link Long#MAX_VALUE} if the user has stayed
     * @param beforeLarge the user was in the group when it became large
     */
    record Part(long from, long to, boolean beforeLarge) {
        boolean has(long seq) {
            return from <= seq && seq <= to;
        }
    }

    /** The entry with which the user's membership at this number began; or 0. */
    long cameWith(String uid, long seq) {
        return stays.stream()
                .filter(stay -> stay.uid.equals(uid) && stay.from <= seq && seq <= stay.to)
                .mapToLong(stay -> stay.from)
                .findFirst()
                .orElse(0);
    }

    /** Whether the user is in the group in the end. */
    boolean isPresent(String uid) {
        return open.containsKey(uid);
    }

    /** Whether the user was in the group from its first entry on without interruption. */
    boolean throughout(String uid) {
        return stays.stream().anyMatch(stay -> stay.uid.equals(uid) && stay.from == 1 && stay.to == Long.MAX_VALUE);
    }
}
