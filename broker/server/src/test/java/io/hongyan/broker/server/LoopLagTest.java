package io.hongyan.broker.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hongyan.broker.hook.PublishVerdict;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LoopLagTest {
    /** New connections go to the loops in turn. */
    @Test
    void eventLoopThatDoesNotTurnShowsUntilItDoesWhicheverItIs() throws Exception {
        TestHook hook = new TestHook();
        AtomicReference<CountDownLatch> stuck = new AtomicReference<>();
        hook.onPublish = request -> {
            try {
                stuck.get().await();
            } catch (InterruptedException unexpected) {
                Thread.currentThread().interrupt();
            }
            return TestHook.done(PublishVerdict.Acknowledge.plain());
        };
        try (BrokerServer server = Servers.start(Servers.config(), hook)) {
            for (int loop = 0; loop < 2; loop++) {
                stuck.set(new CountDownLatch(1));
                try (WireClient client = WireClient.tcp(5, server.mqttPort()).connected("a" + loop)) {
                    client.send(Wire.publish(5, "im/send", 1, 1, Wire.NONE));
                    await().until(() -> server.loopLagMillis() > 500);
                    stuck.get().countDown();
                    assertThat(client.read().id()).isEqualTo(1);
                    await().until(() -> server.loopLagMillis() < 100);
                }
            }
        }
    }
}
