package io.hongyan.broker.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.hongyan.broker.hook.ConnectRefusal;
import io.hongyan.broker.hook.ConnectVerdict;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** What the log says of connections that ended. */
@Timeout(60)
final class EndLogTest {
    @Test
    void whatTheServerEndsIsSummedUpByReasonAndWhoLeavesIsNot() throws Exception {
        Logger logger = (Logger) LoggerFactory.getLogger(Gate.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.addAppender(lines);
        TestHook hook = new TestHook();
        try (BrokerServer server = Servers.start(Servers.config(), hook)) {
            for (int i = 0; i < 5; i++) {
                WireClient client = WireClient.tcp(5, server.mqttPort()).connected("bad" + i);
                client.send(new byte[] {0x00, 0x00});
                assertThat(client.closedWithin(8_000)).isTrue();
            }
            WireClient.tcp(5, server.mqttPort()).connected("leaves").close();
            await().until(() -> hook.ended.size() == 6);
            hook.onConnect =
                    request -> TestHook.done(new ConnectVerdict.Refuse(ConnectRefusal.BAD_USER_NAME_OR_PASSWORD, "no"));
            try (WireClient refused = WireClient.tcp(5, server.mqttPort())) {
                assertThat(refused.send(Wire.connect(5, "refused")).read().connectCode())
                        .isEqualTo(0x86);
            }
            await().until(() -> hook.ended.size() == 7);
            server.summarizeLog();
            server.summarizeLog();
            List<String> summed = lines.list.stream()
                    .map(ILoggingEvent::getFormattedMessage)
                    .filter(line -> line.startsWith("event="))
                    .toList();
            assertThat(summed).hasSize(2);
            assertThat(summed)
                    .filteredOn(line -> line.startsWith("event=\"login refused: "))
                    .hasSize(1);
            summed = summed.stream().filter(line -> !line.contains("refused")).toList();
            assertThat(summed.get(0))
                    .startsWith("event=\"connection ended: ")
                    .contains(" times=5 ")
                    .contains("example=\"address=127.0.0.1 client_id=bad0\"");
        } finally {
            logger.detachAppender(lines);
        }
    }
}
