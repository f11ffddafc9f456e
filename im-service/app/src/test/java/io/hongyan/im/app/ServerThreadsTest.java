package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hongyan.broker.hook.BrokerHook;
import io.hongyan.broker.server.BrokerConfig;
import io.hongyan.broker.server.BrokerServer;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.Socket;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class ServerThreadsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Of MQTT 3.1.1, with a client id of one letter. */
    private static final byte[] CONNECT = {0x10, 0x0D, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 0, 0, 1, 'a'};

    private final ServerThreads threads = new ServerThreads();
    private final ServerReadiness readiness = new ServerReadiness(null);

    @Test
    void deadThreadKeepsTheServerFromBeingReady() {
        AtomicBoolean alive = new AtomicBoolean(true);
        threads.of(watch -> watch.mustLive("the lane", alive::get), null);
        readiness.require(threads);
        readiness.started();
        assertThat(readiness.obstacles()).isEmpty();
        alive.set(false);
        assertThat(readiness.obstacles())
                .containsExactly("A thread the server depends on is missing: the lane has died.");
    }

    @Test
    void loopsThatDoNotTurnKeepItFromBeingReadyUntilTheyDo() throws Exception {
        CountDownLatch free = new CountDownLatch(1);
        Queue<Runnable> deadlines = new ConcurrentLinkedQueue<>();
        BrokerConfig config = BrokerConfig.defaults("test", List.of("im/"))
                .withListeners(new BrokerConfig.Listeners("127.0.0.1", 0, 0, "/mqtt"));
        try (BrokerServer broker = new BrokerServer(
                config, hookThatWaits(free), Clock.systemUTC(), System::nanoTime, new SecureRandom())) {
            broker.start();
            threads.of(broker, deadlines::add);
            readiness.require(threads);
            readiness.started();
            assertThat(obstacles()).isEmpty();
            try (Socket client = new Socket(InetAddress.getLoopbackAddress(), broker.mqttPort())) {
                client.getOutputStream().write(CONNECT);
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(obstacles())
                                .containsExactly(
                                        "A thread the server depends on is missing: an event loop is stuck.",
                                        "A thread the server depends on is missing: the timer of deadlines is stuck."));
                free.countDown();
                await().atMost(PATIENCE).untilAsserted(() -> {
                    new ArrayList<>(deadlines).forEach(Runnable::run);
                    assertThat(obstacles()).isEmpty();
                });
            }
        } finally {
            free.countDown();
        }
    }

    /** The obstacles after another check of the threads. */
    private List<String> obstacles() {
        threads.tasks().forEach(task -> task.work().run());
        return readiness.obstacles();
    }

    /** Blocks the event loop that calls it. */
    private static BrokerHook hookThatWaits(CountDownLatch free) {
        return (BrokerHook) Proxy.newProxyInstance(
                BrokerHook.class.getClassLoader(), new Class<?>[] {BrokerHook.class}, (proxy, method, arguments) -> {
                    free.await();
                    return new CompletableFuture<>();
                });
    }
}
