package io.hongyan.im.adapter.sql.mysql;

import io.hongyan.im.adapter.sql.FanOutRows;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The conversations of which entries have come to the recipients in some databases and not in others, as those did not
 * answer. The former go on, and the latter are caught up with later. This is in memory alone, and saves work alone: an
 * entry that is brought once more changes nothing. Safe for many threads.
 */
final class Fronts {
    /** Of more, the one that was noted first is forgotten. */
    private static final int CONVERSATIONS_MAX = 100_000;

    /** Of more sets none is shared that came before: that saves memory alone. */
    private static final int SETS_MAX = 1_000;

    /** A conversation that is in more pieces begins anew. */
    private static final int FRONTS_MAX = 8;

    /** Where a database did not answer, nobody tries again before. */
    static final long RETRY_MILLIS = 1_000;

    private final Shards shards;
    private final Map<Long, List<Front>> known = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, List<Front>> eldest) {
            return size() > CONVERSATIONS_MAX;
        }
    };
    /** Conversations that have failed for the same databases share these. */
    private final Map<BitSet, BitSet> sets = new HashMap<>();

    Fronts(Shards shards) {
        this.shards = shards;
    }

    /** Those ahead first. */
    synchronized List<Front> of(long conversationId, FanOutRows.Open oldest) {
        List<Front> fronts = known.get(conversationId);
        return fronts == null
                ? List.of(Front.whole(oldest))
                : joined(fronts.stream().map(one -> one.atLeast(oldest)).toList());
    }

    synchronized void put(long conversationId, List<Front> fronts) {
        boolean whole = fronts.size() == 1 && fronts.get(0).retryAtMillis() == 0;
        if (whole || fronts.size() > FRONTS_MAX) {
            known.remove(conversationId);
        } else {
            known.put(
                    conversationId,
                    fronts.stream()
                            .map(one -> new Front(
                                    sets.computeIfAbsent(one.slots(), set -> set),
                                    one.served(),
                                    one.progress(),
                                    one.retryAtMillis()))
                            .toList());
        }
        if (known.isEmpty() || sets.size() > SETS_MAX) {
            sets.clear();
        }
    }

    /** Whether there is anything to do for a conversation that has markers up to this number. */
    boolean isDue(long conversationId, long newestSeq, long nowMillis) {
        List<Front> fronts;
        synchronized (this) {
            fronts = known.get(conversationId);
        }
        return fronts == null || fronts.stream().anyMatch(one -> one.served() < newestSeq && isDue(one, nowMillis));
    }

    /** Whether any of its recipients may be reached. */
    boolean isDue(Front front, long nowMillis) {
        return nowMillis >= front.retryAtMillis()
                && front.slots().stream().anyMatch(slot -> {
                    Shard shard = shards.of(slot);
                    return shard == null || !shard.isAway();
                });
    }

    /** Whether all have this entry that could be reached when it was tried last. */
    synchronized boolean hasReached(long conversationId, long seq) {
        List<Front> fronts = known.get(conversationId);
        return fronts != null && hasReached(fronts, seq);
    }

    static boolean hasReached(List<Front> fronts, long seq) {
        List<Front> going =
                fronts.stream().filter(one -> one.retryAtMillis() == 0).toList();
        return !going.isEmpty() && going.stream().allMatch(one -> one.served() >= seq);
    }

    /** All slots of a front that are in the databases of these. */
    BitSet beside(BitSet failed, Front front) {
        List<Shard> failing = failed.stream().mapToObj(shards::of).distinct().toList();
        BitSet all = (BitSet) failed.clone();
        front.slots().stream()
                .filter(slot -> shards.of(slot) != null && failing.contains(shards.of(slot)))
                .forEach(all::set);
        return all;
    }

    /** Those that have come equally far become one. Those ahead stand first. */
    static List<Front> joined(List<Front> fronts) {
        List<Front> sorted = new ArrayList<>(fronts);
        sorted.sort(Comparator.comparingLong(Front::served)
                .thenComparing(Front::progress)
                .reversed());
        List<Front> joined = new ArrayList<>();
        for (Front one : sorted) {
            int last = joined.size() - 1;
            if (last >= 0 && joined.get(last).meets(one)) {
                joined.set(last, joined.get(last).with(one));
            } else {
                joined.add(one);
            }
        }
        return joined;
    }
}
