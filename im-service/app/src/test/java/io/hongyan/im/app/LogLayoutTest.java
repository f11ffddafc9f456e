package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The form of the log, as the distribution has it. */
final class LogLayoutTest {
    @Test
    void whatAClientSendsNeverBeginsALine() throws Exception {
        LoggerContext context = new LoggerContext();
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(getClass().getResource("/logback.xml"));
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        OutputStreamAppender<ILoggingEvent> console = (OutputStreamAppender<ILoggingEvent>) root.getAppender("console");
        PatternLayoutEncoder encoder = (PatternLayoutEncoder) console.getEncoder();
        String forged = "x\n2026-01-01T00:00:00Z ERROR [main] Server - forged\r\u2028\u0085\u0007\u009by 鸿雁";
        LoggingEvent event = new LoggingEvent("a", root, Level.WARN, "client {}", null, new Object[] {forged});
        String line = new String(encoder.encode(event), StandardCharsets.UTF_8);
        assertThat(line).endsWith("client x?2026-01-01T00:00:00Z ERROR [main] Server - forged?????y 鸿雁\n");
        assertThat(line.lines()).hasSize(1);
        context.stop();
    }
}
