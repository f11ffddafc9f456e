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
 * So many warnings and errors of one logger in a minute; further ones are left out, and how many is said with the next line of
 * that logger. Libraries log one by one what clients do wrong; so nobody fills the disk with them. Any thread.
 */
public final class LineLimit extends TurboFilter {
    static final int LINES_PER_MINUTE_MAX = 60;
    private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final ConcurrentHashMap<String, Minute> minutes = new ConcurrentHashMap<>();
    private final LongSupplier nanoTime;

    /** For logback, which makes it. */
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
            // Below WARN, so it does not come back here.
            logger.info("{} warnings and errors of this kind were left out", leftOut);
        }
        return FilterReply.NEUTRAL;
    }

    /** What one logger has said. */
    private static final class Minute {
        private long from;
        private int lines;
        private long leftOut;

        Minute(long from) {
            this.from = from;
        }

        /** Below 0 = this line is one too many; else how many were left out before it and have not been told of. */
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
