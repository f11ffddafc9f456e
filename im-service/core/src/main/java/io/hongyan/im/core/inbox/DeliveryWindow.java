package io.hongyan.im.core.inbox;

/**
 * What the streams of one connection share: room for entries that are not acknowledged yet, and how many of its sends
 * have their outcome. Guarded by the connection's monitor.
 */
final class DeliveryWindow {
    static final int NO_ALLOWANCE = 0;
    static final int ANY_NUMBER = Integer.MAX_VALUE;

    private final DeliveryLimits limits;
    private final int entriesMax;
    private int entries;
    private int bytes;
    /** Entries that may be sent before the turn of another stream. */
    private int allowance = ANY_NUMBER;

    private long sendsSubmitted;
    private long sendsAnswered;

    /** @param receiveMaximum unacknowledged entries the client takes */
    DeliveryWindow(int receiveMaximum, DeliveryLimits limits) {
        this.limits = limits;
        this.entriesMax = Math.min(receiveMaximum, limits.windowEntriesMax());
    }

    /** One entry is always let through, however large it is. */
    boolean closedTo(int entryBytes) {
        return allowance == 0 || entries > 0 && (entries >= entriesMax || bytes + entryBytes > limits.windowBytesMax());
    }

    boolean full() {
        return entries >= entriesMax;
    }

    int entries() {
        return entries;
    }

    void take(int entryBytes) {
        entries++;
        bytes += entryBytes;
        if (allowance != ANY_NUMBER) {
            allowance--;
        }
    }

    void release(int entryBytes) {
        entries--;
        bytes -= entryBytes;
    }

    void allow(int entriesUntilNextTurn) {
        allowance = entriesUntilNextTurn;
    }

    void sendSubmitted() {
        sendsSubmitted++;
    }

    void sendAnswered() {
        sendsAnswered++;
    }

    long sendsSubmitted() {
        return sendsSubmitted;
    }

    long sendsAnswered() {
        return sendsAnswered;
    }
}
