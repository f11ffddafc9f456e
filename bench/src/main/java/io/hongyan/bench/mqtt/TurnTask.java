package io.hongyan.bench.mqtt;

/** Work that a loop does once in each of its turns: open-loop sending, paced connecting. */
public interface TurnTask {
    /** Returned by {@link #run} when only a packet or a task gives it something to do. */
    long NOT_DUE = Long.MAX_VALUE;

    /**
     * Does what is due, on the loop's thread.
     *
     * @param nowNanos the loop's clock
     * @return when, on the same clock, it must run again at the latest
     */
    long run(long nowNanos);
}
