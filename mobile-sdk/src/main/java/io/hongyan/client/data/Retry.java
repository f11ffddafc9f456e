package io.hongyan.client.data;

/** When something that the server cannot do now is tried again: after 1, 2, 4 … 60 seconds. */
final class Retry {
    private static final long FIRST_MILLIS = 1_000;
    private static final long LONGEST_MILLIS = 60_000;

    private long pauseMillis;
    private long dueMillis = Long.MIN_VALUE;

    boolean isDue(long elapsedMillis) {
        return dueMillis <= elapsedMillis;
    }

    void failed(long elapsedMillis) {
        pauseMillis = Math.min(LONGEST_MILLIS, Math.max(FIRST_MILLIS, pauseMillis * 2));
        dueMillis = elapsedMillis + pauseMillis;
    }

    void succeeded() {
        pauseMillis = 0;
        dueMillis = Long.MIN_VALUE;
    }
}
