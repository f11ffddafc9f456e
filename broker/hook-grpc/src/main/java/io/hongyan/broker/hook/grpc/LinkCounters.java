package io.hongyan.broker.hook.grpc;

import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** Counters of all links of one process. Safe for many threads. */
public final class LinkCounters {
    private final LongAdder[] values =
            Stream.generate(LongAdder::new).limit(LinkCounter.values().length).toArray(LongAdder[]::new);

    public long value(LinkCounter counter) {
        return values[counter.ordinal()].sum();
    }

    void increment(LinkCounter counter) {
        values[counter.ordinal()].increment();
    }

    void add(LinkCounter counter, long amount) {
        values[counter.ordinal()].add(amount);
    }
}
