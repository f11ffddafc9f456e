package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hongyan.im.app.client.ChatClient.Received;
import io.hongyan.im.app.client.HttpApi;
import io.hongyan.im.app.client.PahoClient;
import io.hongyan.im.app.client.RawClient;
import io.hongyan.im.core.Storage;
import io.hongyan.im.core.group.Groups;
import io.hongyan.im.core.inbox.Devices;
import io.hongyan.protocol.v1.ConversationsRequest;
import io.hongyan.protocol.v1.Peer;
import io.hongyan.protocol.v1.PullRequest;
import io.hongyan.protocol.v1.Signal;
import io.hongyan.protocol.v1.Typing;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * While one client floods the server with requests that need the storage, and the storage is so slow that all of them
 * wait, other clients log in, read their inboxes and get answers to their calls. So they do while somebody without a login
 * floods it with tokens that take long to check.
 */
@Timeout(240)
class FloodedWorkTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String FLOODER = "mallory";
    private static final String GROUP = "crowd";

    /** Pieces of the flood that wait before the others come. */
    private static final int FLOOD = 600;

    /** Requests of the flood that are done while another client waits for one answer: far fewer. */
    private static final int DONE_MEANWHILE_MAX = 100;

    private static final int OTHERS = 5;

    @TempDir
    Path directory;

    /** How much of the flood is done. */
    private final Semaphore permits = new Semaphore(0);

    private final AtomicInteger asked = new AtomicInteger();
    private volatile boolean slow;
    private volatile boolean stopped;

    @Test
    void signalsInARowKeepNobodyFromComingInAndReading() throws Exception {
        try (RunningServer server = start();
                RawClient flooder = new RawClient(server.mqttPort(), false)) {
            HttpApi mallory = HttpApi.user(server, FLOODER);
            assertThat(mallory.post("/v1/groups", "{\"id\":\"" + GROUP + "\",\"name\":\"Crowd\"}")
                            .seq())
                    .isEqualTo(1);
            sendToOthers(server);
            assertThat(flooder.connect(FLOODER + ":iot:f", FLOODER, server.token(FLOODER), null)
                            .reason())
                    .isZero();
            slow = true;
            byte[] signal = Signal.newBuilder()
                    .setTo(Peer.newBuilder().setKind(Peer.Kind.GROUP).setId(GROUP))
                    .setTyping(Typing.newBuilder().setActive(true))
                    .build()
                    .toByteArray();
            CompletableFuture<Void> flood = flood(() -> flooder.sendPublish(0, 0, "im/signal", new byte[0], signal));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(waitingCalls(server))
                            .as("of " + asked + " that were asked")
                            .isGreaterThanOrEqualTo(FLOOD));

            for (int i = 0; i < OTHERS; i++) {
                othersAreServed(server, "other-" + i);
            }

            assertThat(waitingCalls(server)).as("the flood goes on").isGreaterThanOrEqualTo(FLOOD);
            assertThat(flood).isNotDone();
            end(flooder, flood);
        }
    }

    @Test
    void subscriptionsInARowKeepNobodyFromComingInAndReading() throws Exception {
        try (RunningServer server = start();
                RawClient flooder = new RawClient(server.mqttPort(), false)) {
            sendToOthers(server);
            flooder.write(connectToKeep(server.token(FLOODER)));
            assertThat(flooder.read().type()).isEqualTo(RawClient.CONNACK);
            slow = true;
            byte[] filter = text("u/" + FLOODER + "/notice");
            byte[] subscribe = packet(0x82, new byte[] {0, 1}, filter, new byte[] {0});
            byte[] unsubscribe = packet(0xA2, new byte[] {0, 2}, filter);
            CompletableFuture<Void> flood = flood(() -> {
                flooder.write(subscribe);
                flooder.write(unsubscribe);
            });
            await().atMost(PATIENCE).until(() -> asked.get() > 0);

            for (int i = 0; i < OTHERS; i++) {
                int before = asked.get();
                othersAreServed(server, "other-" + i);
                permits.release();
                await().atMost(PATIENCE).until(() -> asked.get() > before);
            }

            assertThat(flood).as("the flood goes on").isNotDone();
            end(flooder, flood);
        }
    }

    @Test
    void tokensThatTakeLongToCheckKeepNobodyFromComingInAndReading() throws Exception {
        SlowKeySet keys = new SlowKeySet();
        Path file = Files.writeString(directory.resolve("keys.json"), keys.text());
        List<RawClient> flooders = new ArrayList<>();
        try (RunningServer server = RunningServer.start(
                directory,
                "HONGYAN_WORK_THREADS_MAX",
                "4",
                "HONGYAN_TOKENS_JWKS_SOURCE",
                file.toString(),
                "HONGYAN_MQTT_CONNECT_MILLIS_MAX",
                "200000")) {
            sendToOthers(server);
            for (int i = 0; i < FLOOD; i++) {
                RawClient flooder = new RawClient(server.mqttPort(), true);
                flooders.add(flooder);
                String uid = FLOODER + i;
                flooder.sendConnect(uid + ":iot:f", uid, keys.junk(uid), null);
            }
            await().atMost(PATIENCE).until(() -> waiting(server, "tokens") > FLOOD / 2);

            for (int i = 0; i < OTHERS; i++) {
                othersAreServed(server, "other-" + i);
            }
            try (RawClient elsewhere = new RawClient("127.0.0.2", server.mqttPort(), true)) {
                assertThat(elsewhere
                                .connect("bob:iot:b", "bob", keys.good("bob"), null)
                                .reason())
                        .isZero();
            }

            assertThat(waiting(server, "tokens")).as("the flood goes on").isPositive();
        } finally {
            for (RawClient flooder : flooders) {
                flooder.close();
            }
        }
    }

    private RunningServer start() throws Exception {
        return RunningServer.startOver(
                directory,
                this::slowed,
                "HONGYAN_WORK_THREADS_MAX",
                "4",
                "HONGYAN_MQTT_UNANSWERED_PUBLISHES_MAX",
                "2000",
                "HONGYAN_MQTT_PUBLISH_MILLIS_MAX",
                "200000",
                "HONGYAN_MQTT_READ_PAUSED_MILLIS_MAX",
                "200000");
    }

    /** Every read of the flooder's group, and every write of the flooder's filters, waits for a permit. */
    private Storage slowed(Storage storage) {
        return storage.with(Groups.class, slowed(Groups.class, storage.groups(), "find", GROUP))
                .with(Devices.class, slowed(Devices.class, storage.devices(), "keepSession", FLOODER));
    }

    /** @param of occurs in the first argument of the calls that wait */
    private <P> P slowed(Class<P> port, P real, String name, String of) {
        return port.cast(Proxy.newProxyInstance(
                port.getClassLoader(), new Class<?>[] {port}, (proxy, method, arguments) -> {
                    if (slow
                            && method.getName().equals(name)
                            && arguments[0].toString().contains(of)) {
                        asked.incrementAndGet();
                        permits.acquire();
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException failed) {
                        throw failed.getCause();
                    }
                }));
    }

    private static void sendToOthers(RunningServer server) throws Exception {
        try (PahoClient sender = PahoClient.online(server, "sender:iot:s")) {
            for (int i = 0; i < OTHERS; i++) {
                server.token("other-" + i);
                sender.send("m", "other-" + i, "hello");
            }
        }
    }

    /** Only so much of the flood is done meanwhile that the other client has had its turn. */
    private void othersAreServed(RunningServer server, String uid) throws Exception {
        try (PahoClient other = PahoClient.online(server, uid + ":ios:phone")) {
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(other.inbox()).extracting(Received::text).containsExactly("hello"));
            answered(
                    other,
                    "im/call/pull",
                    PullRequest.newBuilder().setRequestId("p").build().toByteArray());
            answered(
                    other,
                    "im/call/conversations",
                    ConversationsRequest.newBuilder().setRequestId("c").build().toByteArray());
        }
    }

    private void answered(PahoClient other, String topic, byte[] request) throws Exception {
        int before = other.others("reply").size();
        other.publishUnacknowledged(topic, request);
        AtomicInteger done = new AtomicInteger();
        await().atMost(PATIENCE).until(() -> {
            if (other.others("reply").size() > before) {
                return true;
            }
            if (done.get() < DONE_MEANWHILE_MAX && permits.availablePermits() == 0) {
                permits.release();
                done.incrementAndGet();
            }
            return false;
        });
    }

    private static long waitingCalls(RunningServer server) {
        return waiting(server, "calls");
    }

    private static long waiting(RunningServer server, String queue) {
        return server.metric("work_waiting{queue=\"" + queue + "\"}");
    }

    private interface Sending {
        void once() throws IOException;
    }

    private CompletableFuture<Void> flood(Sending sending) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        while (!stopped) {
                            sending.once();
                        }
                        done.complete(null);
                    } catch (IOException closed) {
                        done.completeExceptionally(closed);
                    }
                },
                "flood");
        thread.setDaemon(true);
        thread.start();
        return done;
    }

    private void end(RawClient flooder, CompletableFuture<Void> flood) throws IOException {
        stopped = true;
        slow = false;
        permits.release(1 << 20);
        flooder.close();
        await().atMost(PATIENCE).until(flood::isDone);
    }

    /** A CONNECT of MQTT 3.1.1 with clean session 0: filters are kept in the storage. */
    private static byte[] connectToKeep(String token) {
        return packet(
                0x10,
                text("MQTT"),
                new byte[] {4, (byte) 0xC0, 0, 60},
                text(FLOODER + ":iot:f"),
                text(FLOODER),
                text(token));
    }

    private static byte[] text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(bytes.length >> 8);
        out.write(bytes.length);
        out.writeBytes(bytes);
        return out.toByteArray();
    }

    private static byte[] packet(int first, byte[]... parts) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            body.writeBytes(part);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(first);
        int length = body.size();
        do {
            out.write(length > 127 ? length & 127 | 128 : length);
            length >>= 7;
        } while (length > 0);
        out.writeBytes(body.toByteArray());
        return out.toByteArray();
    }
}
