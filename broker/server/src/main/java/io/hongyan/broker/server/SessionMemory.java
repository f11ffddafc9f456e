package io.hongyan.broker.server;

import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;

/**
 * What the gate keeps of a client's session in Moquette beyond the connection: its filters, which QoS 2 messages were
 * accepted and not yet released by the client, and Moquette's last packet id.
 */
final class SessionMemory {
    private final Set<String> filters = new HashSet<>(0);
    /** Bounded by the packet ids there are. */
    private final BitSet received = new BitSet(0);

    private int receivedCount;
    private int lastPacketId;

    Set<String> filters() {
        return filters;
    }

    /**
     * The client was told that this message was received; from now on a message with this id is the same one until the
     * client releases it.
     */
    void received(int packetId) {
        if (!received.get(packetId)) {
            received.set(packetId);
            receivedCount++;
        }
    }

    boolean hasReceived(int packetId) {
        return received.get(packetId);
    }

    /** Whether there was something to release. */
    boolean released(int packetId) {
        if (!received.get(packetId)) {
            return false;
        }
        received.clear(packetId);
        receivedCount--;
        return true;
    }

    int receivedCount() {
        return receivedCount;
    }

    /** The last id that Moquette has given to a delivery, 0 if there was none. */
    int lastPacketId() {
        return lastPacketId;
    }

    void lastPacketId(int packetId) {
        lastPacketId = packetId;
    }
}
