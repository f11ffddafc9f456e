package io.hongyan.im.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Marker;

/**
 * Limits warnings and errors per logger and minute; further ones are dropped, and the next line of that logger is
 * followed by their number. Libraries log each error that a client causes; this keeps clients from filling the disk.
 * Any thread.
 */
public final class LineLimit extends TurboFilter {
    static final int LINES_PER_MINUTE_MAX = 60;
    private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final ConcurrentHashMap<String, Minute> minutes = new ConcurrentHashMap<>();
    private final LongSupplier nanoTime;

    /** For logback, which creates it. */
    public LineLimit() {
        this(System::nanoTime);
    }

    LineLimit(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    @Override
    public FilterReply decide(
            Marker marker, Logger logger, Level level, String format, Object[] arguments, Throwable trouble) {
        if (level.levelInt < Level.WARN_INT || level.levelInt < logger.getEffectiveLevel().levelInt) {
            return FilterReply.NEUTRAL;
        }
        long leftOut = minutes.computeIfAbsent(logger.getName(), name -> new Minute(nanoTime.getAsLong()))
                .take(nanoTime.getAsLong());
        if (leftOut < 0) {
            return FilterReply.DENY;
        }
        if (leftOut > 0) {
            // Below WARN, so that it is not counted again.
            logger.info("{} warnings and errors of this logger were left out", leftOut);
        }
        return FilterReply.NEUTRAL;
    }

    /** The lines of one logger. */
    private static final class Minute {
        private long from;
        private int lines;
        private long leftOut;

        Minute(long from) {
            this.from = from;
        }

        /** Below 0 = this line is one too many; else how many were dropped before it and not yet reported. */
        synchronized long take(long now) {
            if (now - from >= MINUTE_NANOS) {
                from = now;
                lines = 0;
            }
            if (lines == LINES_PER_MINUTE_MAX) {
                leftOut++;
                return -1;
            }
            lines++;
            long told = leftOut;
            leftOut = 0;
            return told;
        }
    }
}
