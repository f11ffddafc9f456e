package io.hongyan.im.core.simulation;

import io.hongyan.im.core.inbox.CloseReason;
import io.hongyan.im.core.inbox.Downlink;
import io.hongyan.im.core.inbox.Entry;
import io.hongyan.im.core.inbox.EntryStream;
import io.hongyan.im.core.inbox.HeldPushes;
import io.hongyan.im.core.inbox.Notice;
import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.message.StoredMessage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The gates' ends of all connections to one run of the service. */
final class SimulatedGate implements Downlink {
    private static final long TICK_MILLIS = 500;

    private final World world;
    private final Map<ConnectionKey, SimulatedConnection> connections = new LinkedHashMap<>();
    private boolean accepts = true;

    SimulatedGate(World world) {
        this.world = world;
    }

    /** Looks for deadlines from now on. */
    void start(Life life) {
        world.scheduler().after(TICK_MILLIS, life, () -> {
            List.copyOf(connections.values()).forEach(SimulatedConnection::checkDeadlines);
            start(life);
        });
    }

    /** A connection has come; one of the same client on the same gate is ended first. */
    void add(SimulatedConnection newcomer) {
        for (SimulatedConnection old : List.copyOf(connections.values())) {
            if (old.key().gate().equals(newcomer.key().gate()) && old.device() == newcomer.device()) {
                old.end("taken over");
            }
        }
        connections.put(newcomer.key(), newcomer);
    }

    void remove(SimulatedConnection connection) {
        connections.remove(connection.key());
    }

    int size() {
        return connections.size();
    }

    boolean accepts() {
        return accepts;
    }

    void stopAccepting() {
        accepts = false;
    }

    void endAll(String why) {
        List.copyOf(connections.values()).forEach(connection -> connection.end(why));
    }

    void killAll() {
        List.copyOf(connections.values()).forEach(SimulatedConnection::killed);
    }

    @Override
    public OutgoingMessage prepare(StoredMessage message) {
        return (stream, seq) -> deliver(stream, new Entry.OfMessage(seq, message));
    }

    @Override
    public Gathering gather() {
        return new HeldPushes(this::prepare);
    }

    @Override
    public void push(EntryStream stream, Entry.OfEvent entry) {
        deliver(stream, entry);
    }

    private void deliver(EntryStream stream, Entry entry) {
        SimulatedConnection connection = connections.get(stream.connection());
        if (connection != null) {
            connection.push(stream, entry);
        }
    }

    @Override
    public boolean notice(ConnectionKey key, Notice notice) {
        SimulatedConnection connection = connections.get(key);
        if (connection != null) {
            connection.notice(notice);
        }
        return connection != null;
    }

    @Override
    public void close(ConnectionKey key, CloseReason reason) {
        SimulatedConnection connection = connections.get(key);
        if (connection != null) {
            connection.closeSoon(reason);
        }
    }
}
