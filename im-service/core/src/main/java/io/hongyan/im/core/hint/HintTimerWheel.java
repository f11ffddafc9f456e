package io.hongyan.im.core.hint;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * A hashed wheel: a slot per tick, in each a stack. Adding is one compare-and-set, for any thread; taking is for one
 * thread, the driver. Time is what the driver has told: it goes on with the clock and stands still where that is set back.
 */
final class HintTimerWheel {
    static final long TICK_MILLIS = 100;

    private final AtomicReferenceArray<PendingHint> slots;
    private final int mask;
    private volatile long tick;

    // The driver's.
    private long seenMillis;
    private long passed;
    private PendingHint ready;

    /** @param ticksMax how far ahead something may be due */
    HintTimerWheel(long ticksMax, long nowMillis) {
        // Twice as many, so that whoever is held up between reading the time and adding does no harm.
        int slotCount = Integer.highestOneBit((int) Math.max(8, ticksMax)) * 4;
        slots = new AtomicReferenceArray<>(slotCount);
        mask = slotCount - 1;
        seenMillis = nowMillis;
    }

    long tick() {
        return tick;
    }

    /** @param dueTick after the present one; a driver that is far ahead meanwhile finds it one turn later */
    void add(PendingHint pending, long dueTick) {
        int slot = (int) (dueTick & mask);
        PendingHint top;
        do {
            top = slots.get(slot);
            pending.next = top;
        } while (!slots.compareAndSet(slot, top, pending));
    }

    /** For the driver: soon enough to be found in this turn. */
    void addAgain(PendingHint pending, long dueTick) {
        add(pending, Math.max(dueTick, passed + 1));
    }

    /** What is due, up to so many; what is above that comes with the next call. */
    List<PendingHint> due(long nowMillis, int max) {
        advance(nowMillis);
        List<PendingHint> due = new ArrayList<>();
        while (due.size() < max) {
            if (ready != null) {
                PendingHint taken = ready;
                ready = taken.next;
                taken.next = null;
                due.add(taken);
            } else if (passed < tick) {
                passed++;
                ready = slots.getAndSet((int) (passed & mask), null);
            } else {
                break;
            }
        }
        return due;
    }

    private void advance(long nowMillis) {
        long ticks = (nowMillis - seenMillis) / TICK_MILLIS;
        if (ticks > 0) {
            seenMillis += ticks * TICK_MILLIS;
            tick += ticks;
        } else if (nowMillis < seenMillis) {
            seenMillis = nowMillis;
        }
    }
}
