package io.hongyan.broker.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hongyan.broker.hook.BrokerControl.Target;
import io.hongyan.broker.hook.PublishRequest;
import io.hongyan.broker.hook.PublishVerdict;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole path of a message through the gate: publish, hook, acknowledgement, push, acknowledgement, report. */
@Timeout(60)
class MessagingTest {
    private final TestHook hook = new TestHook();
    private BrokerServer server;

    @BeforeEach
    void start() {
        server = Servers.start(Servers.config(), hook);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private WireClient client(int level, boolean webSocket) throws Exception {
        return webSocket
                ? WireClient.webSocket(level, server.webSocketPort())
                : WireClient.tcp(level, server.mqttPort());
    }

    @ParameterizedTest
    @CsvSource({"4,false", "5,false", "4,true", "5,true"})
    void publishIsAnsweredAndPushIsReportedWhenAcknowledged(int level, boolean webSocket) throws Exception {
        try (WireClient client = client(level, webSocket)) {
            client.connected("alice:iot:1").subscribed(1, "u/alice/#");
            client.send(Wire.publish(level, "im/send", 1, 7, Wire.text("hello")));
            Packet puback = client.read();
            assertThat(puback.type()).isEqualTo(4);
            assertThat(puback.id()).isEqualTo(7);
            PublishRequest request = hook.publishes.remove();
            assertThat(request.topic()).isEqualTo("im/send");
            assertThat(request.payload()).isEqualTo(Wire.text("hello"));

            server.control()
                    .push(
                            Wire.text("-tail"),
                            List.of(new Target(request.connection(), "u/alice/inbox", Wire.text("head"), 1, 11)));
            Packet push = client.read();
            assertThat(push.type()).isEqualTo(3);
            assertThat(push.topic()).isEqualTo("u/alice/inbox");
            assertThat(push.qos()).isEqualTo(1);
            assertThat(push.payload(level)).isEqualTo("head-tail");
            assertThat(hook.delivered).isEmpty();
            client.send(Wire.acknowledge(4, push.publishId()));
            await().untilAsserted(() ->
                    assertThat(hook.delivered).containsExactly(new TestHook.Delivered(request.connection(), 11)));
        }
        await().untilAsserted(() -> assertThat(hook.ended).hasSize(1));
    }

    @ParameterizedTest
    @CsvSource({"4", "5"})
    void acknowledgementsKeepTheOrderOfThePublishesWithGenericOnesAmongThem(int level) throws Exception {
        CompletableFuture<PublishVerdict> first = new CompletableFuture<>();
        CompletableFuture<PublishVerdict> last = new CompletableFuture<>();
        hook.onPublish = request -> new String(request.payload()).equals("first") ? first : last;
        try (WireClient client = client(level, false)) {
            client.connected("alice:iot:1");
            client.send(
                    Wire.publish(level, "im/send", 1, 1, Wire.text("first")),
                    Wire.publish(level, "t/alice/x", 1, 2, Wire.text("generic")),
                    Wire.publish(level, "im/send", 1, 3, Wire.text("last")));
            await().until(() -> hook.publishes.size() == 2);
            last.complete(PublishVerdict.Acknowledge.plain());
            assertThat(client.silentFor(300)).isTrue();
            first.complete(PublishVerdict.Acknowledge.plain());
            assertThat(client.read().id()).isEqualTo(1);
            assertThat(client.read().id()).isEqualTo(2);
            assertThat(client.read().id()).isEqualTo(3);
        }
    }
}
