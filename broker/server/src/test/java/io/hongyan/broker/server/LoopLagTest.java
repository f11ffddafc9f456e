package io.hongyan.broker.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hongyan.broker.hook.PublishVerdict;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LoopLagTest {
    @Test
    void eventLoopThatDoesNotTurnShowsUntilItDoes() throws Exception {
        TestHook hook = new TestHook();
        CountDownLatch stuck = new CountDownLatch(1);
        hook.onPublish = request -> {
            try {
                stuck.await();
            } catch (InterruptedException unexpected) {
                Thread.currentThread().interrupt();
            }
            return TestHook.done(PublishVerdict.Acknowledge.plain());
        };
        try (BrokerServer server = Servers.start(Servers.config(), hook);
                WireClient client = WireClient.tcp(5, server.mqttPort()).connected("a")) {
            client.send(Wire.publish(5, "im/send", 1, 1, Wire.NONE));
            await().until(() -> server.loopLagMillis() > 500);
            stuck.countDown();
            assertThat(client.read().id()).isEqualTo(1);
            await().until(() -> server.loopLagMillis() < 100);
        }
    }
}
