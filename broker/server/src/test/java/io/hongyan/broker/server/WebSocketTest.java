package io.hongyan.broker.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** MQTT packets and WebSocket frames need not match. */
@Timeout(60)
class WebSocketTest {
    private final TestHook hook = new TestHook();
    private BrokerServer server;

    @BeforeEach
    void start() {
        server =
                Servers.start(Servers.config().withPackets(new BrokerConfig.PacketLimits(50_000, 8, 300, 16, 8)), hook);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void onePacketMayComeInManyFramesAndFragments() throws Exception {
        byte[] packet = Wire.publish(4, "im/send", 1, 1, new byte[3_000]);
        try (WireClient client = WireClient.webSocket(4, server.webSocketPort()).connected("a")) {
            client.sendFrame(0x82, Arrays.copyOfRange(packet, 0, 500));
            client.sendFrame(0x02, Arrays.copyOfRange(packet, 500, 1_000));
            client.sendFrame(0x00, Arrays.copyOfRange(packet, 1_000, 2_000));
            client.sendFrame(0x80, Arrays.copyOfRange(packet, 2_000, packet.length));
            assertThat(client.read().type()).isEqualTo(4);
        }
        assertThat(hook.publishes.element().payload()).hasSize(3_000);
    }

    @Test
    void oneFrameMayHoldManyPackets() throws Exception {
        try (WireClient client = WireClient.webSocket(5, server.webSocketPort()).connected("a")) {
            client.send(
                    Wire.publish(5, "im/send", 1, 1, Wire.NONE),
                    Wire.publish(5, "im/send", 1, 2, Wire.NONE),
                    Wire.publish(5, "t/x", 1, 3, Wire.NONE));
            assertThat(client.read().id()).isEqualTo(1);
            assertThat(client.read().id()).isEqualTo(2);
            assertThat(client.read().id()).isEqualTo(3);
        }
    }

    @Test
    void genericMessagesPassOverWebSocket() throws Exception {
        try (WireClient client = WireClient.webSocket(4, server.webSocketPort())
                        .connected("a")
                        .subscribed(1, "t/x");
                WireClient sender = WireClient.tcp(4, server.mqttPort()).connected("s")) {
            sender.send(Wire.publish(4, "t/x", 1, 1, Wire.text("m")));
            assertThat(client.read().payload(4)).isEqualTo("m");
        }
    }

    @ParameterizedTest
    @CsvSource({"0x89, 5", "0x8A, 0", "0x82, 0"})
    void framesThatHoldNoPacketAreSlowedToo(String first, int bytes) throws Exception {
        FloodLimits.TrafficLimits slow = new FloodLimits.TrafficLimits(20, 0, 0, 0, 0, 0, 0, 0, 1, 60);
        server.changeLimits(now -> now.withFlood(Servers.FLOOD.withTraffic(slow)));
        try (WireClient client = WireClient.webSocket(4, server.webSocketPort()).connected("a")) {
            for (int i = 0; i < 200; i++) {
                client.sendFrame(Integer.decode(first), new byte[bytes]);
            }
            await().until(() -> server.counters().value(GateCounter.RATE_PAUSES_CONNECTION_PACKETS) > 0);
            await().until(() -> server.counters().value(GateCounter.READS_PAUSED_RATE) > 0);
        }
    }

    @Test
    void whoeverDoesNotReadTheAnswersToItsPingsIsNotReadEither() throws Exception {
        try (WireClient client =
                WireClient.webSocketNarrow(4, server.webSocketPort()).connected("a")) {
            byte[] full = new byte[125];
            for (int i = 0; i < 500_000 && server.counters().value(GateCounter.READS_PAUSED_UNSENT) == 0; i++) {
                client.sendFrame(0x89, full);
            }
            assertThat(server.counters().value(GateCounter.READS_PAUSED_UNSENT)).isPositive();
        }
    }

    @Test
    void textFramesEndTheConnection() throws Exception {
        try (WireClient client = WireClient.webSocket(4, server.webSocketPort()).connected("a")) {
            client.sendFrame(0x81, Wire.PINGREQ);
            assertThat(client.closed()).isTrue();
        }
        await().until(() -> hook.ended.size() == 1);
    }

    @Test
    void oversizePacketIsRefusedByItsHeader() throws Exception {
        try (WireClient client = WireClient.webSocket(5, server.webSocketPort()).connected("a")) {
            client.send(new Wire.Bytes().u8(0x32).variable(50_001).bytes());
            assertThat(client.read().disconnectReason()).isEqualTo(0x95);
            assertThat(client.closed()).isTrue();
        }
    }

    @Test
    void oversizeFrameIsRefusedByItsHeader() throws Exception {
        try (WireClient client = WireClient.webSocket(5, server.webSocketPort()).connected("a")) {
            client.sendFrame(0x82, new byte[60_000]);
            assertThat(client.closed()).isTrue();
        } catch (SocketException closed) {
            assertThat(closed).isNotNull();
        }
        await().until(() -> hook.ended.size() == 1);
        assertThat(server.counters().value(GateCounter.PACKETS_TOO_LARGE)).isEqualTo(1);
    }

    @Test
    void queryBehindThePathIsPassedOver() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", server.webSocketPort())) {
            socket.setSoTimeout(10_000);
            String request = "GET /mqtt?x=1 HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: mqtt\r\n"
                    + "Sec-WebSocket-Version: 13\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            byte[] status = socket.getInputStream().readNBytes("HTTP/1.1 101".length());
            assertThat(new String(status, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 101");
        }
    }

    @Test
    void plainHttpRequestIsAnsweredWithNotFound() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", server.webSocketPort())) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write("GET /other HTTP/1.1\r\nHost: x\r\n\r\n".getBytes());
            String answer = new String(socket.getInputStream().readAllBytes());
            assertThat(answer).startsWith("HTTP/1.1 404");
        }
        assertThat(hook.connects).isEmpty();
    }
}
