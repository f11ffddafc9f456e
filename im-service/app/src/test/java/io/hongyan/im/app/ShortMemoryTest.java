package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hongyan.im.app.client.RawClient;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The server looks after the memory for network buffers, which this test holds as much of as it likes. */
@Timeout(120)
final class ShortMemoryTest {
    private static final int SOCKETS = 8;
    private static final int PIECE_BYTES = 8 << 20;
    /** Between the first mark of the gate and the second. */
    private static final double SHORT = 0.75;

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private final List<ByteBuf> held = new ArrayList<>();

    @AfterEach
    void release() {
        held.forEach(ByteBuf::release);
        held.clear();
    }

    @Test
    void socketsWithoutALoginCloseByThemselvesAndClientsAreServed() throws Exception {
        List<Socket> silent = new ArrayList<>();
        try (RunningServer server = RunningServer.start(
                        directory,
                        "HONGYAN_FLOOD_HANDSHAKES_MILLIS_MAX",
                        "600000",
                        "HONGYAN_MQTT_CONNECT_MILLIS_MAX",
                        "600000");
                RawClient alice = new RawClient(server.mqttPort(), true)) {
            assertThat(alice.connect("alice:iot:a", "alice", server.token("alice"), null)
                            .reason())
                    .isZero();
            for (int i = 0; i < SOCKETS; i++) {
                silent.add(socket(server));
            }
            await().atMost(PATIENCE).until(() -> server.metric("handshakes_open") == SOCKETS);
            hold();
            for (Socket socket : silent) {
                assertThat(isClosed(socket)).isTrue();
            }
            assertThat(server.metric("gate_connections_ended_total{reason=\"memory\"}"))
                    .isEqualTo(SOCKETS);
            try (Socket late = socket(server)) {
                assertThat(isClosed(late)).isTrue();
            }
            assertThat(server.metric("gate_sockets_refused_total{reason=\"memory\"}"))
                    .isPositive();
            server.awaitReady();
            assertThat(alice.ping().type()).isEqualTo(RawClient.PINGRESP);
            release();
            await().atMost(PATIENCE).ignoreExceptions().until(() -> takesAClient(server));
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    private void hold() {
        PooledByteBufAllocator pool = PooledByteBufAllocator.DEFAULT;
        while (pool.pinnedDirectMemory() < SHORT * PlatformDependent.maxDirectMemory()) {
            held.add(pool.directBuffer(PIECE_BYTES, PIECE_BYTES));
        }
    }

    private static Socket socket(RunningServer server) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.mqttPort());
        socket.setSoTimeout((int) PATIENCE.toMillis());
        return socket;
    }

    /** Waits until it is. */
    private static boolean isClosed(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketException reset) {
            return true;
        }
    }

    private static boolean takesAClient(RunningServer server) throws Exception {
        try (RawClient bob = new RawClient(server.mqttPort(), true)) {
            return bob.connect("bob:iot:b", "bob", server.token("bob"), null).type() == RawClient.CONNACK;
        }
    }
}
