package io.hongyan.broker.hook.grpc;

import io.hongyan.runtime.FatalErrors;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.slf4j.Logger;

/** Counters of all links of one process. Safe for many threads. */
public final class LinkCounters {
    private final LongAdder[] values =
            Stream.generate(LongAdder::new).limit(LinkCounter.values().length).toArray(LongAdder[]::new);

    public long value(LinkCounter counter) {
        return values[counter.ordinal()].sum();
    }

    /** Something that came over a link could not be handled, whatever the failure is; the caller ends the link. */
    void unreadable(Logger log, String end, Throwable failure) {
        increment(LinkCounter.BROKEN);
        log.error("A message of a {} could not be handled; the link is closed", end, failure);
        FatalErrors.escalate(failure);
    }

    void increment(LinkCounter counter) {
        values[counter.ordinal()].increment();
    }

    void add(LinkCounter counter, long amount) {
        values[counter.ordinal()].add(amount);
    }
}
