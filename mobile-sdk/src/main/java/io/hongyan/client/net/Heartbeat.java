package io.hongyan.client.net;

/**
 * How long a connection through one network may be silent before the network forgets it, learned by trying. It begins
 * with 3 minutes and tries a minute more after three beats that found the connection alive, up to 9 minutes; after two
 * that did not, it halves the distance between what worked and what did not. Then it keeps 20 seconds less than what
 * worked, for a day. The rules are those of the heartbeat of Tencent's mars. One thread at a time uses it.
 */
public final class Heartbeat {
    /** While the app is in the foreground, and the shortest of all. */
    public static final int SHORTEST_SECONDS = 60;

    static final int FIRST_SECONDS = 180;
    static final int STEP_SECONDS = 60;
    static final int LONGEST_SECONDS = 540;
    static final int MARGIN_SECONDS = 20;
    static final int CLOSE_SECONDS = 10;
    static final int SUCCESSES = 3;
    static final int FAILURES = 2;
    static final long TRY_AGAIN_MILLIS = 24 * 3_600_000L;

    private int trying = FIRST_SECONDS;
    private int worked;
    private int failed;
    private int successes;
    private int failures;
    private boolean settled;
    private long settledAtMillis;

    /** Of a network that is not known yet. */
    public Heartbeat() {}

    /** After how many seconds of silence the next beat is due, while the app is in the background. */
    public int seconds() {
        return settled ? Math.max(SHORTEST_SECONDS, worked - MARGIN_SECONDS) : trying;
    }

    /** Whether it keeps what it has found. */
    public boolean settled() {
        return settled;
    }

    /** A beat was answered, and nothing else was sent or received since the one before. */
    public void answered(long elapsedMillis) {
        failures = 0;
        if (settled) {
            if (elapsedMillis - settledAtMillis >= TRY_AGAIN_MILLIS) {
                settled = false;
                failed = 0;
                successes = 0;
                trying = Math.min(LONGEST_SECONDS, worked + STEP_SECONDS);
            }
            return;
        }
        successes++;
        if (successes < SUCCESSES) {
            return;
        }
        worked = trying;
        next(elapsedMillis);
    }

    /** A beat was not answered, while a new connection was made at once: the network has forgotten the connection. */
    public void failed(long elapsedMillis) {
        successes = 0;
        failures++;
        if (failures < FAILURES) {
            return;
        }
        if (settled) {
            settled = false;
            worked = 0;
            failed = 0;
            failures = 0;
            trying = SHORTEST_SECONDS;
            return;
        }
        failed = trying;
        worked = Math.min(Math.max(worked, SHORTEST_SECONDS), failed);
        next(elapsedMillis);
    }

    private void next(long elapsedMillis) {
        successes = 0;
        failures = 0;
        boolean found = failed == 0 ? worked >= LONGEST_SECONDS : failed - worked <= CLOSE_SECONDS;
        if (found) {
            settled = true;
            settledAtMillis = elapsedMillis;
        } else {
            trying = failed == 0 ? Math.min(LONGEST_SECONDS, worked + STEP_SECONDS) : (worked + failed) / 2;
        }
    }

    @Override
    public String toString() {
        return (settled ? "settled at " : "trying ") + seconds() + " s";
    }
}
