package io.hongyan.im.adapter.mqtt;

import io.hongyan.runtime.RateLimitedLog;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The adapter's counters since its start, and what is to be said of what clients meet; for any thread. */
public final class MqttCounters {
    private static final Logger LOG = LoggerFactory.getLogger(MqttHook.class);

    private final RateLimitedLog log = new RateLimitedLog(LOG::warn);
    private final LongAdder[] values = new LongAdder[MqttCounter.values().length];

    public MqttCounters() {
        for (int i = 0; i < values.length; i++) {
            values[i] = new LongAdder();
        }
    }

    public long value(MqttCounter counter) {
        return values[counter.ordinal()].sum();
    }

    /** Writes to the log what clients met; to be called every {@link RateLimitedLog#PERIOD_MILLIS}. */
    public void summarizeLog() {
        log.summarize();
    }

    /**
     * Something failed that a client may ask for at will, so there is no line for each.
     *
     * @param what in words of the code
     * @param trouble null where there was no answer
     */
    void failed(String what, String uid, Throwable trouble) {
        LOG.debug("{}, for {}", what, uid, trouble);
        log.count(what, () -> uid + ": " + trouble);
    }

    void increment(MqttCounter counter) {
        values[counter.ordinal()].increment();
    }
}
