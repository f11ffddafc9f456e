package io.hongyan.im.core.hint;

/** A user who is timed: one look at the inbox is due. Its monitor guards it; {@link #next} belongs to the ring. */
final class PendingHint {
    final String uid;

    /** In the same slot of the ring. */
    PendingHint next;

    /** Number of the entry whose age is timed. */
    private long first;

    private long last;
    private long lastTick;
    private long acknowledged;
    private boolean over;

    /** What a look came to. */
    enum Look {
        /** All that was announced has been received or told: the object is of no use any more. */
        OVER,
        /** What was timed has been received, something later has not: to be looked at again at {@link #dueTick}. */
        LATER,
        UNDELIVERED
    }

    PendingHint(String uid, long seq, long tick) {
        this.uid = uid;
        this.first = seq;
        this.last = seq;
        this.lastTick = tick;
    }

    /** @return false if it is over, and takes nothing more */
    synchronized boolean announced(long seq, long tick) {
        if (!over && seq > last) {
            last = seq;
            lastTick = tick;
        }
        return !over;
    }

    synchronized void acknowledged(long seq) {
        acknowledged = Math.max(acknowledged, seq);
    }

    synchronized long acknowledged() {
        return acknowledged;
    }

    /** @param cursor what a device has acknowledged, as far as the storage knows */
    synchronized Look look(long cursor) {
        acknowledged = Math.max(acknowledged, cursor);
        return acknowledged < first ? Look.UNDELIVERED : settled(acknowledged);
    }

    /** Nothing up to {@code seq} is of interest any more. */
    synchronized Look settled(long seq) {
        if (last <= seq) {
            over = true;
            return Look.OVER;
        }
        first = last;
        return Look.LATER;
    }

    /** When the newest entry was announced. */
    synchronized long lastTick() {
        return lastTick;
    }
}
