package io.hongyan.metrics;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What one part has counted since it was made, by the constants of an enumeration; values only rise. Any thread may add and read.
 */
public class Counters<C extends Enum<C> & Counter> {
    private final List<C> all;
    private final LongAdder[] values;

    public Counters(Class<C> enumeration) {
        all = List.of(enumeration.getEnumConstants());
        values = Stream.generate(LongAdder::new).limit(all.size()).toArray(LongAdder[]::new);
    }

    /** What there is to count, in the order of the enumeration. */
    public final List<C> all() {
        return all;
    }

    public final long value(C counter) {
        return values[counter.ordinal()].sum();
    }

    public final void increment(C counter) {
        values[counter.ordinal()].increment();
    }

    public final void add(C counter, long amount) {
        values[counter.ordinal()].add(amount);
    }

    /** Each with its value, but for those that are 0. */
    @Override
    public final String toString() {
        return all.stream()
                .filter(counter -> value(counter) != 0)
                .map(counter -> counter.metric() + '=' + value(counter))
                .collect(Collectors.joining(", "));
    }
}
