package io.hongyan.im.core.hint;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.ObjLongConsumer;

/** What hints count since the server started. Any thread may add; whoever publishes metrics reads. */
public final class HintCounters {
    final LongAdder timed = new LongAdder();
    final LongAdder notTimed = new LongAdder();
    final LongAdder delivered = new LongAdder();
    final LongAdder lookups = new LongAdder();
    final LongAdder known = new LongAdder();
    final LongAdder given = new LongAdder();
    final LongAdder failed = new LongAdder();

    /** Names follow the Prometheus form without a prefix; every value only rises. */
    public void forEach(ObjLongConsumer<String> consumer) {
        consumer.accept("hint_timers_started_total", timed.sum());
        consumer.accept("hint_timers_refused_total", notTimed.sum());
        consumer.accept("hint_timers_delivered_total", delivered.sum());
        consumer.accept("hint_lookups_total", lookups.sum());
        consumer.accept("hint_lookups_failed_total", failed.sum());
        consumer.accept("hints_known_already_total", known.sum());
        consumer.accept("hints_given_total", given.sum());
    }
}
