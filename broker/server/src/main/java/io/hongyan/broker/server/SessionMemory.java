package io.hongyan.broker.server;

import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;

/**
 * What the gate knows of a client's session in Moquette, as far as it outlives the connection: which filters it holds, which
 * messages of quality of service 2 have been taken and not been released by the client, and where Moquette's packet ids are.
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

    /** The client has been told that this message has come; from now on it is the same one until the client releases it. */
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

    /** The last id Moquette has given to a delivery, 0 where there was none. */
    int lastPacketId() {
        return lastPacketId;
    }

    void lastPacketId(int packetId) {
        lastPacketId = packetId;
    }
}
