package io.hongyan.bench.load;

import io.hongyan.bench.report.Progress;
import io.hongyan.bench.time.BenchTime;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Waits for progress of a load, updating the progress line. */
final class Watch {
    private static final long POLL_MILLIS = 20;
    private static final long STEP_MILLIS = 500;
    private static final long NANOS_PER_MILLI = 1_000_000L;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final String name;
    private final BenchTime time;
    private final Progress progress;

    Watch(String name, BenchTime time, Progress progress) {
        this.name = name;
        this.time = time;
        this.progress = progress;
    }

    /**
     * Waits until every client is connected.
     *
     * @throws LoadFailure if one could not, even after repetitions, or it takes too long
     */
    void untilConnected(Supplier<List<Connector.State>> connectors, long millisMax) {
        long giveUp = time.nanos() + millisMax * NANOS_PER_MILLI;
        while (true) {
            int unfinished = 0;
            for (Connector.State state : connectors.get()) {
                if (state.failed() > 0) {
                    throw new LoadFailure(name + ": clients could not connect, the first: " + state.firstFailure());
                }
                unfinished += state.unfinished();
            }
            if (unfinished == 0) {
                return;
            }
            if (time.nanos() > giveUp) {
                throw new LoadFailure(name + ": " + unfinished + " clients did not connect in time");
            }
            progress.at(String.format("%s: connecting, %,d to go", name, unfinished));
            time.pause(POLL_MILLIS);
        }
    }

    /** Waits until a time, showing the rate of what is counted. */
    void until(long nanos, String phase, LongSupplier count) {
        long before = time.nanos();
        long countBefore = count.getAsLong();
        for (long left = nanos - time.nanos(); left > 0; left = nanos - time.nanos()) {
            time.pause(Math.min(STEP_MILLIS, Math.max(1, left / NANOS_PER_MILLI)));
            long now = time.nanos();
            if (nanos - now > STEP_MILLIS * NANOS_PER_MILLI) {
                long counted = count.getAsLong();
                long perSecond = (counted - countBefore) * NANOS_PER_SECOND / Math.max(1, now - before);
                progress.at(String.format(
                        "%s: %s, %,d messages/s, %d s left", name, phase, perSecond, (nanos - now) / NANOS_PER_SECOND));
                before = now;
                countBefore = counted;
            }
        }
    }

    /**
     * Waits until nothing is left, or nothing has moved for a while. Both are seen by looking: while this process stands
     * still, nothing is given up.
     *
     * @param left how much is still to come
     * @return whether nothing is left
     */
    boolean untilNone(LongSupplier left, String phase, long quietMillisMax, long millisMax) {
        long end = time.nanos() + millisMax * NANOS_PER_MILLI;
        long before = Long.MAX_VALUE;
        long quietLooks = 0;
        while (true) {
            boolean last = time.nanos() >= end;
            long now = left.getAsLong();
            if (now <= 0) {
                return true;
            }
            quietLooks = now == before ? quietLooks + 1 : 0;
            before = now;
            if (last || quietLooks * POLL_MILLIS >= quietMillisMax) {
                return false;
            }
            progress.at(String.format("%s: %s, %,d to go", name, phase, now));
            time.pause(POLL_MILLIS);
        }
    }
}
