package io.hongyan.broker.server;

import io.hongyan.metrics.Histogram;
import java.util.concurrent.atomic.LongAdder;

/** The gate's counters since its start; any thread may read them. */
public final class GateCounters {
    private final LongAdder[] values = new LongAdder[GateCounter.values().length];

    /** Time from reading a PUBLISH until its PUBACK with success was written; topics of the node at QoS 1. */
    final Histogram publishTimes = new Histogram();
    /** Time from reading a CONNECT until its CONNACK with success was written. */
    final Histogram connectTimes = new Histogram();

    GateCounters() {
        for (int i = 0; i < values.length; i++) {
            values[i] = new LongAdder();
        }
    }

    public long value(GateCounter counter) {
        return values[counter.ordinal()].sum();
    }

    /** How long PUBLISH packets at QoS 1 on topics of the node waited for their PUBACK. */
    public Histogram publishTimes() {
        return publishTimes;
    }

    /** How long accepted CONNECTs waited for their CONNACK. */
    public Histogram connectTimes() {
        return connectTimes;
    }

    /** Shows every counter once, in the order of the enumeration. */
    public void forEach(Reader reader) {
        for (GateCounter counter : GateCounter.values()) {
            reader.read(counter.metric(), counter.help(), value(counter));
        }
    }

    void increment(GateCounter counter) {
        values[counter.ordinal()].increment();
    }

    void add(GateCounter counter, long amount) {
        values[counter.ordinal()].add(amount);
    }

    /** Receives one counter. */
    @FunctionalInterface
    public interface Reader {
        void read(String metric, String help, long value);
    }
}
