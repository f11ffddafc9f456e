package io.hongyan.im.adapter.sql.mysql;

import io.hongyan.im.adapter.sql.FanOutRows;
import java.util.BitSet;

/**
 * How far the entries of a conversation have come to the recipients of some slots. Immutable.
 *
 * @param slots all of them but those of other watermarks of the conversation; not to be changed
 * @param upTo every entry up to it has come to all of these recipients
 * @param progress and the next one to those up to this uid, empty where to none
 * @param retryAtMillis when to try again, as it has failed; 0 where it has not
 */
record FanOutWatermark(BitSet slots, long upTo, String progress, long retryAtMillis) {
    private static final BitSet ALL = new BitSet(Slots.COUNT);

    static {
        ALL.set(0, Slots.COUNT);
    }

    /** Of a conversation of which nothing is known but its oldest marker. */
    static FanOutWatermark whole(FanOutRows.Open oldest) {
        return new FanOutWatermark(ALL, oldest.seq() - 1, oldest.progress(), 0);
    }

    /** The same with what the oldest marker says: the entries below it have come to everybody. */
    FanOutWatermark atLeast(FanOutRows.Open oldest) {
        long known = oldest.seq() - 1;
        if (upTo > known || upTo == known && progress.compareTo(oldest.progress()) >= 0) {
            return this;
        }
        return new FanOutWatermark(slots, known, oldest.progress(), retryAtMillis);
    }

    FanOutWatermark at(long seq, String uid) {
        return new FanOutWatermark(slots, seq, uid, 0);
    }

    FanOutWatermark failedFor(BitSet some, long nextMillis) {
        return new FanOutWatermark(some, upTo, progress, nextMillis);
    }

    FanOutWatermark without(BitSet some) {
        BitSet rest = (BitSet) slots.clone();
        rest.andNot(some);
        return new FanOutWatermark(rest, upTo, progress, retryAtMillis);
    }

    boolean meets(FanOutWatermark other) {
        return upTo == other.upTo && progress.equals(other.progress);
    }

    FanOutWatermark with(FanOutWatermark other) {
        BitSet both = (BitSet) slots.clone();
        both.or(other.slots);
        return new FanOutWatermark(both, upTo, progress, Math.max(retryAtMillis, other.retryAtMillis));
    }
}
