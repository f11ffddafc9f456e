package io.hongyan.im.adapter.rocketmq;

import java.time.InstantSource;
import org.slf4j.Logger;

/** Logs a failure when it begins, when its cause changes, and from time to time as long as it lasts; and its end. */
final class TroubleLog {
    private static final long AGAIN_MILLIS = 60_000;

    private final Logger log;
    private final String what;
    private final InstantSource clock;
    private String cause;
    private long loggedAtMillis;
    private long failures;

    /** @param what begins each line, for example "the feed" */
    TroubleLog(Logger log, String what, InstantSource clock) {
        this.log = log;
        this.what = what;
        this.clock = clock;
    }

    synchronized void failed(RuntimeException trouble) {
        failures++;
        String words = trouble.toString();
        long now = clock.millis();
        if (!words.equals(cause) || now - loggedAtMillis >= AGAIN_MILLIS) {
            log.warn("{} is held up, {} failures so far: {}", what, failures, words);
            cause = words;
            loggedAtMillis = now;
        }
    }

    synchronized void worked() {
        if (cause != null) {
            log.info("{} goes on after {} failures", what, failures);
            cause = null;
            failures = 0;
        }
    }
}
