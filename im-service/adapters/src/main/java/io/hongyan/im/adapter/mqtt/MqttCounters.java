package io.hongyan.im.adapter.mqtt;

import io.hongyan.runtime.FatalErrors;
import io.hongyan.runtime.RateLimitedLog;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The adapter's counters since its start, and log lines about what happens to clients; for any thread. */
public final class MqttCounters {
    private static final Logger LOG = LoggerFactory.getLogger(MqttHook.class);

    private final RateLimitedLog log = new RateLimitedLog(LOG::warn);
    private final LongAdder[] values = new LongAdder[MqttCounter.values().length];

    /** Versions with a number of their own; newer ones are counted together. */
    private static final int VERSIONS_APART = 8;
    /** By version from 1 on, the last place is that of all newer ones. */
    private final LongAdder[] clients = new LongAdder[VERSIONS_APART + 1];

    public MqttCounters() {
        for (int i = 0; i < values.length; i++) {
            values[i] = new LongAdder();
        }
        for (int i = 0; i < clients.length; i++) {
            clients[i] = new LongAdder();
        }
    }

    public long value(MqttCounter counter) {
        return values[counter.ordinal()].sum();
    }

    /**
     * Clients with a session, by the version of the protocol that they use.
     *
     * @param use gets the version as a label has it, and the number of now
     */
    public void forEachVersion(BiConsumer<String, LongSupplier> use) {
        for (int i = 0; i < clients.length; i++) {
            use.accept(i < VERSIONS_APART ? Integer.toString(i + 1) : "newer", clients[i]::sum);
        }
    }

    /** Its version is known, or has changed, or it has gone. */
    void count(MqttConnection connection) {
        connection.countIn(clients);
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
        FatalErrors.escalate(trouble);
    }

    void increment(MqttCounter counter) {
        values[counter.ordinal()].increment();
    }
}
