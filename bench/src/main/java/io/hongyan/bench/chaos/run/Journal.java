package io.hongyan.bench.chaos.run;

import io.hongyan.bench.chaos.history.HistoryEvent;
import io.hongyan.bench.chaos.history.HistoryFile;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;

/** Writes the history and stamps each event with the time since the run began. Safe for many threads. */
final class Journal {
    private final HistoryFile.Writer file;
    private final LongSupplier nanoClock;
    private final long begunNanos;
    private final AtomicLong acknowledged = new AtomicLong();

    Journal(HistoryFile.Writer file, LongSupplier nanoClock) {
        this.file = file;
        this.nanoClock = nanoClock;
        this.begunNanos = nanoClock.getAsLong();
    }

    /** @param event makes the event from the time */
    void write(LongFunction<HistoryEvent> event) {
        HistoryEvent made = event.apply(millis());
        if (made instanceof HistoryEvent.Ack) {
            acknowledged.incrementAndGet();
        }
        file.write(made);
    }

    /** Milliseconds since the run began. */
    long millis() {
        return TimeUnit.NANOSECONDS.toMillis(nanoClock.getAsLong() - begunNanos);
    }

    /** PUBACKs so far. */
    long acknowledged() {
        return acknowledged.get();
    }
}
