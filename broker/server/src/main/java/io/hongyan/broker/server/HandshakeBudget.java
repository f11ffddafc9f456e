package io.hongyan.broker.server;

import io.hongyan.broker.hook.DisconnectCause;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What sockets that are not logged in may hold together. If there are too many or they hold too much, the oldest one of
 * the address that holds most is closed: an address that opens many is the first to lose some. Safe for many threads.
 */
final class HandshakeBudget {
    /** What a socket counts for at least, even if nothing comes from it; most CONNECTs are shorter. */
    static final int SOCKET_BYTES = 4_096;

    private final Gate gate;
    private final Map<InetAddress, Holder> holders = new HashMap<>();
    private final TreeMap<Long, LinkedHashSet<Holder>> byBytes = new TreeMap<>();
    private int sockets;
    private long bytes;

    HandshakeBudget(Gate gate) {
        this.gate = gate;
    }

    /** The unauthenticated sockets of one address, oldest first. */
    private static final class Holder {
        private final InetAddress address;
        private final LinkedHashSet<Connection> sockets = new LinkedHashSet<>();
        private long bytes;

        Holder(InetAddress address) {
            this.address = address;
        }
    }

    void enter(Connection connection) {
        synchronized (this) {
            Holder holder = holders.computeIfAbsent(connection.address, Holder::new);
            holder.sockets.add(connection);
            connection.handshakeBytes = SOCKET_BYTES;
            sockets++;
            add(holder, SOCKET_BYTES);
        }
        evict();
    }

    /** The socket has sent so many bytes so far. */
    void received(Connection connection, int total) {
        synchronized (this) {
            Holder holder = holders.get(connection.address);
            if (total <= connection.handshakeBytes || holder == null || !holder.sockets.contains(connection)) {
                return;
            }
            add(holder, total - connection.handshakeBytes);
            connection.handshakeBytes = total;
        }
        evict();
    }

    /** The socket is logged in or closed; may be called again. */
    synchronized void leave(Connection connection) {
        Holder holder = holders.get(connection.address);
        if (holder != null && holder.sockets.remove(connection)) {
            sockets--;
            add(holder, -connection.handshakeBytes);
        }
    }

    synchronized int sockets() {
        return sockets;
    }

    /** Closes about so many of them, because memory is short. */
    void shed(int number) {
        for (int i = 0; i < number; i++) {
            Connection victim = takeVictim(true);
            if (victim == null) {
                return;
            }
            close(victim, EndLog.MEMORY_IS_SHORT);
        }
    }

    /** Closes all of them, because the server stops. */
    void closeAll() {
        List<Connection> all = new ArrayList<>();
        synchronized (this) {
            holders.values().forEach(holder -> all.addAll(holder.sockets));
        }
        for (Connection connection : all) {
            connection.loop.post(new ConnectionMail(connection, it -> {
                if (!it.connected()) {
                    it.cut(DisconnectCause.SERVER_SHUTTING_DOWN, null, null);
                }
            }));
        }
    }

    private void evict() {
        for (Connection victim = takeVictim(false); victim != null; victim = takeVictim(false)) {
            close(victim, EndLog.TOO_MANY_HANDSHAKES);
        }
    }

    /** The socket to close, which is counted; null if there is none. */
    private synchronized Connection takeVictim(boolean memoryIsShort) {
        FloodLimits.HandshakeLimits limits = gate.flood().handshakes();
        boolean tooMany = sockets > limits.socketsMax();
        if (byBytes.isEmpty() || !memoryIsShort && !tooMany && bytes <= limits.bytesMax()) {
            return null;
        }
        GateCounter ofSockets = tooMany ? GateCounter.HANDSHAKES_SHED : GateCounter.HANDSHAKE_BYTES_SHED;
        gate.counters.increment(memoryIsShort ? GateCounter.CONNECTIONS_SHED : ofSockets);
        Holder most = byBytes.lastEntry().getValue().iterator().next();
        Iterator<Connection> oldest = most.sockets.iterator();
        Connection victim = oldest.next();
        oldest.remove();
        sockets--;
        add(most, -victim.handshakeBytes);
        return victim;
    }

    private void close(Connection victim, String reason) {
        victim.loop.post(new ConnectionMail(victim, connection -> {
            if (!connection.connected()) {
                connection.cut(DisconnectCause.QUOTA_EXCEEDED, reason, null);
            }
        }));
    }

    private void add(Holder holder, long amount) {
        bytes += amount;
        LinkedHashSet<Holder> equals = byBytes.get(holder.bytes);
        if (equals != null && equals.remove(holder) && equals.isEmpty()) {
            byBytes.remove(holder.bytes);
        }
        holder.bytes += amount;
        if (holder.sockets.isEmpty()) {
            holders.remove(holder.address);
        } else {
            byBytes.computeIfAbsent(holder.bytes, none -> new LinkedHashSet<>()).add(holder);
        }
    }
}
