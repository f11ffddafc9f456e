package io.hongyan.broker.server;

import io.hongyan.metrics.Counters;
import io.hongyan.metrics.Histogram;

/** What the gate counts and measures since its start. */
public final class GateCounters extends Counters<GateCounter> {
    /** Time from reading a PUBLISH until its PUBACK with success was written; topics of the node at QoS 1. */
    final Histogram publishTimes = new Histogram();
    /** Time from reading a CONNECT until its CONNACK with success was written. */
    final Histogram connectTimes = new Histogram();

    GateCounters() {
        super(GateCounter.class);
    }

    /** How long PUBLISH packets at QoS 1 on topics of the node waited for their PUBACK. */
    public Histogram publishTimes() {
        return publishTimes;
    }

    /** How long accepted CONNECTs waited for their CONNACK. */
    public Histogram connectTimes() {
        return connectTimes;
    }
}
