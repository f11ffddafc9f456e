package io.hongyan.bench.load;

import io.hongyan.bench.mqtt.ConnectionHandler;
import io.hongyan.bench.mqtt.ConnectionSettings;
import io.hongyan.bench.mqtt.MqttLoop;
import io.hongyan.bench.mqtt.TurnTask;
import java.util.ArrayDeque;
import java.util.function.Supplier;

/** Opens a loop's connections with a limited number under way at once; used on the loop's thread. */
final class Connector implements TurnTask {
    private final MqttLoop loop;
    private final int underWayMax;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private int underWay;
    private int ready;
    private int failed;
    private String firstFailure = "";

    /** @param settings asked for when its turn comes: a token for each of tens of thousands takes memory */
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

    void failed(String why) {
        underWay--;
        if (failed++ == 0) {
            firstFailure = why;
        }
    }

    int readyCount() {
        return ready;
    }

    int failedCount() {
        return failed;
    }

    int unfinished() {
        return waiting.size() + underWay;
    }

    String firstFailure() {
        return firstFailure;
    }
}
