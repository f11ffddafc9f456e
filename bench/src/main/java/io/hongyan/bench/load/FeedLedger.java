package io.hongyan.bench.load;

import io.hongyan.bench.feed.FeedListener;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;

/**
 * For each message of a load: when its sender got the PUBACK and when the consumer of the feed got the event. Safe for
 * many threads; the events of one key come one at a time.
 */
public final class FeedLedger implements FeedListener {
    private static final long LAG_NANOS_MAX = 3_600_000_000_000L;
    private static final int DIGITS = 3;
    private static final long NEVER = 0;

    private final int messagesEachMax;
    private final AtomicLongArray acknowledgedNanos;
    private final AtomicLongArray fedNanos;
    private final Map<String, Long> heads = new ConcurrentHashMap<>();
    private final LongAdder acknowledged = new LongAdder();
    private final LongAdder fed = new LongAdder();
    private final LongAdder events = new LongAdder();
    private final LongAdder repeated = new LongAdder();
    private final LongAdder outOfOrder = new LongAdder();

    public FeedLedger(FeedPlan plan) {
        messagesEachMax = plan.messagesEachMax();
        acknowledgedNanos = new AtomicLongArray(plan.users() * messagesEachMax);
        fedNanos = new AtomicLongArray(plan.users() * messagesEachMax);
    }

    void acknowledged(int user, int index, long nanos) {
        acknowledgedNanos.set(place(user, index), nanos);
        acknowledged.increment();
    }

    @Override
    public void message(String key, long keySeq, String text, long nanos) {
        events.increment();
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        if (!Stamp.isAt(bytes, 0, bytes.remaining())) {
            return;
        }
        long head = heads.getOrDefault(key, 0L);
        if (keySeq <= head) {
            repeated.increment();
            return;
        }
        if (keySeq > head + 1) {
            outOfOrder.increment();
        }
        heads.put(key, keySeq);
        fedNanos.set(place(Stamp.pair(bytes, 0), Stamp.index(bytes, 0)), nanos);
        fed.increment();
    }

    @Override
    public void other() {
        events.increment();
    }

    public long acknowledgedCount() {
        return acknowledged.sum();
    }

    /** Messages that the consumer got. */
    public long fedCount() {
        return fed.sum();
    }

    /** All events that the consumer got, including repetitions. */
    public long eventCount() {
        return events.sum();
    }

    /** Events that came again; allowed. */
    long repeated() {
        return repeated.sum();
    }

    /** Events of a key that came while an earlier one was missing. */
    long outOfOrder() {
        return outOfOrder.sum();
    }

    /** Acknowledged, and not in the feed. */
    long lost() {
        long lost = 0;
        for (int i = 0; i < acknowledgedNanos.length(); i++) {
            if (acknowledgedNanos.get(i) != NEVER && fedNanos.get(i) == NEVER) {
                lost++;
            }
        }
        return lost;
    }

    /** Time from PUBACK to the consumer, for messages acknowledged in that time; 0 if the consumer was first. */
    Histogram lagNanos(long fromNanos, long toNanos) {
        Histogram lags = new Histogram(LAG_NANOS_MAX, DIGITS);
        for (int i = 0; i < acknowledgedNanos.length(); i++) {
            long at = acknowledgedNanos.get(i);
            long fedAt = fedNanos.get(i);
            if (at != NEVER && fedAt != NEVER && at >= fromNanos && at < toNanos) {
                lags.recordValue(Math.min(LAG_NANOS_MAX, Math.max(0, fedAt - at)));
            }
        }
        return lags;
    }

    private int place(int user, int index) {
        return user * messagesEachMax + index;
    }
}
