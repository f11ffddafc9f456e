package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.read.ListAppender;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

@Timeout(30)
final class LineLimitTest {
    private final AtomicLong nanos = new AtomicLong();
    private final LoggerContext context = new LoggerContext();
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Logger library = context.getLogger("io.library");

    LineLimitTest() {
        context.addTurboFilter(new LineLimit(nanos::get));
        lines.setContext(context);
        lines.start();
        context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).addAppender(lines);
    }

    @Test
    void whatALoggerSaysTooOftenIsLeftOutAndCounted() {
        for (int i = 0; i < 1_000; i++) {
            library.warn("bad packet");
            context.getLogger("io.other").info("fine");
        }
        context.getLogger("io.other").error("said");
        assertThat(lines.list)
                .filteredOn(line -> line.getLevel() == Level.WARN)
                .hasSize(LineLimit.LINES_PER_MINUTE_MAX);
        assertThat(lines.list)
                .filteredOn(line -> line.getMessage().equals("fine"))
                .hasSize(1_000);
        assertThat(lines.list)
                .filteredOn(line -> line.getMessage().equals("said"))
                .hasSize(1);
        nanos.addAndGet(TimeUnit.MINUTES.toNanos(1));
        library.warn("bad packet");
        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .endsWith("940 warnings and errors of this logger were left out", "bad packet");
    }

    @Test
    void stackTracesAreFewAndTheLinesStay() {
        for (int i = 0; i < 5; i++) {
            library.error("a message to {} cannot be stored", "{bob}", new IllegalStateException("poison " + i));
            library.error("broken", new IllegalStateException("twice " + i));
        }
        assertThat(lines.list).hasSize(10).allMatch(line -> line.getLevel() == Level.ERROR);
        assertThat(lines.list)
                .filteredOn(line -> line.getThrowableProxy() != null)
                .hasSize(LineLimit.TRACES_PER_MINUTE_MAX);
        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .endsWith(
                        "a message to {bob} cannot be stored: java.lang.IllegalStateException: poison 4",
                        "broken: java.lang.IllegalStateException: twice 4");
        nanos.addAndGet(TimeUnit.MINUTES.toNanos(1));
        library.error("broken", new IllegalStateException("again"));
        assertThat(lines.list.get(10).getThrowableProxy()).isNotNull();
    }

    @Test
    void whatIsSwitchedOffIsNotCounted() {
        library.setLevel(Level.ERROR);
        for (int i = 0; i < 1_000; i++) {
            library.warn("bad packet");
        }
        library.error("said");
        assertThat(lines.list).hasSize(1);
    }

    @Test
    void theServerHasIt() {
        assertThat(((LoggerContext) LoggerFactory.getILoggerFactory()).getTurboFilterList())
                .filteredOn(LineLimit.class::isInstance)
                .hasSize(1)
                .allMatch(TurboFilter::isStarted);
    }
}
