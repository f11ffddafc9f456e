package io.hongyan.broker.server;

import io.hongyan.broker.hook.DisconnectCause;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Frees direct memory before it is used up, because an event loop that cannot allocate any serves nobody. Above the
 * first mark new sockets are closed, and some of those that are not logged in; above the second mark the connections
 * that hold most. One thread calls it.
 */
final class MemoryGuard {
    /** Marks, as shares of the direct memory. */
    static final double NO_NEW_ABOVE = 0.7;

    static final double CLOSE_ABOVE = 0.85;
    /** Share of the sockets that are not logged in that each check closes. */
    private static final int HANDSHAKES_PART = 4;
    /** Connections that each check closes. */
    private static final int CLOSED_PER_LOOK = 16;

    private final Gate gate;
    private final DirectMemory memory;

    MemoryGuard(Gate gate, DirectMemory memory) {
        this.gate = gate;
        this.memory = memory;
    }

    double used() {
        return memory.max() <= 0 ? 0 : (double) memory.used() / memory.max();
    }

    void look() {
        double used = used();
        gate.addresses.takeNone(used > NO_NEW_ABOVE);
        if (used > NO_NEW_ABOVE) {
            gate.log.count("memory for buffers is short: new sockets are closed", () -> Math.round(used * 100) + " %");
            gate.handshakes.shed(gate.handshakes.sockets() / HANDSHAKES_PART + 1);
        }
        if (used > CLOSE_ABOVE) {
            closeLargest();
        }
    }

    private record Holder(Connection connection, long bytes) {}

    private void closeLargest() {
        List<Holder> holders = new ArrayList<>();
        for (Connection connection : gate.connections()) {
            long bytes = heldBytes(connection);
            if (bytes > 0) {
                holders.add(new Holder(connection, bytes));
            }
        }
        holders.sort(Comparator.comparingLong(Holder::bytes).reversed());
        for (Holder holder : holders.subList(0, Math.min(CLOSED_PER_LOOK, holders.size()))) {
            Connection connection = holder.connection;
            gate.counters.increment(GateCounter.CONNECTIONS_SHED);
            connection.loop.post(new ConnectionMail(
                    connection,
                    it -> it.cut(DisconnectCause.QUOTA_EXCEEDED, EndLog.MEMORY_IS_SHORT, "bytes=" + holder.bytes)));
        }
    }

    /** Approximately, because another thread reads it. */
    private static long heldBytes(Connection connection) {
        Channel channel = connection.channel;
        ChannelOutboundBuffer unsent = channel.unsafe().outboundBuffer();
        return (unsent == null ? 0 : unsent.totalPendingWriteBytes()) + connection.reader.pendingBytes();
    }
}
