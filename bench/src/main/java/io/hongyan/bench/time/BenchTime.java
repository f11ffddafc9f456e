package io.hongyan.bench.time;

/** The clock that measures and the pauses between measurements. */
public interface BenchTime {
    /** For intervals; starts anywhere. */
    long nanos();

    /** Milliseconds since 1970. */
    long epochMillis();

    /**
     * Lets other threads work for a while.
     *
     * @throws IllegalStateException if the thread is interrupted
     */
    void pause(long millis);
}
