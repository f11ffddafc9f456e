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
 * answer. The former go on, and the latter follow later. This is kept in memory only, and only saves work: an entry
 * that is written a second time changes nothing. Safe for many threads.
 */
final class FanOutWatermarks {
    /** Above this, the one that was noted first is forgotten. */
    private static final int CONVERSATIONS_MAX = 100_000;

    /** Above this, sharing of equal sets begins anew: it only saves memory. */
    private static final int SETS_MAX = 1_000;

    /** A conversation with more watermarks begins anew. */
    private static final int WATERMARKS_MAX = 8;

    /** How long to wait before a database that did not answer is tried again. */
    static final long RETRY_MILLIS = 1_000;

    private final Shards shards;
    private final Map<Long, List<FanOutWatermark>> known = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, List<FanOutWatermark>> eldest) {
            return size() > CONVERSATIONS_MAX;
        }
    };
    /** Conversations that have failed for the same databases share these. */
    private final Map<BitSet, BitSet> sets = new HashMap<>();

    FanOutWatermarks(Shards shards) {
        this.shards = shards;
    }

    /** Those ahead first. */
    synchronized List<FanOutWatermark> of(long conversationId, FanOutRows.Open oldest) {
        List<FanOutWatermark> watermarks = known.get(conversationId);
        return watermarks == null
                ? List.of(FanOutWatermark.whole(oldest))
                : joined(watermarks.stream().map(one -> one.atLeast(oldest)).toList());
    }

    synchronized void put(long conversationId, List<FanOutWatermark> watermarks) {
        boolean whole = watermarks.size() == 1 && watermarks.get(0).retryAtMillis() == 0;
        if (whole || watermarks.size() > WATERMARKS_MAX) {
            known.remove(conversationId);
        } else {
            known.put(
                    conversationId,
                    watermarks.stream()
                            .map(one -> new FanOutWatermark(
                                    sets.computeIfAbsent(one.slots(), set -> set),
                                    one.upTo(),
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
        List<FanOutWatermark> watermarks;
        synchronized (this) {
            watermarks = known.get(conversationId);
        }
        return watermarks == null
                || watermarks.stream().anyMatch(one -> one.upTo() < newestSeq && isDue(one, nowMillis));
    }

    /** Whether any of its recipients may be reached. */
    boolean isDue(FanOutWatermark watermark, long nowMillis) {
        return nowMillis >= watermark.retryAtMillis()
                && watermark.slots().stream().anyMatch(slot -> {
                    Shard shard = shards.of(slot);
                    return shard == null || !shard.isAway();
                });
    }

    /** Whether all have this entry that could be reached when it was tried last. */
    synchronized boolean hasReached(long conversationId, long seq) {
        List<FanOutWatermark> watermarks = known.get(conversationId);
        return watermarks != null && hasReached(watermarks, seq);
    }

    static boolean hasReached(List<FanOutWatermark> watermarks, long seq) {
        List<FanOutWatermark> going =
                watermarks.stream().filter(one -> one.retryAtMillis() == 0).toList();
        return !going.isEmpty() && going.stream().allMatch(one -> one.upTo() >= seq);
    }

    /** All slots of a watermark that are in the databases of these. */
    BitSet beside(BitSet failed, FanOutWatermark watermark) {
        List<Shard> failing = failed.stream().mapToObj(shards::of).distinct().toList();
        BitSet all = (BitSet) failed.clone();
        watermark.slots().stream()
                .filter(slot -> shards.of(slot) != null && failing.contains(shards.of(slot)))
                .forEach(all::set);
        return all;
    }

    /** Those that have come equally far become one. Those ahead stand first. */
    static List<FanOutWatermark> joined(List<FanOutWatermark> watermarks) {
        List<FanOutWatermark> sorted = new ArrayList<>(watermarks);
        sorted.sort(Comparator.comparingLong(FanOutWatermark::upTo)
                .thenComparing(FanOutWatermark::progress)
                .reversed());
        List<FanOutWatermark> joined = new ArrayList<>();
        for (FanOutWatermark one : sorted) {
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
