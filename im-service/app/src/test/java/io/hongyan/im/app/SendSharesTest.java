package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hongyan.im.app.client.HttpApi;
import io.hongyan.im.app.client.Payloads;
import io.hongyan.im.app.client.RawClient;
import io.hongyan.im.core.send.FanOutLog;
import io.hongyan.im.core.send.MessageLog;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** While the storage stands still, one user sends as much as all devices can: another user's message is taken. */
@Timeout(240)
class SendSharesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SERVER_BUSY = 0x89;
    private static final String FLOODER = "mallory";
    private static final String TEXT = "x".repeat(8_192);

    /** More than fits of one connection, less than a connection may have unanswered. */
    private static final int MESSAGES = 40;
    /** Of these, half of the 256 KiB. */
    private static final int SHARE = 16;

    @TempDir
    Path directory;

    private final AtomicInteger devices = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();
    private final CountDownLatch goesOn = new CountDownLatch(1);
    private volatile boolean stalled;

    @Test
    void whoFillsTheLaneIsClosedAndNobodyElse() throws Exception {
        try (RunningServer server = RunningServer.startOver(
                        directory,
                        storage -> storage.with(MessageLog.class, slowed(MessageLog.class, storage.log(), "append")),
                        "HONGYAN_LANE_WAITING_BYTES_MAX",
                        "262144",
                        "HONGYAN_MQTT_PUBLISH_MILLIS_MAX",
                        "200000",
                        "HONGYAN_MQTT_READ_PAUSED_MILLIS_MAX",
                        "200000");
                RawClient first = online(server, "first");
                RawClient one = online(server, FLOODER);
                RawClient two = online(server, FLOODER);
                RawClient alice = online(server, "alice")) {
            floodTheLane(server, first, one, two, alice);
        }
    }

    private void floodTheLane(RunningServer server, RawClient first, RawClient one, RawClient two, RawClient alice)
            throws Exception {
        try {
            stalled = true;
            first.sendPublish(1, 2, "im/send", new byte[0], message("first", "alice"));
            await().atMost(PATIENCE).until(() -> waiting.get() == 1);

            flood(one);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(overShare(server)).isEqualTo(MESSAGES - SHARE));
            flood(two);
            assertThat(two.read().reason()).as("the share is the user's").isEqualTo(SERVER_BUSY);
            alice.sendPublish(1, 2, "im/send", new byte[0], message("a", "first"));
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(server.metric("lane_waiting")).isEqualTo(SHARE + 1));
            goesOn.countDown();

            assertThat(first.read().type()).isEqualTo(RawClient.PUBACK);
            assertThat(alice.read().type()).isEqualTo(RawClient.PUBACK);
            for (int i = 0; i < SHARE; i++) {
                assertThat(one.read().type()).as("what had room is stored").isEqualTo(RawClient.PUBACK);
            }
            assertThat(one.read().reason()).isEqualTo(SERVER_BUSY);
            try (RawClient again = online(server, FLOODER)) {
                for (int i = 0; i < MESSAGES; i++) {
                    byte[] message = message(String.valueOf(i), "alice");
                    assertThat(again.publish(1 + i, 1, "im/send", message).type())
                            .isEqualTo(RawClient.PUBACK);
                }
            }
        } finally {
            goesOn.countDown();
        }
    }

    private static long overShare(RunningServer server) {
        return server.metric("messaging_sends_over_share_total");
    }

    private static void flood(RawClient client) throws IOException {
        for (int i = 0; i < MESSAGES; i++) {
            client.sendPublish(1 + i, 2, "im/send", new byte[0], message(String.valueOf(i), "alice"));
        }
    }

    @Test
    void whoIsFarAheadOfTheFanOutWaitsAndNobodyElse() throws Exception {
        try (RunningServer server = RunningServer.startOver(
                        directory,
                        storage -> storage.with(FanOutLog.class, slowed(FanOutLog.class, storage.fanOut(), "advance")),
                        "HONGYAN_GROUPS_FAN_OUT_INLINE_MAX",
                        "1",
                        "HONGYAN_GROUPS_FAN_OUT_WAITING_MAX",
                        "4",
                        "HONGYAN_MQTT_PUBLISH_MILLIS_MAX",
                        "200000",
                        "HONGYAN_MQTT_READ_PAUSED_MILLIS_MAX",
                        "200000");
                RawClient mallory = online(server, FLOODER);
                RawClient alice = online(server, "alice")) {
            HttpApi business = HttpApi.business(server);
            for (String group : new String[] {"hers", "theirs"}) {
                String members = "\"owner\":\"" + FLOODER + "\",\"members\":[\"alice\"]}";
                business.post("/v1/groups", "{\"id\":\"" + group + "\",\"name\":\"n\"," + members)
                        .seq();
            }
            await().atMost(PATIENCE).until(() -> server.metric("fan_out_waiting") == 0);
            floodTheGroup(server, mallory, alice);
        }
    }

    private void floodTheGroup(RunningServer server, RawClient mallory, RawClient alice) throws Exception {
        try {
            stalled = true;
            for (int i = 1; i <= 8; i++) {
                mallory.sendPublish(i, 2, "im/send", new byte[0], toGroup("m" + i, "hers"));
            }
            await().atMost(PATIENCE).until(() -> server.metric("answers_held") == 6);

            assertThat(alice.publish(1, 1, "im/send", toGroup("a", "theirs")).reason())
                    .isZero();

            assertThat(server.metric("answers_held")).as("hers still wait").isEqualTo(6);
            goesOn.countDown();
            for (int i = 1; i <= 8; i++) {
                assertThat(mallory.read().type()).isEqualTo(RawClient.PUBACK);
            }
        } finally {
            goesOn.countDown();
        }
    }

    private static byte[] message(String id, String to) {
        return Payloads.send(id, to, TEXT).toByteArray();
    }

    private static byte[] toGroup(String id, String group) {
        return Payloads.sendToGroup(id, group, "hello").toByteArray();
    }

    private RawClient online(RunningServer server, String uid) throws IOException {
        RawClient client = new RawClient(server.mqttPort(), true);
        String id = uid + ":iot:d" + devices.incrementAndGet();
        assertThat(client.connect(id, uid, server.token(uid), null).reason()).isZero();
        return client;
    }

    private <P> P slowed(Class<P> port, P real, String name) {
        return port.cast(Proxy.newProxyInstance(
                port.getClassLoader(), new Class<?>[] {port}, (proxy, method, arguments) -> {
                    if (stalled && method.getName().equals(name)) {
                        waiting.incrementAndGet();
                        goesOn.await();
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException failed) {
                        throw failed.getCause();
                    }
                }));
    }
}
