package io.hongyan.bench.load;

import io.hongyan.bench.mqtt.ConnectionHandler;
import io.hongyan.bench.mqtt.ConnectionSettings;
import io.hongyan.bench.mqtt.MqttLoop;
import io.hongyan.bench.mqtt.TurnTask;
import java.util.ArrayDeque;
import java.util.function.Supplier;

/**
 * Opens a loop's connections with a limited number at once; works on the loop's thread while it is one of the loop's
 * turn tasks.
 */
final class Connector implements TurnTask {
    /** Plain Moquette closes some clients whose SUBSCRIBE follows at once; they try again, and are counted. */
    private static final int RETRIES_MAX = 500;

    private final MqttLoop loop;
    private final int underWayMax;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private int underWay;
    private int ready;
    private int retried;
    private int failed;
    private String firstFailure = "";

    /**
     * Its progress.
     *
     * @param retried failed attempts that were repeated
     * @param failed clients given up
     */
    record State(int ready, int unfinished, int retried, int failed, String firstFailure) {}

    /** @param settings called when its turn comes: tokens for tens of thousands of clients take memory */
    private record Waiting(Supplier<ConnectionSettings> settings, ConnectionHandler handler) {}

    Connector(MqttLoop loop, int underWayMax) {
        this.loop = loop;
        this.underWayMax = underWayMax;
    }

    /** The handler must call {@link #ready} or {@link #failed} once. */
    void add(Supplier<ConnectionSettings> settings, ConnectionHandler handler) {
        waiting.add(new Waiting(settings, handler));
    }

    @Override
    public long run(long nowNanos) {
        while (underWay < underWayMax && !waiting.isEmpty()) {
            Waiting next = waiting.poll();
            underWay++;
            loop.open(next.settings().get(), next.handler());
        }
        return NOT_DUE;
    }

    void ready() {
        underWay--;
        ready++;
    }

    /** A client's attempt has failed: it is repeated unless there were too many. */
    void failed(Supplier<ConnectionSettings> settings, ConnectionHandler handler, String why) {
        underWay--;
        if (firstFailure.isEmpty()) {
            firstFailure = why;
        }
        if (retried < RETRIES_MAX) {
            retried++;
            add(settings, handler);
        } else {
            failed++;
        }
    }

    State state() {
        return new State(ready, waiting.size() + underWay, retried, failed, firstFailure);
    }
}
