package io.hongyan.broker.server;

/**
 * The deadlines of one event loop's connections, one entry per connection. An entry is checked when its slot's time
 * comes and returns its next time itself, so that traffic hardly touches the wheel.
 */
final class TimerWheel {
    static final int TICK_MILLIS = 100;
    private static final int SLOTS = 512;

    private final Entry[] slots = new Entry[SLOTS];
    private final long startMillis;
    private long tick;

    TimerWheel(long nowMillis) {
        startMillis = nowMillis;
    }

    /** Makes sure that the entry is checked by then, or earlier if that was planned already. */
    void watch(Entry entry, long dueMillis) {
        long dueTick = Math.max(tick + 1, (dueMillis - startMillis) / TICK_MILLIS + 1);
        if (entry.slot >= 0) {
            if (entry.dueTick <= dueTick) {
                return;
            }
            forget(entry);
        }
        // A time beyond the horizon: the entry is checked early, finds nothing due and is entered again.
        entry.dueTick = Math.min(dueTick, tick + SLOTS - 1);
        entry.slot = (int) (entry.dueTick % SLOTS);
        Entry first = slots[entry.slot];
        entry.later = first;
        if (first != null) {
            first.earlier = entry;
        }
        slots[entry.slot] = entry;
    }

    void forget(Entry entry) {
        if (entry.slot < 0) {
            return;
        }
        if (entry.earlier == null) {
            slots[entry.slot] = entry.later;
        } else {
            entry.earlier.later = entry.later;
        }
        if (entry.later != null) {
            entry.later.earlier = entry.earlier;
        }
        entry.earlier = null;
        entry.later = null;
        entry.slot = -1;
    }

    /** Checks every entry whose time has come. */
    void advance(long nowMillis) {
        long now = (nowMillis - startMillis) / TICK_MILLIS;
        while (tick < now) {
            tick++;
            int slot = (int) (tick % SLOTS);
            for (Entry due = slots[slot]; due != null; due = slots[slot]) {
                forget(due);
                try {
                    due.expired();
                } catch (Throwable failure) {
                    due.taskFailed(failure);
                }
            }
        }
    }

    /** A thing with deadlines. */
    abstract static class Entry {
        private Entry earlier;
        private Entry later;
        private int slot = -1;
        private long dueTick;

        /** The entry is out of the wheel now; it may enter itself again. */
        abstract void expired();

        /** Checking it failed. Does not throw. */
        abstract void taskFailed(Throwable failure);
    }
}
