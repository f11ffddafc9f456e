package io.hongyan.broker.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.broker.hook.ConnectVerdict;
import io.hongyan.broker.hook.PublishVerdict.Acknowledge;
import io.hongyan.broker.hook.UserProperty;
import java.io.EOFException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing the server sends is above the client's Maximum Packet Size (MQTT 5, 3.1.2.11.4), and what it sends last arrives. */
@Timeout(60)
class PacketSizeTest {
    private final TestHook hook = new TestHook();
    private BrokerServer server;

    @BeforeEach
    void start() {
        hook.onConnect = request -> TestHook.done(new ConnectVerdict.Accept(false, List.of(), "", true));
        server = Servers.start(Servers.config(), hook);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static byte[] maximum(int bytes) {
        return new Wire.Bytes().u8(PropertyIds.MAXIMUM_PACKET_SIZE).u32(bytes).bytes();
    }

    private WireClient client(int maximum) throws Exception {
        return WireClient.tcp(5, server.mqttPort())
                .connected(new Wire.Connect(5, "small").properties(maximum(maximum)));
    }

    private static int bytes(Packet packet) {
        int length = packet.body().length;
        return 1 + PacketWriter.variableLength(length) + length;
    }

    @Test
    void noAnswerToConnectIsAboveTheMaximum() throws Exception {
        List<UserProperty> told = List.of(new UserProperty("version", "3"));
        hook.onConnect = request -> TestHook.done(new ConnectVerdict.Accept(false, List.of(), "", true, "", told));
        for (int maximum = 1; maximum < 80; maximum++) {
            for (String clientId : new String[] {"small", ""}) {
                try (WireClient client = WireClient.tcp(5, server.mqttPort())) {
                    client.send(new Wire.Connect(5, clientId)
                            .properties(maximum(maximum))
                            .bytes());
                    Packet answer = client.read();
                    assertThat(bytes(answer)).isLessThanOrEqualTo(maximum);
                    assertThat(answer.connectCode()).isIn(0, 0x95);
                } catch (EOFException closed) {
                    assertThat(maximum).as("too small for any CONNACK").isLessThan(5);
                }
            }
        }
        assertThat(server.counters().value(GateCounter.ANSWERS_TOO_LARGE)).isPositive();
    }

    @Test
    void refusalLosesItsReasonBeforeItsCode() throws Exception {
        for (int maximum = 5; maximum < 120; maximum++) {
            byte[] properties = Wire.join(maximum(maximum), new byte[] {0x15, 0, 1, 'm'});
            try (WireClient client = WireClient.tcp(5, server.mqttPort())) {
                Packet answer = client.send(
                                new Wire.Connect(5, "a").properties(properties).bytes())
                        .read();
                assertThat(answer.connectCode()).isEqualTo(0x8C);
                assertThat(bytes(answer)).isLessThanOrEqualTo(maximum);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"60, true, true", "34, false, true", "14, false, false"})
    void pubackLosesItsReasonBeforeItsProperties(int maximum, boolean reason, boolean properties) throws Exception {
        hook.onPublish = request -> TestHook.done(
                new Acknowledge(0x97, "muted until tomorrow", List.of(new UserProperty("seq", "7")), null, false));
        try (WireClient client = client(Math.max(maximum, 40))) {
            Connection connection = server.gate().connection(hook.online.get("small"));
            ClientProfile known = connection.client();
            ClientProfile smaller = new ClientProfile(
                    known.clientId(),
                    known.user(),
                    known.protocolLevel(),
                    known.keepAliveMillis(),
                    known.receiveMaximum(),
                    maximum,
                    known.problemInformation(),
                    known.messaging(),
                    known.genericPrefix(),
                    known.resume());
            connection
                    .channel
                    .eventLoop()
                    .submit(() -> connection.client(smaller))
                    .get();
            Packet answer =
                    client.send(Wire.publish(5, "im/send", 1, 1, Wire.NONE)).read();
            assertThat(bytes(answer)).isLessThanOrEqualTo(maximum);
            assertThat(answer.reason()).isEqualTo(0x97);
            String text = new String(answer.body(), java.nio.charset.StandardCharsets.UTF_8);
            assertThat(text.contains("muted")).isEqualTo(reason);
            assertThat(text.contains("seq")).isEqualTo(properties);
        }
    }

    @Test
    void subackAboveTheMaximumEndsTheConnectionBeforeAnythingIsSubscribed() throws Exception {
        String[] filters = new String[32];
        for (int i = 0; i < filters.length; i++) {
            filters[i] = "u/" + i;
        }
        try (WireClient client = client(36)) {
            client.send(Wire.subscribe(5, 1, 1, filters));
            assertThat(client.read().disconnectReason()).isEqualTo(0x95);
        }
        assertThat(hook.changes).isEmpty();
        try (WireClient client = client(37)) {
            client.send(Wire.subscribe(5, 1, 1, filters));
            assertThat(client.read().codes(5)).hasSize(32);
        }
    }

    @Test
    void deliveryWithAllItsPropertiesKeepsToTheMaximum() throws Exception {
        byte[] properties = new Wire.Bytes()
                .u8(0x01)
                .u8(1)
                .u8(0x02)
                .u32(3_600)
                .u8(0x03)
                .string("text/plain")
                .u8(0x08)
                .string("t/reply")
                .u8(0x09)
                .string("correlation")
                .u8(0x26)
                .string("key")
                .string("value")
                .u8(0x26)
                .string("key")
                .string("another value")
                .bytes();
        byte[] identifier = {0x0B, 9};
        int size = Wire.publish(5, "t/x", 1, 1, Wire.text("text"), Wire.join(properties, identifier), 0).length;
        for (int maximum : new int[] {size - 1, size}) {
            try (WireClient client = client(maximum)) {
                client.send(Wire.subscribe(5, 1, 1, identifier, "t/x"));
                assertThat(client.read().type()).isEqualTo(9);
                try (WireClient sender = WireClient.tcp(5, server.mqttPort()).connected("sender")) {
                    sender.send(Wire.publish(5, "t/x", 1, 1, Wire.text("text"), properties, 0));
                    assertThat(sender.read().type()).isEqualTo(4);
                    sender.send(Wire.publish(5, "t/x", 1, 2, Wire.text("short")));
                    assertThat(sender.read().type()).isEqualTo(4);
                }
                Packet delivery = client.read();
                assertThat(bytes(delivery)).isLessThanOrEqualTo(maximum);
                assertThat(delivery.payload(5)).isEqualTo(maximum < size ? "short" : "text");
                if (maximum == size) {
                    byte[] received = delivery.publishProperties();
                    assertThat(new String(received, java.nio.charset.StandardCharsets.UTF_8))
                            .contains("text/plain", "t/reply", "correlation", "another value");
                    assertThat(bytes(delivery)).isEqualTo(size);
                }
            }
        }
        assertThat(server.counters().value(GateCounter.DELIVERIES_TOO_LARGE)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void lastWordArrivesThoughTheClientGoesOnSending(boolean webSocket) throws Exception {
        for (int round = 0; round < 20; round++) {
            try (WireClient client = webSocket
                    ? WireClient.webSocket(5, server.webSocketPort()).connected("talker")
                    : WireClient.tcp(5, server.mqttPort()).connected("talker")) {
                byte[] more = Wire.publish(5, "im/send", 0, 0, new byte[30_000]);
                client.send(Wire.packet(0xF0, Wire.NONE), more);
                for (int i = 0; i < 10; i++) {
                    client.send(more);
                }
                assertThat(client.read().disconnectReason()).isEqualTo(0x82);
                assertThat(client.closed()).isTrue();
            }
        }
    }

    @Test
    void clientThatNeverClosesIsClosed() throws Exception {
        try (WireClient client = WireClient.tcp(5, server.mqttPort()).connected("stays")) {
            client.send(Wire.packet(0xF0, Wire.NONE));
            assertThat(client.read().disconnectReason()).isEqualTo(0x82);
            org.awaitility.Awaitility.await().until(() -> server.connections() == 0);
        }
    }
}
