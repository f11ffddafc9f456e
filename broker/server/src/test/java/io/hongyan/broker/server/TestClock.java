package io.hongyan.broker.server;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Time that passes when a test says so. It began in 1970. */
final class TestClock extends Clock implements LongSupplier {
    private final AtomicLong nanos = new AtomicLong();

    void pass(long millis) {
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    /** The same, and all deadlines of the server that are due then have been looked at. */
    void pass(long millis, BrokerServer server) {
        pass(millis);
        org.awaitility.Awaitility.await().until(() -> server.loopLagMillis() == 0);
    }

    @Override
    public long getAsLong() {
        return nanos.get();
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(TimeUnit.NANOSECONDS.toMillis(nanos.get()));
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("nobody asks for the time of day");
    }
}
