package io.hongyan.bench.load;

import io.hongyan.bench.mqtt.PacketIds;
import io.hongyan.bench.mqtt.TurnTask;
import java.util.Arrays;

/**
 * Decides when a sender sends, and from when each message's latency counts.
 *
 * <p>Closed loop: whenever fewer than {@code window} are unacknowledged; latency counts from the sending. Open loop: at
 * fixed times whatever the server does; latency counts from the time a message was meant to be sent, so that a stalled
 * server is charged for every message that had to wait ("coordinated omission", after Gil Tene).
 */
final class SendPacer {
    private static final long FREE = Long.MIN_VALUE;

    private final PacketIds ids;
    private final long[] intendedById;
    private final OpenLoop openLoop;
    private final long stopNanos;
    private final long messagesMax;
    private long sent;

    /**
     * The times of an open loop: the i-th message of this sender is meant for {@code baseNanos + (i * stride + phase) *
     * stepNanos}.
     */
    record OpenLoop(long baseNanos, double stepNanos, int stride, int phase) {
        long intendedNanos(long i) {
            return baseNanos + (long) ((i * stride + phase) * stepNanos);
        }
    }

    private SendPacer(int inFlightMax, OpenLoop openLoop, long stopNanos, long messagesMax) {
        this.ids = new PacketIds(inFlightMax);
        this.intendedById = new long[inFlightMax + 1];
        this.openLoop = openLoop;
        this.stopNanos = stopNanos;
        this.messagesMax = messagesMax;
        Arrays.fill(intendedById, FREE);
    }

    static SendPacer closedLoop(int window, long stopNanos) {
        return new SendPacer(window, null, stopNanos, Long.MAX_VALUE);
    }

    /** A closed loop that ends after so many messages instead of at a time. */
    static SendPacer closedLoopOf(long messages, int window) {
        return new SendPacer(window, null, Long.MAX_VALUE, messages);
    }

    /** @param inFlightMax how many may be unacknowledged before sends are delayed (their latency counts on) */
    static SendPacer openLoop(OpenLoop times, int inFlightMax, long stopNanos) {
        return new SendPacer(inFlightMax, times, stopNanos, Long.MAX_VALUE);
    }

    boolean mayBeSent(long nowNanos) {
        long intended = intendedNanos(nowNanos);
        return intended <= nowNanos && intended < stopNanos && sent < messagesMax && !ids.isEmpty();
    }

    /** Takes the packet id of the next message; {@link #mayBeSent} must be true. */
    int take(long nowNanos) {
        int id = ids.take();
        intendedById[id] = intendedNanos(nowNanos);
        sent++;
        return id;
    }

    long intendedOf(int id) {
        return intendedById[id];
    }

    /** Frees an id; false if it was not in use. */
    boolean acknowledged(int id) {
        if (id >= intendedById.length || intendedById[id] == FREE) {
            return false;
        }
        intendedById[id] = FREE;
        ids.giveBack(id);
        return true;
    }

    int unacknowledged() {
        return ids.inUse();
    }

    /** When the next message is due; {@link TurnTask#NOT_DUE} if an acknowledgement must come first. */
    long dueNanos() {
        return openLoop == null ? TurnTask.NOT_DUE : openLoop.intendedNanos(sent);
    }

    private long intendedNanos(long nowNanos) {
        return openLoop == null ? nowNanos : openLoop.intendedNanos(sent);
    }
}
