package io.hongyan.broker.server;

import io.hongyan.broker.hook.DisconnectCause;
import io.hongyan.broker.hook.LastPacket;
import io.hongyan.runtime.FatalErrors;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gate's state of one event loop: its mailbox, its deadlines, and the connections that have something to write at
 * the end of this turn. Only its event loop calls it, except {@link #post}.
 */
final class GateLoop {
    private static final Logger LOG = LoggerFactory.getLogger(GateLoop.class);

    final Gate gate;
    final TimerWheel timers;
    final TopicTable topics;
    /** The packet that is being read. */
    final Frame frame = new Frame();

    /** Its index among the gate's loops. */
    final int index;

    /** Limit for the connections in one notice. */
    private static final int HEARD_PER_NOTICE_MAX = 1_000;

    /** Limit for the clients that are announced at once to a node that is back. */
    private static final int RESUMPTIONS_MAX = 256;

    private final EventLoop eventLoop;
    private final Mailbox mailbox = new Mailbox(this);
    private final ArrayList<Connection> touched = new ArrayList<>();
    private final ArrayDeque<MoquetteLink> waitingForMoquette = new ArrayDeque<>();
    private final ArrayDeque<Connection> toResume = new ArrayDeque<>();
    private final ArrayList<Connection> waitingForRoom = new ArrayList<>();
    private final Runnable turn = this::turn;
    private boolean nodeAway;
    private int resuming;
    private boolean turnScheduled;
    private int connectsInMoquette;
    private int lastSeenUpTo;
    /** By the gate's clock; other threads compute how long ago it was. */
    private volatile long lastTickMillis;

    GateLoop(Gate gate, EventLoop eventLoop, int index) {
        this.gate = gate;
        this.index = index;
        this.eventLoop = eventLoop;
        this.timers = new TimerWheel(gate.nowMillis());
        this.lastSeenUpTo = gate.now();
        this.lastTickMillis = gate.nowMillis();
        this.nodeAway = gate.nodeAway;
        this.topics = new TopicTable(gate.config.claimedPrefixes());
        eventLoop.scheduleAtFixedRate(
                this::tick, TimerWheel.TICK_MILLIS, TimerWheel.TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    boolean inEventLoop() {
        return eventLoop.inEventLoop();
    }

    /** How many milliseconds its tick is late: it has done nothing else for about that long. From any thread. */
    long lagMillis() {
        return Math.max(0, gate.nowMillis() - lastTickMillis - TimerWheel.TICK_MILLIS);
    }

    /** From any thread. */
    void post(Mail mail) {
        mailbox.post(mail);
    }

    /** From any thread; see {@link Mailbox#post(Mail, Mail)}. */
    void post(Mail last, Mail first) {
        mailbox.post(last, first);
    }

    void schedule() {
        eventLoop.execute(turn);
    }

    void execute(Runnable task) {
        eventLoop.execute(task);
    }

    /** Makes sure that the connection's {@link Connection#endTurn} is called before the loop waits again. */
    void touch(Connection connection) {
        touched.add(connection);
        if (!turnScheduled) {
            turnScheduled = true;
            schedule();
        }
    }

    /** Lets the link enter when Moquette has space for one more CONNECT. */
    void enterMoquette(MoquetteLink link) {
        waitingForMoquette.add(link);
        fillMoquette();
    }

    /** Moquette has completed one CONNECT, or never will. */
    void leftMoquette() {
        connectsInMoquette--;
        fillMoquette();
    }

    private void fillMoquette() {
        while (connectsInMoquette < gate.config.generic().connectsMax() && !waitingForMoquette.isEmpty()) {
            MoquetteLink link = waitingForMoquette.poll();
            connectsInMoquette++;
            try {
                if (!link.enter()) {
                    connectsInMoquette--;
                }
            } catch (Throwable failure) {
                // It still counts: it is removed when its connection has ended.
                link.failed(failure);
            }
        }
    }

    // ---- the node goes and comes back

    /** The node must not be asked: CONNECT is refused, connected clients wait. */
    boolean isNodeAway() {
        return nodeAway;
    }

    void nodeAway() {
        nodeAway = true;
        toResume.clear();
        resuming = 0;
        for (Connection connection : gate.connections()) {
            if (connection.loop == this) {
                connection.attempt(() -> NodeChange.away(connection));
            }
        }
    }

    void nodeBack() {
        nodeAway = false;
        for (Connection connection : gate.connections()) {
            if (connection.loop == this && connection.awaitsNode) {
                toResume.add(connection);
            }
        }
        resumeSome();
    }

    /** An announcement has been answered. */
    void resumedOne() {
        resuming--;
        resumeSome();
    }

    private void resumeSome() {
        while (resuming < RESUMPTIONS_MAX && !toResume.isEmpty()) {
            Connection next = toResume.poll();
            next.attempt(() -> {
                if (NodeChange.announce(next)) {
                    resuming++;
                }
            });
        }
    }

    void giveUpNode() {
        for (Connection connection : gate.connections()) {
            if (connection.loop == this && connection.awaitsNode) {
                connection.count(GateCounter.CONNECTIONS_GIVEN_UP);
                connection.attempt(() -> connection.disconnect(DisconnectCause.USE_ANOTHER_SERVER));
            }
        }
    }

    void waitForRoom(Connection connection) {
        waitingForRoom.add(connection);
    }

    void nodeRoomy() {
        List<Connection> waiting = List.copyOf(waitingForRoom);
        waitingForRoom.clear();
        waiting.forEach(connection -> connection.attempt(() -> NodeChange.roomy(connection)));
    }

    private void turn() {
        turnScheduled = true;
        for (Mail mail = mailbox.takeAll(); mail != null; ) {
            Mail next = mail.next;
            mail.next = null;
            mail.run();
            mail = next;
        }
        // The end of one connection's turn may add another connection.
        for (int i = 0; i < touched.size(); i++) {
            touched.get(i).endTurnIfTouched();
        }
        touched.clear();
        turnScheduled = false;
    }

    /** Never throws: that would end all later ticks, and all deadlines of this loop. */
    private void tick() {
        lastTickMillis = gate.nowMillis();
        try {
            timers.advance(gate.nowMillis());
            int now = gate.now();
            if (!nodeAway && now - lastSeenUpTo >= gate.config.deadlines().lastSeenMillis()) {
                tellLastSeen(lastSeenUpTo);
                lastSeenUpTo = now;
            }
        } catch (Throwable failure) {
            LOG.error("A tick of an event loop failed", failure);
            FatalErrors.escalate(failure);
        }
    }

    /** Tells the node which of this loop's connections sent something since the last notice. */
    private void tellLastSeen(int since) {
        List<LastPacket> packets = new ArrayList<>();
        for (Connection connection : gate.connections()) {
            if (connection.loop != this || !connection.connected() || connection.awaitsNode) {
                continue;
            }
            int last = connection.reader.lastPacketMillis();
            if (last - since >= 0) {
                packets.add(new LastPacket(connection.id, gate.timeOf(last)));
            }
            if (packets.size() == HEARD_PER_NOTICE_MAX) {
                gate.lastSeen(packets);
                packets = new ArrayList<>();
            }
        }
        if (!packets.isEmpty()) {
            gate.lastSeen(packets);
        }
    }
}
