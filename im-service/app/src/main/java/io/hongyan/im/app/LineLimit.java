package io.hongyan.im.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.EventArgUtil;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Marker;
import org.slf4j.helpers.MessageFormatter;

/**
 * Limits warnings and errors per logger and minute; further ones are dropped, and the next line of that logger is
 * followed by their number. Of the stack traces only the first are written, the lines of the others end with what was
 * thrown. Libraries log each error that a client causes; this keeps clients from filling the disk. Any thread.
 */
public final class LineLimit extends TurboFilter {
    static final int LINES_PER_MINUTE_MAX = 60;
    static final int TRACES_PER_MINUTE_MAX = 3;
    private static final String NAME = LineLimit.class.getName();
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
        long now = nanoTime.getAsLong();
        Minute minute = minutes.computeIfAbsent(logger.getName(), name -> new Minute(now));
        Throwable thrown = thrown(arguments, trouble);
        if (thrown != null && !minute.takeTrace(now)) {
            // Comes back here without what was thrown.
            String text = MessageFormatter.arrayFormat(format, arguments).getMessage();
            logger.log(marker, NAME, Level.toLocationAwareLoggerInteger(level), text + ": " + thrown, null, null);
            return FilterReply.DENY;
        }
        long leftOut = minute.take(now);
        if (leftOut < 0) {
            return FilterReply.DENY;
        }
        if (leftOut > 0) {
            // Below WARN, so that it is not counted again.
            logger.info("{} warnings and errors of this logger were left out", leftOut);
        }
        return FilterReply.NEUTRAL;
    }

    /** As logback finds it later: null where there is none. */
    private static Throwable thrown(Object[] arguments, Throwable trouble) {
        return trouble != null ? trouble : EventArgUtil.extractThrowable(arguments);
    }

    /** The lines of one logger. */
    private static final class Minute {
        private long from;
        private int lines;
        private int traces;
        private long leftOut;

        Minute(long from) {
            this.from = from;
        }

        /** Below 0 = this line is one too many; else how many were dropped before it and not yet reported. */
        synchronized long take(long now) {
            begin(now);
            if (lines == LINES_PER_MINUTE_MAX) {
                leftOut++;
                return -1;
            }
            lines++;
            long told = leftOut;
            leftOut = 0;
            return told;
        }

        /** False = this trace is one too many. */
        synchronized boolean takeTrace(long now) {
            begin(now);
            if (traces == TRACES_PER_MINUTE_MAX) {
                return false;
            }
            traces++;
            return true;
        }

        private void begin(long now) {
            if (now - from >= MINUTE_NANOS) {
                from = now;
                lines = 0;
                traces = 0;
            }
        }
    }
}
