package io.hongyan.broker.hook.grpc;

import io.hongyan.broker.hook.grpc.v1.Item;
import java.util.ArrayList;
import java.util.List;

/** What a node keeps for a connection of a linked gate. There are many, so it is small. */
final class LinkedConnection {
    final long expirySeconds;
    volatile long lastPacketAtMillis;

    /** Its pushes need no special treatment. */
    private volatile boolean plain = true;

    // Guarded by this.
    private boolean overflowed;
    /** Null while nothing is held. */
    private List<Item> held;

    LinkedConnection(long expirySeconds, long lastPacketAtMillis) {
        this.expirySeconds = expirySeconds;
        this.lastPacketAtMillis = lastPacketAtMillis;
    }

    boolean isPlain() {
        return plain;
    }

    /** Pushes to it wait for {@link #release}, for a moment. */
    synchronized void hold() {
        held = new ArrayList<>(0);
        plain = false;
    }

    /** @return false if the push is to be sent at once */
    synchronized boolean held(Item item) {
        return held != null && held.add(item);
    }

    synchronized void release(SendQueue sendQueue) {
        held.forEach(sendQueue::add);
        held = null;
        plain = !overflowed;
    }

    synchronized boolean overflowed() {
        return overflowed;
    }

    /**
     * A push to it could not be sent, so no more may be sent.
     *
     * @return whether this is new
     */
    synchronized boolean overflow() {
        boolean before = overflowed;
        overflowed = true;
        plain = false;
        return !before;
    }
}
