package io.hongyan.im.adapter;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.slf4j.LoggerFactory;

/** What a class writes to the log that an operator sees. */
public final class LogLines implements AutoCloseable {
    private final Logger logger;
    /** Tests say little. */
    private final Level before;

    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    public LogLines(Class<?> writer) {
        logger = (Logger) LoggerFactory.getLogger(writer);
        before = logger.getLevel();
        logger.setLevel(Level.INFO);
        lines.start();
        logger.addAppender(lines);
    }

    /** INFO and above. */
    public List<String> lines() {
        return List.copyOf(lines.list).stream()
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    @Override
    public void close() {
        logger.detachAppender(lines);
        logger.setLevel(before);
    }
}
