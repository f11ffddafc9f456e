package io.hongyan.bench.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The client against a socket that the test holds. */
@Timeout(60)
class MqttLoopTest {
    private static final byte[] CONNACK = {0x20, 2, 0, 0};
    private static final byte[] CONNACK_REFUSED = {0x20, 2, 0, 5};
    private static final byte[] TOPIC = "t".getBytes(StandardCharsets.UTF_8);

    private final MqttLoops loops = new MqttLoops(1, System::nanoTime);
    private final MqttLoop loop = loops.forIndex(0);
    private final Events events = new Events();
    private ServerSocket server;
    private Socket peer;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws IOException {
        loops.close();
        if (peer != null) {
            peer.close();
        }
        server.close();
        assertThat(loop.failure()).isNull();
    }

    @Test
    void aRefusalIsReportedWithItsCode() throws IOException {
        open(60);
        peer.getOutputStream().write(CONNACK_REFUSED);
        await().until(() -> events.seen.contains("closed REFUSED CONNACK 5"));
        assertThat(connectionCount()).isZero();
    }

    @Test
    void theEndOfTheStreamIsReportedOnce() throws IOException {
        open(60);
        peer.getOutputStream().write(CONNACK);
        await().until(() -> events.seen.contains("connected"));
        peer.close();
        await().until(() -> events.seen.contains("closed CLOSED_BY_SERVER end of stream"));
        assertThat(events.seen).hasSize(2);
    }

    @Test
    void bytesThatAreNotMqttCloseTheConnection() throws IOException {
        open(60);
        peer.getOutputStream().write("HTTP/1.1 400".getBytes(StandardCharsets.US_ASCII));
        await().until(() -> events.seen.stream().anyMatch(seen -> seen.startsWith("closed PROTOCOL")));
    }

    @Test
    void aSilentServerIsPingedAndThenGivenUp() throws IOException {
        open(1);
        peer.getOutputStream().write(CONNACK);
        await().until(() -> events.seen.contains("connected"));
        await().atMost(10, TimeUnit.SECONDS)
                .until(() -> events.seen.stream().anyMatch(seen -> seen.startsWith("closed SILENCE")));
    }

    @Test
    void aServerThatDoesNotReadHoldsTheSenderBackUntilItReads() throws Exception {
        ClientConnection connection = open(0);
        peer.getOutputStream().write(CONNACK);
        await().until(() -> events.seen.contains("connected"));
        byte[] payload = new byte[10_000];
        int published = loop.ask(() -> {
                    int count = 0;
                    // More than any socket buffer takes.
                    while (count < 2_000 && connection.writable()) {
                        connection.publish(TOPIC, 1, false, 1, payload, payload.length);
                        count++;
                    }
                    return count;
                })
                .get(10, TimeUnit.SECONDS);
        assertThat(published).isLessThan(2_000);
        int packetBytes = 3 + 1 + 2 + TOPIC.length + 2 + payload.length;
        drainPublishes(published * packetBytes - published);
        await().until(() -> events.seen.contains("writable"));
        assertThat(loop.ask(connection::writable).get(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aServerThatNeverReadsEndsTheConnectionAtTheLimit() throws Exception {
        ClientConnection connection = open(0);
        peer.getOutputStream().write(CONNACK);
        await().until(() -> events.seen.contains("connected"));
        byte[] payload = new byte[100_000];
        boolean open = loop.ask(() -> {
                    for (int i = 0; i < 100; i++) {
                        connection.publish(TOPIC, 1, false, 1, payload, payload.length);
                    }
                    return connection.isOpen();
                })
                .get(10, TimeUnit.SECONDS);
        assertThat(open).isFalse();
        assertThat(events.seen).anyMatch(seen -> seen.startsWith("closed OVERFLOW"));
    }

    private ClientConnection open(int keepAliveSeconds) throws IOException {
        InetSocketAddress address = new InetSocketAddress(server.getInetAddress(), server.getLocalPort());
        ConnectionSettings settings = new ConnectionSettings(address, null, "c", "", "", keepAliveSeconds, true);
        var opened = loop.ask(() -> loop.open(settings, events));
        peer = server.accept();
        return opened.join();
    }

    private int connectionCount() {
        return loop.ask(loop::connectionCount).join();
    }

    private void drainPublishes(int bytesMin) throws IOException {
        DataInputStream in = new DataInputStream(peer.getInputStream());
        in.readFully(new byte[bytesMin]);
    }

    private static final class Events implements ConnectionHandler {
        private final List<String> seen = new CopyOnWriteArrayList<>();

        @Override
        public void connected(ClientConnection connection, boolean sessionPresent) {
            seen.add("connected");
        }

        @Override
        public void subscribed(ClientConnection connection, int packetId, int code) {
            seen.add("subscribed " + code);
        }

        @Override
        public void received(ClientConnection connection, IncomingPublish publish) {
            seen.add("received " + publish.topic());
        }

        @Override
        public void acknowledged(ClientConnection connection, int packetId) {
            seen.add("acknowledged " + packetId);
        }

        @Override
        public void writable(ClientConnection connection) {
            seen.add("writable");
        }

        @Override
        public void closed(ClientConnection connection, ConnectionEnd end) {
            seen.add("closed " + end.cause() + " " + end.detail());
        }
    }
}
