package io.hongyan.broker.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.broker.hook.ConnectVerdict;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Ten thousand clients that subscribe with or right after CONNECT: none is closed. {@code -Dstorm.clients=N} makes it as
 * many.
 */
@Timeout(120)
class StormTest {
    private static final int CLIENTS = Integer.getInteger("storm.clients", 10_000);
    private static final int THREADS = 8;

    private final TestHook hook = new TestHook();
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private BrokerServer server;

    @BeforeEach
    void start() {
        BrokerConfig config = Servers.config();
        server = Servers.start(
                config.withFlood(
                        Servers.FLOOD.withConnections(50_000, 50_000, 1_000).withConnects(100_000, 0)),
                hook);
        // Answers come from another thread, as in production.
        hook.onConnect = request ->
                CompletableFuture.supplyAsync(() -> new ConnectVerdict.Accept(false, List.of(), "t/", true), threads);
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
        server.close();
        assertThat(server.healthy()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"true,u/a/#", "false,u/a/#", "true,t/x/#", "false,t/x/#"})
    void everyClientIsAcceptedAndSubscribed(boolean inOneWrite, String filter) throws Exception {
        AtomicInteger next = new AtomicInteger();
        AtomicInteger subscribed = new AtomicInteger();
        ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
        ExecutorService clients = Executors.newFixedThreadPool(THREADS);
        for (int thread = 0; thread < THREADS; thread++) {
            String source = "127.0.0." + (1 + thread);
            clients.execute(() -> {
                for (int i = next.getAndIncrement(); i < CLIENTS; i = next.getAndIncrement()) {
                    try (WireClient client = WireClient.tcpFrom(source, 4, server.mqttPort())) {
                        subscribe(client, "c" + i, inOneWrite, filter);
                        subscribed.incrementAndGet();
                        // No TIME_WAIT for ten thousand ports.
                        client.abort();
                    } catch (IOException failure) {
                        failures.add("client " + i + ": " + failure);
                    }
                }
            });
        }
        clients.shutdown();
        assertThat(clients.awaitTermination(100, TimeUnit.SECONDS)).isTrue();
        assertThat(failures).isEmpty();
        assertThat(subscribed).hasValue(CLIENTS);
    }

    private static void subscribe(WireClient client, String clientId, boolean inOneWrite, String filter)
            throws IOException {
        byte[] connect = Wire.connect(4, clientId);
        byte[] subscribe = Wire.subscribe(4, 1, 1, filter);
        if (inOneWrite) {
            client.send(connect, subscribe);
        } else {
            client.send(connect);
        }
        expect(client.read(), 2);
        if (!inOneWrite) {
            client.send(subscribe);
        }
        expect(client.read(), 9);
    }

    private static void expect(Packet packet, int type) throws IOException {
        if (packet.type() != type || (packet.body()[packet.body().length - 1] & 0x80) != 0) {
            throw new IOException("Unexpected " + packet);
        }
    }
}
