package io.hongyan.im.adapter.mqtt;

import java.util.concurrent.atomic.LongAdder;

/** The adapter's counters since its start; any thread may read them. */
public final class MqttCounters {
    private final LongAdder[] values = new LongAdder[MqttCounter.values().length];

    public MqttCounters() {
        for (int i = 0; i < values.length; i++) {
            values[i] = new LongAdder();
        }
    }

    public long value(MqttCounter counter) {
        return values[counter.ordinal()].sum();
    }

    void increment(MqttCounter counter) {
        values[counter.ordinal()].increment();
    }
}
