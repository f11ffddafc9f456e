package io.hongyan.bench.load;

import io.hongyan.bench.mqtt.TurnTask;
import java.util.List;

/** Lets the pairs of one loop send at their times, in turn. */
final class OpenLoopTask implements TurnTask {
    private final List<Pair> pairs;
    private final SendPacer.OpenLoop times;
    private final long stopNanos;
    private long next;

    /** @param times those of this loop's pairs together: its i-th message belongs to pair i modulo their number */
    OpenLoopTask(List<Pair> pairs, SendPacer.OpenLoop times, long stopNanos) {
        this.pairs = pairs;
        this.times = times;
        this.stopNanos = stopNanos;
    }

    @Override
    public long run(long nowNanos) {
        long due = times.intendedNanos(next);
        while (due <= nowNanos && due < stopNanos) {
            pairs.get((int) (next % pairs.size())).send();
            next++;
            due = times.intendedNanos(next);
        }
        return due < stopNanos ? due : NOT_DUE;
    }
}
