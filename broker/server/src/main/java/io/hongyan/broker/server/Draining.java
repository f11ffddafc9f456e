package io.hongyan.broker.server;

import io.hongyan.broker.hook.ConnectionId;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Drains a gate: new clients are refused, connected ones are moved away in steps. Safe for many threads. */
final class Draining {
    /** Credit that moving one client takes; each millisecond adds the clients per second to the credit. */
    private static final long COST = 1_000;

    private final Gate gate;
    /** Clients that have been told to go. */
    private final Set<ConnectionId> told = ConcurrentHashMap.newKeySet();

    /** Null while the gate is not draining. */
    private volatile DrainPlan plan;

    private long credit;
    private long steppedAtMillis;

    Draining(Gate gate) {
        this.gate = gate;
    }

    /** Begins to drain; if it drains already, the new plan applies from now on. */
    synchronized void begin(DrainPlan next) {
        if (plan == null) {
            credit = 0;
            steppedAtMillis = gate.nowMillis();
        }
        plan = next;
    }

    /** Accepts clients again. Clients that have been told to go still go. */
    synchronized void end() {
        plan = null;
        told.clear();
    }

    /** Null while the gate is not draining. */
    DrainPlan plan() {
        return plan;
    }

    boolean refuses() {
        return plan != null;
    }

    /** The server reference for clients that have to go, null = none. */
    String serverReference() {
        DrainPlan current = plan;
        return current == null ? null : current.serverReference();
    }

    /** Tells the clients to go whose turn has come since the previous step, at most those of one second. */
    synchronized void step() {
        DrainPlan current = plan;
        if (current == null) {
            return;
        }
        long now = gate.nowMillis();
        long earned = Math.min(COST, now - steppedAtMillis) * current.clientsPerSecond();
        steppedAtMillis = now;
        credit = Math.min(credit + earned, COST * current.clientsPerSecond());
        told.removeIf(id -> gate.connection(id) == null);
        Iterator<Connection> all = gate.connections().iterator();
        while (credit >= COST && all.hasNext()) {
            Connection connection = all.next();
            if (told.add(connection.id)) {
                credit -= COST;
                connection.loop.post(new ConnectionMail(connection, Draining::moveAway));
            }
        }
    }

    /** Ends the connection once the requests of the client are answered; nothing more is read. On its event loop. */
    private static void moveAway(Connection connection) {
        if (connection.connected() && !connection.reader.heldFor(PacketReader.LEAVING)) {
            connection.reader.hold(PacketReader.LEAVING);
            connection.touch();
        }
    }
}
