package io.hongyan.im.app;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.TriggeringPolicyBase;
import io.hongyan.im.app.config.LogSettings;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.slf4j.LoggerFactory;

/**
 * Writes the log to files instead of standard output. When a file is full it is renamed {@code NAME.1}, the previous
 * one {@code NAME.2}, and the oldest is removed, so that all together have a limit. Only the process's user may read
 * them.
 */
final class LogFile {
    private LogFile() {}

    /**
     * From now on.
     *
     * @throws StartException it cannot be written
     */
    static void open(LogSettings settings, Path file) throws StartException {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            makePrivate(file);
        } catch (IOException unable) {
            throw new StartException("cannot write the log to " + file + ": " + unable, unable);
        }
        RollingFileAppender<ILoggingEvent> appender = new Appender();
        appender.setContext(context);
        appender.setName("file");
        appender.setFile(file.toString());
        appender.setEncoder(encoder(context));
        FixedWindowRollingPolicy rolling = new FixedWindowRollingPolicy();
        rolling.setContext(context);
        rolling.setParent(appender);
        rolling.setFileNamePattern(file + ".%i");
        rolling.setMaxIndex(settings.filesMax());
        rolling.start();
        Full full = new Full(settings.bytesMax());
        full.setContext(context);
        full.start();
        appender.setRollingPolicy(rolling);
        appender.setTriggeringPolicy(full);
        appender.start();
        if (!appender.isStarted()) {
            throw new StartException("cannot write the log to " + file, null);
        }
        root.addAppender(appender);
        root.detachAppender("console");
    }

    /** The same format as on the console. */
    private static PatternLayoutEncoder encoder(LoggerContext context) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setCharset(StandardCharsets.UTF_8);
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        ConsoleAppender<ILoggingEvent> console = (ConsoleAppender<ILoggingEvent>) root.getAppender("console");
        encoder.setPattern(((PatternLayoutEncoder) console.getEncoder()).getPattern());
        encoder.start();
        return encoder;
    }

    private static void makePrivate(Path file) throws IOException {
        if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return;
        }
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (FileAlreadyExistsException there) {
            // A log in the data directory gets narrow rights together with the other files there.
        }
    }

    /** Renaming keeps the rights of a full file; the next one needs its own. */
    private static final class Appender extends RollingFileAppender<ILoggingEvent> {
        @Override
        public void openFile(String name) throws IOException {
            makePrivate(Path.of(name));
            super.openFile(name);
        }
    }

    /** Checked for each line: there are few. */
    private static final class Full extends TriggeringPolicyBase<ILoggingEvent> {
        private final long bytesMax;

        Full(long bytesMax) {
            this.bytesMax = bytesMax;
        }

        @Override
        public boolean isTriggeringEvent(File active, ILoggingEvent event) {
            return active.length() >= bytesMax;
        }
    }
}
