package io.hongyan.im.core.work;

import java.util.HashMap;
import java.util.Map;

/**
 * So much of something for all, and of that no more for one holder than is still free: one alone gets half of it, two a third
 * each, and who has nothing yet still finds some. No share has to be set (Choudhury and Hahne, "Dynamic queue length thresholds
 * for shared-memory packet switches", 1998). Safe for many threads.
 */
public final class FairBudget {
    private static final int SWEPT_FROM = 1_024;

    private final long max;

    /** With those that hold nothing just now: to take and give back again and again makes no garbage. */
    private final Map<Object, Share> byHolder = new HashMap<>();

    private int sweptAt = SWEPT_FROM;
    private long held;

    private static final class Share {
        long held;
    }

    public FairBudget(long max) {
        this.max = max;
    }

    /**
     * Takes so much, if the holder's share allows it.
     *
     * @param holder with {@code equals}
     * @return false where the holder has its share already: then nothing was taken
     */
    public synchronized boolean take(Object holder, long amount) {
        if (amount == 0) {
            return true;
        }
        Share share = byHolder.get(holder);
        if (!allows(share, amount)) {
            return false;
        }
        add(holder, share, amount);
        return true;
    }

    /** Takes so much in any case, so that there may be less than nothing left. */
    public synchronized void takeSurely(Object holder, long amount) {
        if (amount != 0) {
            add(holder, byHolder.get(holder), amount);
        }
    }

    private void add(Object holder, Share known, long amount) {
        Share share = known;
        if (share == null) {
            share = new Share();
            sweep();
            byHolder.put(holder, share);
        }
        share.held += amount;
        held += amount;
    }

    /** Whether {@link #take} would take it now. */
    public synchronized boolean allows(Object holder, long amount) {
        return amount == 0 || allows(byHolder.get(holder), amount);
    }

    private boolean allows(Share share, long amount) {
        return (share == null ? 0 : share.held) + amount <= max - held;
    }

    /** What {@link #take} or {@link #takeSurely} has taken, or a part of it. */
    public synchronized void giveBack(Object holder, long amount) {
        if (amount != 0) {
            held -= amount;
            byHolder.get(holder).held -= amount;
        }
    }

    /** What all hold. */
    public synchronized long held() {
        return held;
    }

    private void sweep() {
        if (byHolder.size() >= sweptAt) {
            byHolder.values().removeIf(share -> share.held == 0);
            sweptAt = Math.max(SWEPT_FROM, 2 * byHolder.size());
        }
    }
}
