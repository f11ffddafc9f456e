package io.hongyan.im.app;

import static io.hongyan.im.app.client.RawClient.CLOSED;
import static io.hongyan.im.app.client.RawClient.CONNACK;
import static io.hongyan.im.app.client.RawClient.DISCONNECT;
import static io.hongyan.im.app.client.RawClient.PUBACK;
import static io.hongyan.im.app.client.RawClient.PUBLISH;
import static io.hongyan.im.app.client.RawClient.PUBREC;
import static io.hongyan.im.app.client.RawClient.SUBACK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.hongyan.im.app.client.ChatClient.Received;
import io.hongyan.im.app.client.PahoClient;
import io.hongyan.im.app.client.Payloads;
import io.hongyan.im.app.client.RawClient;
import io.hongyan.im.app.client.RawClient.Packet;
import io.hongyan.protocol.v1.Code;
import io.hongyan.protocol.v1.SendAck;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The answer to bad input: defined, and counted, while two bystanders keep writing to each other. */
@Tag("long")
@Timeout(120)
final class BadInputTest {
    private static final byte[] NOTHING = {};
    private static final AtomicInteger SENT = new AtomicInteger();

    private static final ListAppender<ILoggingEvent> WARNINGS = new ListAppender<>();

    @TempDir
    static Path directory;

    private static RunningServer server;
    private static PahoClient alice;
    private static PahoClient bob;
    private static String token;

    private String counter;
    private long before;

    @BeforeAll
    static void start() throws Exception {
        WARNINGS.start();
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).addAppender(WARNINGS);
        server = RunningServer.start(directory, "HONGYAN_MQTT_ACK_MILLIS_MAX", "15000");
        alice = PahoClient.online(server, "alice:iot:bystander");
        bob = PahoClient.online(server, "bob:iot:bystander");
        token = server.token("eve");
    }

    @AfterAll
    static void stop() {
        alice.close();
        bob.close();
        server.close();
        // What clients do is summed up once a minute; it causes no single lines.
        assertThat(WARNINGS.list)
                .filteredOn(line -> line.getLevel().isGreaterOrEqual(Level.WARN))
                .extracting(ILoggingEvent::getFormattedMessage)
                .allMatch(line -> line.startsWith("event=\""));
    }

    @BeforeEach
    void noCounterYet() {
        counter = null;
    }

    @AfterEach
    void itWasCountedAndTheBystandersAreWell() throws Exception {
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(server.metric(counter)).isGreaterThan(before));
        String id = "bystander-" + SENT.incrementAndGet();
        alice.send(id, "bob", "still there?");
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(
                        () -> assertThat(bob.inbox()).extracting(Received::id).endsWith(id));
        assertThat(server.faults()).isEmpty();
    }

    @Test
    void malformedProtobuf() throws Exception {
        counts("mqtt_requests_malformed_total");
        try (RawClient eve = eve()) {
            assertPacket(eve.publish(1, 1, "im/send", new byte[] {10, 50, 1}), PUBACK, 0x99);
            assertStillServed(eve);
        }
    }

    @Test
    void malformedJson() throws Exception {
        counts("mqtt_requests_malformed_total");
        try (RawClient eve = eve()) {
            assertPacket(eve.publish(1, 1, "json/im/send", bytes("{\"clientMessageId\":")), PUBACK, 0x99);
        }
    }

    @Test
    void aPageThatNoAnswerHasNamed() throws Exception {
        counts("mqtt_requests_refused_total");
        try (RawClient eve = eve()) {
            int id = 1;
            for (String page : List.of("x", "-1", "1e3", "٣", "99999999999999999999999", "' OR 1=1", "\\u0000")) {
                byte[] call = bytes("{\"requestId\":\"r\",\"page\":\"" + page + "\"}");
                assertPacket(eve.publish(id++, 1, "json/im/call/conversations", call), PUBACK, 0x99);
            }
            assertPacket(eve.publish(id, 1, "json/im/call/conversations", bytes("{\"page\":\"7\"}")), PUBACK, 0);
        }
    }

    @Test
    void aMessageToNobody() throws Exception {
        counts("mqtt_requests_refused_total");
        try (RawClient eve = eve()) {
            assertPacket(eve.publish(1, 1, "im/send", send("m", "nobody")), PUBACK, 0x90);
            assertStillServed(eve);
        }
    }

    @Test
    void withMqtt311TheRefusalStandsInTheAnswer() throws Exception {
        counts("mqtt_requests_refused_total");
        try (RawClient eve = new RawClient(server.mqttPort(), false)) {
            eve.connect("eve:iot:raw", "eve", token, null);
            eve.subscribe(1, 1, "u/eve/reply");
            Packet acknowledged = eve.publish(2, 1, "im/send", send("m", "nobody"));
            assertThat(acknowledged.type()).isEqualTo(PUBACK);
            assertThat(acknowledged.body()).hasSize(2);
            Packet answer = eve.read();
            assertThat(answer.type()).isEqualTo(PUBLISH);
            int topicEnd = 2 + "u/eve/reply".length();
            SendAck ack = SendAck.parseFrom(Arrays.copyOfRange(answer.body(), topicEnd, answer.body().length));
            assertThat(ack.getCode()).isEqualTo(Code.UNKNOWN_CONVERSATION);
            assertThat(ack.getClientMessageId()).isEqualTo("m");
        }
    }

    @Test
    void aPacketThatIsTooLargeIsRefusedBeforeItHasCome() throws Exception {
        counts("gate_connections_ended_total{reason=\"packet_too_large\"}");
        try (RawClient eve = eve()) {
            eve.write(new byte[] {0x32, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x7f, 0, 7});
            assertPacket(eve.read(), DISCONNECT, 0x95);
            assertPacket(eve.read(), CLOSED);
        }
    }

    @Test
    void contentThatIsTooLarge() throws Exception {
        counts("mqtt_requests_refused_total");
        try (RawClient eve = eve()) {
            byte[] payload = Payloads.send("m", "bob", "x".repeat(70_000)).toByteArray();
            assertPacket(eve.publish(1, 1, "im/send", payload), PUBACK, 0x97);
            assertStillServed(eve);
        }
    }

    @Test
    void aClientIdOfAnotherForm() throws Exception {
        counts("mqtt_connects_refused_total{reason=\"client_id\"}");
        try (RawClient eve = new RawClient(server.mqttPort(), true)) {
            assertPacket(eve.connect("eve", "eve", token, null), CONNACK, 0x85);
            assertPacket(eve.read(), CLOSED);
        }
        try (RawClient eve = new RawClient(server.mqttPort(), false)) {
            assertPacket(eve.connect("eve:toaster:x", "eve", token, null), CONNACK, 2);
        }
    }

    @Test
    void anExpiredToken() throws Exception {
        counts("mqtt_connects_refused_total{reason=\"token\"}");
        String expired = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJldmUiLCJleHAiOjF9.AAAA";
        try (RawClient eve = new RawClient(server.mqttPort(), true)) {
            assertPacket(eve.connect("eve:iot:raw", "eve", expired, null), CONNACK, 0x86);
        }
    }

    @Test
    void aForgedTokenOrThatOfSomebodyElse() throws Exception {
        counts("mqtt_connects_refused_total{reason=\"token\"}");
        try (RawClient eve = new RawClient(server.mqttPort(), true)) {
            assertPacket(eve.connect("alice:iot:raw", "alice", token, null), CONNACK, 0x86);
        }
        try (RawClient eve = new RawClient(server.mqttPort(), false)) {
            assertPacket(eve.connect("eve:iot:raw", "eve", token.substring(1), null), CONNACK, 4);
        }
        try (RawClient eve = new RawClient(server.mqttPort(), true)) {
            assertPacket(eve.connect("eve:iot:raw", null, null, null), CONNACK, 0x86);
        }
    }

    @Test
    void theTopicsOfSomebodyElse() throws Exception {
        counts("mqtt_filters_refused_total{reason=\"foreign\"}");
        try (RawClient eve = eve()) {
            assertPacket(eve.subscribe(1, 1, "u/bob/inbox"), SUBACK, 0x87);
            assertPacket(eve.subscribe(2, 1, "json/u/bob/#"), SUBACK, 0x87);
        }
        try (RawClient eve = new RawClient(server.mqttPort(), false)) {
            eve.connect("eve:iot:raw", "eve", token, null);
            assertPacket(eve.subscribe(1, 1, "u/bob/inbox"), SUBACK, 0x80);
        }
    }

    @Test
    void wildcardsBeyondTheOwnTree() throws Exception {
        counts("gate_filters_refused_total{reason=\"not_authorized\"}");
        try (RawClient eve = eve()) {
            int packetId = 0;
            for (String filter : new String[] {"#", "u/#", "u/+/inbox", "+/eve/inbox", "json/#"}) {
                assertThat(eve.subscribe(++packetId, 1, filter).reason())
                        .as(filter)
                        .isEqualTo(0x87);
            }
        }
    }

    @Test
    void aSharedSubscription() throws Exception {
        counts("gate_filters_refused_total{reason=\"shared\"}");
        try (RawClient eve = eve()) {
            assertPacket(eve.subscribe(1, 1, "$share/g/u/eve/inbox"), SUBACK, 0x9E);
            assertPacket(eve.subscribe(2, 1, "$share/g/t/eve/x"), SUBACK, 0x9E);
        }
    }

    @Test
    void anUnknownTopicOfMessaging() throws Exception {
        counts("mqtt_requests_unknown_topic_total");
        try (RawClient eve = eve()) {
            assertPacket(eve.publish(1, 1, "im/sent", NOTHING), PUBACK, 0x90);
            assertPacket(eve.publish(2, 1, "u/bob/inbox", NOTHING), PUBACK, 0x90);
            assertPacket(eve.publish(3, 1, "im/call/nothing", NOTHING), PUBACK, 0x90);
            assertStillServed(eve);
        }
    }

    @Test
    void qosTwoOnATopicOfMessaging() throws Exception {
        counts("gate_publishes_qos2_refused_total");
        try (RawClient eve = eve()) {
            assertPacket(eve.publish(1, 2, "im/send", send("m", "bob")), PUBREC, 0x83);
            assertStillServed(eve);
        }
        try (RawClient eve = new RawClient(server.mqttPort(), false)) {
            eve.connect("eve:iot:raw", "eve", token, null);
            assertPacket(eve.publish(1, 2, "im/send", send("m", "bob")), CLOSED);
        }
    }

    @Test
    void retainOnATopicOfMessagingIsIgnored() throws Exception {
        counts("gate_publishes_retain_ignored_total");
        try (RawClient eve = eve()) {
            eve.sendPublish(1, 3, "im/send", NOTHING, send("retained", "bob"));
            assertPacket(eve.read(), PUBACK, 0);
        }
    }

    @Test
    void aTopicAlias() throws Exception {
        counts("gate_topic_aliases_refused_total");
        try (RawClient eve = eve()) {
            eve.sendPublish(1, 2, "im/send", new byte[] {0x23, 0, 1}, send("alias", "bob"));
            assertPacket(eve.read(), DISCONNECT, 0x94);
            assertPacket(eve.read(), CLOSED);
        }
    }

    @Test
    void aWillToATopicOfMessaging() throws Exception {
        counts("mqtt_connects_refused_total{reason=\"will\"}");
        try (RawClient eve = new RawClient(server.mqttPort(), true)) {
            assertPacket(eve.connect("eve:iot:raw", "eve", token, "t/bob/x"), CONNACK, 0x87);
        }
        try (RawClient eve = new RawClient(server.mqttPort(), true)) {
            assertPacket(eve.connect("eve:iot:raw", "eve", token, "im/send"), CONNACK, 0x87);
        }
    }

    @Test
    void aSecondConnect() throws Exception {
        counts("gate_connections_ended_total{reason=\"protocol_error\"}");
        try (RawClient eve = eve()) {
            assertPacket(eve.connect("eve:iot:raw", "eve", token, null), DISCONNECT, 0x82);
            assertPacket(eve.read(), CLOSED);
        }
    }

    @Test
    void packetsAfterDisconnect() throws Exception {
        counts("gate_connections_closed_total");
        long stored = server.metric("messaging_sends_stored_total");
        try (RawClient eve = eve()) {
            eve.write(new byte[] {(byte) 0xE0, 0, 0x32, 12, 0, 7, 'i', 'm', '/', 's', 'e', 'n', 'd', 0, 1, 0});
            assertPacket(eve.read(), CLOSED);
        }
        assertThat(server.metric("messaging_sends_stored_total")).isEqualTo(stored);
    }

    @Test
    void aMissingOrOverlongClientMessageId() throws Exception {
        counts("mqtt_requests_malformed_total");
        try (RawClient eve = eve()) {
            int packetId = 0;
            for (String id : new String[] {"", "x".repeat(65), "with space", "ünicode"}) {
                assertPacket(eve.publish(++packetId, 1, "im/send", send(id, "bob")), PUBACK, 0x99);
            }
            assertStillServed(eve);
        }
    }

    @Test
    void bothFormsAtOnce() throws Exception {
        counts("mqtt_filters_refused_total{reason=\"form_mixed\"}");
        try (RawClient eve = eve()) {
            assertPacket(eve.subscribe(1, 1, "u/eve/inbox"), SUBACK, 1);
            assertPacket(eve.subscribe(2, 1, "json/u/eve/inbox"), SUBACK, 0x83);
            assertPacket(eve.publish(3, 1, "json/im/send", NOTHING), PUBACK, 0x83);
        }
    }

    @Test
    void anAcknowledgementOfNothing() throws Exception {
        counts("gate_acknowledgements_unknown_total");
        try (RawClient eve = eve()) {
            eve.sendPuback(4_711);
            assertStillServed(eve);
        }
    }

    @Test
    void aClientThatNeverAcknowledges() throws Exception {
        counts("gate_connections_ended_total{reason=\"acknowledgement_timeout\"}");
        try (RawClient eve = eve()) {
            eve.subscribe(1, 1, "u/eve/inbox");
            alice.send("never-" + SENT.incrementAndGet(), "eve", "acknowledge this");
            assertThat(eve.read().type()).isEqualTo(PUBLISH);
            assertPacket(eve.read(), DISCONNECT, 0x83);
            assertPacket(eve.read(), CLOSED);
        }
    }

    @Test
    void aClientThatStopsReading() throws Exception {
        counts("gate_connections_closed_total");
        try (RawClient mallory = new RawClient(server.mqttPort(), true)) {
            mallory.connect("mallory:iot:raw", "mallory", server.token("mallory"), null);
            mallory.subscribe(1, 1, "u/mallory/#");
            long open = server.metric("connections_open");
            String large = "x".repeat(60_000);
            for (int i = 0; i < 60; i++) {
                alice.send("large-" + SENT.incrementAndGet(), "mallory", large);
            }
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(
                            () -> assertThat(server.metric("connections_open")).isLessThan(open));
        }
    }

    @Test
    void bytesThatAreNotMqtt() throws Exception {
        counts("gate_connections_closed_total");
        try (RawClient eve = new RawClient(server.mqttPort(), true)) {
            eve.write(bytes("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
            assertPacket(eve.read(), CLOSED);
        }
    }

    private void counts(String metric) {
        counter = metric;
        before = server.metric(metric);
    }

    private static RawClient eve() throws IOException {
        RawClient client = new RawClient(server.mqttPort(), true);
        assertPacket(client.connect("eve:iot:raw", "eve", token, null), CONNACK, 0);
        return client;
    }

    private static void assertStillServed(RawClient client) throws IOException {
        assertThat(client.ping().type()).isEqualTo(RawClient.PINGRESP);
    }

    private static void assertPacket(Packet packet, int type, int reason) {
        assertPacket(packet, type);
        assertThat(packet.reason()).isEqualTo(reason);
    }

    private static void assertPacket(Packet packet, int type) {
        assertThat(packet.type()).isEqualTo(type);
    }

    private static byte[] send(String id, String to) {
        return Payloads.send(id, to, "hello").toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
