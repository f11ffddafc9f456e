package io.hongyan.im.adapter.sql.mysql;

import io.hongyan.im.adapter.sql.FanOutRows;
import java.util.BitSet;

/**
 * How far the entries of a conversation have come to the recipients of some slots. Is not changed.
 *
 * @param slots all of them but those of other fronts of the conversation; not to be changed
 * @param served every entry up to it has come to all of these recipients
 * @param progress and the next one to those up to this uid, empty where to none
 * @param retryAtMillis when to try again, as it has failed; 0 where it has not
 */
record Front(BitSet slots, long served, String progress, long retryAtMillis) {
    private static final BitSet ALL = new BitSet(Slots.COUNT);

    static {
        ALL.set(0, Slots.COUNT);
    }

    /** Of a conversation of which nothing is known but its oldest marker. */
    static Front whole(FanOutRows.Open oldest) {
        return new Front(ALL, oldest.seq() - 1, oldest.progress(), 0);
    }

    /** The same with what the oldest marker says: the entries below it have come to everybody. */
    Front atLeast(FanOutRows.Open oldest) {
        long known = oldest.seq() - 1;
        if (served > known || served == known && progress.compareTo(oldest.progress()) >= 0) {
            return this;
        }
        return new Front(slots, known, oldest.progress(), retryAtMillis);
    }

    Front at(long seq, String uid) {
        return new Front(slots, seq, uid, 0);
    }

    Front failedFor(BitSet some, long nextMillis) {
        return new Front(some, served, progress, nextMillis);
    }

    Front without(BitSet some) {
        BitSet rest = (BitSet) slots.clone();
        rest.andNot(some);
        return new Front(rest, served, progress, retryAtMillis);
    }

    boolean meets(Front other) {
        return served == other.served && progress.equals(other.progress);
    }

    Front with(Front other) {
        BitSet both = (BitSet) slots.clone();
        both.or(other.slots);
        return new Front(both, served, progress, Math.max(retryAtMillis, other.retryAtMillis));
    }
}
