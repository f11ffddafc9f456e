package io.hongyan.broker.hook.grpc;

import io.hongyan.broker.hook.grpc.v1.Item;
import java.util.ArrayList;
import java.util.List;

/** What a logic node keeps of a connection of a linked gate. There are many: it is kept small. */
final class LinkedConnection {
    final long expirySeconds;
    volatile long lastPacketAtMillis;

    /** Nothing special is to be done with its pushes. */
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

    /** What it is sent waits for {@link #release}: a moment. */
    synchronized void hold() {
        held = new ArrayList<>(0);
        plain = false;
    }

    /** @return false where it is to be sent at once */
    synchronized boolean held(Item item) {
        return held != null && held.add(item);
    }

    synchronized void release(Outbox outbox) {
        held.forEach(outbox::add);
        held = null;
        plain = !overflowed;
    }

    synchronized boolean overflowed() {
        return overflowed;
    }

    /**
     * Something for it could not be sent, so nothing may be sent any more.
     *
     * @return whether that is new
     */
    synchronized boolean overflow() {
        boolean before = overflowed;
        overflowed = true;
        plain = false;
        return !before;
    }
}
