package io.hongyan.im.core.cluster;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Notices that this process stalled, as far as its clock went on. Gates and clients have turned to other nodes by then
 * and have their answers; what they had asked here before is not to be done any more.
 *
 * <p>It is noticed by whoever asks first, so that nothing is done before it is noticed. Somebody has to ask all the time,
 * much more often than what counts as standing still.
 */
public final class ProcessStall implements Fencing {
    private final LongSupplier nanoTime;
    private final long nanosMax;
    private long askedNanos;
    private FencingEpoch epoch = FencingEpoch.FIRST;
    private long longestNanos;

    /**
     * @param nanoTime a clock for durations that goes on while the process is stopped
     * @param millisMax longer than this between two questions is a process stall; shorter than others wait before they turn
     *     away
     */
    public ProcessStall(LongSupplier nanoTime, long millisMax) {
        this.nanoTime = nanoTime;
        this.nanosMax = TimeUnit.MILLISECONDS.toNanos(millisMax);
        this.askedNanos = nanoTime.getAsLong();
    }

    /** Of a process that nobody turns away from: nobody else was asked, however long it stood. */
    public static ProcessStall never() {
        return new ProcessStall(() -> 0, 0);
    }

    /** Its number says how often the process stalled. */
    @Override
    public synchronized FencingEpoch epoch() {
        long now = nanoTime.getAsLong();
        long passed = now - askedNanos;
        if (passed > nanosMax) {
            epoch = epoch.next();
            longestNanos = Math.max(longestNanos, passed);
        }
        askedNanos = now;
        return epoch;
    }

    /** The longest time it stalled, 0 = never did. */
    public synchronized long longestMillis() {
        return TimeUnit.NANOSECONDS.toMillis(longestNanos);
    }
}
