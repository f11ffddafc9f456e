package io.hongyan.broker.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hongyan.broker.hook.ConnectVerdict;
import io.hongyan.broker.hook.DisconnectCause;
import io.hongyan.broker.hook.PublishVerdict;
import io.hongyan.broker.hook.PublishVerdict.Acknowledge;
import io.hongyan.broker.hook.PublishVerdict.CloseUnanswered;
import io.hongyan.broker.hook.PublishVerdict.Reply;
import io.hongyan.broker.hook.UserProperty;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** PUBLISH to claimed and to generic topics, and what each abuse gets. */
@Timeout(60)
class PublishTest {
    private static final int UNANSWERED_MAX = 8;
    private static final int PACKET_BYTES_MAX = 10_000;

    private final TestHook hook = new TestHook();
    private final List<CompletableFuture<PublishVerdict>> open = Collections.synchronizedList(new ArrayList<>());
    private BrokerServer server;

    @BeforeEach
    void start() {
        start(60_000);
    }

    private void start(int publishMillis) {
        BrokerConfig config = Servers.config();
        server = Servers.start(
                config.withDeadlines(new BrokerConfig.Deadlines(
                                30_000, publishMillis, 30_000, 30_000, 500, 0, 600, 3_600, 30_000))
                        .withFlow(new BrokerConfig.FlowLimits(UNANSWERED_MAX, 16, 32, 32 << 10, 128 << 10, 1 << 20))
                        .withPackets(new BrokerConfig.PacketLimits(PACKET_BYTES_MAX, 8, 300, 16, 8)),
                hook);
    }

    @AfterEach
    void stop() {
        server.close();
        assertThat(server.healthy()).isTrue();
    }

    private WireClient client(int level, String clientId) throws Exception {
        return WireClient.tcp(level, server.mqttPort()).connected(clientId);
    }

    private void leaveOpen() {
        hook.onPublish = request -> {
            CompletableFuture<PublishVerdict> answer = new CompletableFuture<>();
            open.add(answer);
            return answer;
        };
    }

    private void expectEnd(WireClient client, int reason, DisconnectCause cause) throws Exception {
        if (client.level == 5) {
            Packet bye = client.read();
            assertThat(bye.type()).isEqualTo(14);
            assertThat(bye.disconnectReason()).isEqualTo(reason);
        }
        assertThat(client.closed()).isTrue();
        await().until(() -> hook.ended.stream().anyMatch(ended -> ended.cause() == cause));
    }

    private long counted(GateCounter counter) {
        return server.counters().value(counter);
    }

    @Test
    void theWaitForThePubackOfWhatTheNodeTakesIsMeasured() throws Exception {
        leaveOpen();
        try (WireClient client = client(5, "a")) {
            assertThat(server.counters().connectTimes().snapshot().count()).isEqualTo(1);
            client.send(Wire.publish(5, "im/send", 1, 1, Wire.text("taken")))
                    .send(Wire.publish(5, "im/send", 1, 2, Wire.text("refused")))
                    .send(Wire.publish(5, "im/send", 0, 0, Wire.text("not awaited")));
            await().until(() -> open.size() == 3);

            open.get(0).complete(Acknowledge.plain());
            client.read();
            open.get(1).complete(new Acknowledge(0x97, null, List.of(), null, false));
            open.get(2).complete(Acknowledge.plain());
            client.read();
            assertThat(server.counters().publishTimes().snapshot().count()).isEqualTo(1);
            assertThat(server.counters().publishTimes().snapshot().sumNanos()).isPositive();
        }
    }

    @Test
    void refusalIsSeenByVersion5OnlyTogetherWithReasonAndProperties() throws Exception {
        hook.onPublish = request ->
                TestHook.done(new Acknowledge(0x97, "muted", List.of(new UserProperty("seq", "7")), null, false));
        try (WireClient old = client(4, "a");
                WireClient young = client(5, "b");
                WireClient terse = WireClient.tcp(5, server.mqttPort())) {
            Packet puback =
                    old.send(Wire.publish(4, "im/send", 1, 1, Wire.text("x"))).read();
            assertThat(puback.body()).as("plain").hasSize(2);
            puback =
                    young.send(Wire.publish(5, "im/send", 1, 2, Wire.text("x"))).read();
            assertThat(puback.id()).isEqualTo(2);
            assertThat(puback.reason()).isEqualTo(0x97);
            assertThat(new String(puback.body())).contains("muted", "seq", "7");
            byte[] noProblemInformation = {0x17, 0};
            terse.connected(new Wire.Connect(5, "c").properties(noProblemInformation));
            puback =
                    terse.send(Wire.publish(5, "im/send", 1, 3, Wire.text("x"))).read();
            assertThat(puback.reason()).isEqualTo(0x97);
            assertThat(new String(puback.body())).doesNotContain("muted").doesNotContain("seq");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void replyFollowsTheAcknowledgementAndMayBeTheLast(int level) throws Exception {
        hook.onPublish = request ->
                TestHook.done(new Acknowledge(0, null, List.of(), new Reply("u/alice/reply", Wire.text("done")), true));
        try (WireClient client = client(level, "a").subscribed(1, "u/alice/reply")) {
            client.send(Wire.publish(level, "im/logout", 1, 1, Wire.NONE));
            assertThat(client.read().type()).isEqualTo(4);
            assertThat(client.read().payload(level)).isEqualTo("done");
            expectEnd(client, 0, DisconnectCause.NORMAL);
        }
    }

    @Test
    void replyNeedsAFilter() throws Exception {
        hook.onPublish = request ->
                TestHook.done(new Acknowledge(0, null, List.of(), new Reply("u/alice/reply", Wire.NONE), false));
        try (WireClient client = client(4, "a")) {
            client.send(Wire.publish(4, "im/send", 1, 1, Wire.NONE), Wire.PINGREQ);
            assertThat(List.of(client.read().type(), client.read().type())).containsExactlyInAnyOrder(4, 13);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void acknowledgementsLeaveInOrderWhateverTheNodesOrder(int level) throws Exception {
        leaveOpen();
        try (WireClient client = client(level, "a")) {
            for (int i = 1; i <= UNANSWERED_MAX; i++) {
                client.send(Wire.publish(level, "im/send", 1, i, Wire.text("m")));
            }
            await().until(() -> open.size() == UNANSWERED_MAX);
            for (int i = UNANSWERED_MAX - 1; i >= 0; i--) {
                open.get(i).complete(Acknowledge.plain());
            }
            for (int i = 1; i <= UNANSWERED_MAX; i++) {
                assertThat(client.read().id()).isEqualTo(i);
            }
        }
    }

    @Test
    void socketIsNotReadBeyondTheUnansweredPublishes() throws Exception {
        leaveOpen();
        try (WireClient client = client(4, "a")) {
            for (int i = 1; i <= 3 * UNANSWERED_MAX; i++) {
                client.send(Wire.publish(4, "im/send", 1, i, Wire.text("m")));
            }
            await().until(() -> open.size() == UNANSWERED_MAX);
            assertThat(client.silentFor(300)).isTrue();
            assertThat(open).hasSize(UNANSWERED_MAX);
            hook.onPublish = request -> TestHook.done(Acknowledge.plain());
            open.forEach(answer -> answer.complete(Acknowledge.plain()));
            for (int i = 1; i <= 3 * UNANSWERED_MAX; i++) {
                assertThat(client.read().id()).isEqualTo(i);
            }
        }
        assertThat(counted(GateCounter.READS_PAUSED_UNANSWERED)).isPositive();
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void publishPastItsDeadlineIsNotAcknowledged(int level) throws Exception {
        server.close();
        start(3_000);
        leaveOpen();
        try (WireClient client = client(level, "a")) {
            client.send(Wire.publish(level, "im/send", 1, 1, Wire.text("m")));
            expectEnd(client, 0x89, DisconnectCause.SERVER_BUSY);
        }
        assertThat(counted(GateCounter.PUBLISHES_TIMED_OUT)).isEqualTo(1);
        open.get(0).complete(Acknowledge.plain());
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void hostMayEndTheConnectionInsteadOfAnswering(int level) throws Exception {
        hook.onPublish = request -> TestHook.done(new CloseUnanswered(DisconnectCause.MESSAGE_RATE_TOO_HIGH));
        try (WireClient client = client(level, "a")) {
            client.send(Wire.publish(level, "im/send", 1, 1, Wire.text("m")));
            expectEnd(client, 0x96, DisconnectCause.MESSAGE_RATE_TOO_HIGH);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void failingNodeEndsTheConnectionUnanswered(int level) throws Exception {
        hook.onPublish = request -> {
            throw new IllegalStateException("bug");
        };
        try (WireClient client = client(level, "a")) {
            client.send(Wire.publish(level, "im/send", 1, 1, Wire.text("m")));
            expectEnd(client, 0x89, DisconnectCause.SERVER_BUSY);
        }
    }

    @Test
    void qos2OnAClaimedTopicIsRefused() throws Exception {
        try (WireClient old = client(4, "a");
                WireClient young = client(5, "b")) {
            Packet pubrec =
                    young.send(Wire.publish(5, "im/send", 2, 9, Wire.text("m"))).read();
            assertThat(pubrec.type()).isEqualTo(5);
            assertThat(pubrec.id()).isEqualTo(9);
            assertThat(pubrec.reason()).isEqualTo(0x83);
            old.send(Wire.publish(4, "im/send", 2, 9, Wire.text("m")));
            expectEnd(old, 0, DisconnectCause.QOS_NOT_SUPPORTED);
        }
        assertThat(hook.publishes).isEmpty();
        assertThat(counted(GateCounter.PUBLISHES_QOS_2_REFUSED)).isEqualTo(2);
    }

    @Test
    void retainOnAClaimedTopicIsIgnored() throws Exception {
        try (WireClient client = client(4, "a")) {
            client.send(Wire.publish(4, "im/send", 1, 1, Wire.text("m"), Wire.NONE, 1));
            assertThat(client.read().type()).isEqualTo(4);
        }
        assertThat(hook.publishes).hasSize(1);
        assertThat(counted(GateCounter.PUBLISHES_RETAIN_IGNORED)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"im/send", "t/x"})
    void topicAliasIsRefused(String topic) throws Exception {
        byte[] alias = {0x23, 0, 1};
        try (WireClient client = client(5, "a")) {
            client.send(Wire.publish(5, topic, 1, 1, Wire.text("m"), alias, 0));
            expectEnd(client, 0x94, DisconnectCause.TOPIC_ALIAS_INVALID);
        }
        assertThat(hook.publishes).isEmpty();
        assertThat(counted(GateCounter.TOPIC_ALIASES_REFUSED)).isEqualTo(1);
    }

    @Test
    void otherPropertiesOfAPublishArePassedOver() throws Exception {
        byte[] properties = new Wire.Bytes()
                .u8(0x01)
                .u8(1)
                .u8(0x02)
                .u32(60)
                .u8(0x03)
                .string("text")
                .u8(0x08)
                .string("t/r")
                .u8(0x09)
                .string("corr")
                .u8(0x26)
                .string("k")
                .string("v")
                .bytes();
        try (WireClient client = client(5, "a")) {
            client.send(Wire.publish(5, "im/send", 1, 1, Wire.text("payload"), properties, 0));
            assertThat(client.read().reason()).isZero();
        }
        assertThat(hook.publishes.element().payload()).isEqualTo(Wire.text("payload"));
    }

    @ParameterizedTest
    @CsvSource({"4,x/y,135", "5,x/y,135", "4,$SYS/x,144", "5,$SYS/x,144"})
    void genericTopicOutsideTheOwnTreeIsRefused(int level, String topic, int reason) throws Exception {
        try (WireClient client = client(level, "a")) {
            client.send(Wire.publish(level, topic, 1, 5, Wire.text("m")));
            if (level == 5) {
                Packet puback = client.read();
                assertThat(puback.id()).isEqualTo(5);
                assertThat(puback.reason()).isEqualTo(reason);
                client.send(Wire.publish(level, topic, 2, 6, Wire.text("m")));
                assertThat(client.read().reason()).isEqualTo(reason);
                client.send(Wire.publish(level, topic, 0, 0, Wire.text("m")), Wire.PINGREQ);
                assertThat(client.read().type()).isEqualTo(13);
            } else {
                expectEnd(client, 0, DisconnectCause.NOT_AUTHORIZED);
            }
        }
        assertThat(counted(GateCounter.PUBLISHES_REFUSED)).isEqualTo(level == 5 ? 3 : 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void clientWithoutMessagingMayNotPublishToClaimedTopics(int level) throws Exception {
        hook.onConnect = request -> TestHook.done(new ConnectVerdict.Accept(false, List.of(), "", false));
        try (WireClient client = client(level, "a")) {
            client.send(Wire.publish(level, "im/send", 1, 1, Wire.text("m")));
            if (level == 5) {
                assertThat(client.read().reason()).isEqualTo(0x87);
            } else {
                expectEnd(client, 0, DisconnectCause.NOT_AUTHORIZED);
            }
        }
        assertThat(hook.publishes).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void oversizePacketIsRefusedByItsHeader(int level) throws Exception {
        try (WireClient client = client(level, "a")) {
            client.send(new Wire.Bytes().u8(0x32).variable(PACKET_BYTES_MAX + 1).bytes());
            expectEnd(client, 0x95, DisconnectCause.PACKET_TOO_LARGE);
        }
        assertThat(counted(GateCounter.PACKETS_TOO_LARGE)).isEqualTo(1);
    }

    @Test
    void largestPacketPassesInManyPieces() throws Exception {
        byte[] payload = new byte[PACKET_BYTES_MAX - 50];
        byte[] packet = Wire.publish(4, "im/send", 1, 1, payload);
        try (WireClient client = client(4, "a")) {
            for (int from = 0; from < packet.length; from += 999) {
                client.send(Arrays.copyOfRange(packet, from, Math.min(packet.length, from + 999)));
            }
            assertThat(client.read().type()).isEqualTo(4);
        }
        assertThat(hook.publishes.element().payload()).hasSize(payload.length);
    }

    @ParameterizedTest
    @CsvSource({
        "4,im/+/x,PROTOCOL_ERRORS",
        "5,im/#,PROTOCOL_ERRORS",
        "4,a/b/c/d/e/f/g/h/i,TOPICS_TOO_DEEP",
        "5,'',PROTOCOL_ERRORS"
    })
    void invalidTopicEndsTheConnection(int level, String topic, GateCounter counter) throws Exception {
        try (WireClient client = client(level, "a")) {
            client.send(Wire.publish(level, topic, 0, 0, Wire.text("m")));
            expectEnd(client, 0x90, DisconnectCause.TOPIC_NAME_INVALID);
        }
        assertThat(counted(counter)).isEqualTo(1);
    }

    @Test
    void topicsHaveALongestLength() throws Exception {
        String fits = "t/alice/" + "é".repeat(146);
        try (WireClient client = client(5, "a");
                WireClient other = WireClient.tcp(5, server.mqttPort())) {
            client.send(Wire.publish(5, fits, 1, 1, Wire.text("m")));
            assertThat(client.read().type()).isEqualTo(PacketWriter.PUBACK);
            assertThat(other.send(new Wire.Connect(5, "b").will(fits + "x", 0).bytes())
                            .read()
                            .connectCode())
                    .isEqualTo(0x87);
            client.send(Wire.publish(5, fits + "x", 0, 0, Wire.text("m")));
            expectEnd(client, 0x90, DisconnectCause.TOPIC_NAME_INVALID);
        }
        assertThat(counted(GateCounter.TOPICS_TOO_LONG)).isEqualTo(1);
    }

    @Test
    void malformedPublishEndsTheConnection() throws Exception {
        List<byte[]> malformed = List.of(
                Wire.packet(
                        0x36,
                        Wire.join(new Wire.Bytes().string("im/send").u16(1).bytes())),
                Wire.packet(0x30, new byte[] {0, 50, 'i', 'm'}),
                Wire.packet(0x30, new byte[] {0}),
                Wire.packet(0x32, new Wire.Bytes().string("im/send").u16(0).bytes()),
                Wire.packet(0x30, new byte[] {0, 4, 'i', 'm', '/', (byte) 0xFF}),
                new byte[] {0x30, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 1});
        for (byte[] bytes : malformed) {
            try (WireClient client = client(4, "a")) {
                client.send(bytes);
                assertThat(client.closed()).isTrue();
            }
        }
        await().until(() -> hook.ended.size() == malformed.size());
        assertThat(hook.ended).allMatch(ended -> ended.cause() == DisconnectCause.MALFORMED_PACKET);
        assertThat(hook.publishes).isEmpty();
        assertThat(counted(GateCounter.PACKETS_MALFORMED)).isEqualTo(malformed.size());
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void genericMessagesPassAtEveryQualityOfService(int level) throws Exception {
        try (WireClient sender = client(level, "s");
                WireClient receiver = client(level, "r").subscribed(2, "t/x")) {
            sender.send(Wire.publish(level, "t/x", 0, 0, Wire.text("q0")));
            assertThat(receiver.read().payload(level)).isEqualTo("q0");
            sender.send(Wire.publish(level, "t/x", 1, 1, Wire.text("q1")));
            Packet message = receiver.read();
            assertThat(message.payload(level)).isEqualTo("q1");
            receiver.send(Wire.acknowledge(4, message.publishId()));
            assertThat(sender.read().type()).isEqualTo(4);
            sender.send(Wire.publish(level, "t/x", 2, 2, Wire.text("q2")));
            assertThat(sender.read().type()).isEqualTo(5);
            sender.send(Wire.acknowledge(6, 2));
            assertThat(sender.read().type()).isEqualTo(7);
            message = receiver.read();
            assertThat(message.payload(level)).isEqualTo("q2");
            receiver.send(Wire.acknowledge(5, message.publishId()));
            assertThat(receiver.read().type()).isEqualTo(6);
            receiver.send(Wire.acknowledge(7, message.publishId()));
            sender.send(Wire.publish(level, "t/x", 1, 3, Wire.text("on")));
            assertThat(receiver.read().payload(level)).isEqualTo("on");
        }
        assertThat(hook.publishes).isEmpty();
    }

    @Test
    void retainedGenericMessageIsKeptForLaterSubscribers() throws Exception {
        try (WireClient sender = client(4, "s");
                WireClient receiver = client(4, "r")) {
            sender.send(Wire.publish(4, "t/kept", 1, 1, Wire.text("kept"), Wire.NONE, 1));
            assertThat(sender.read().type()).isEqualTo(4);
            // Moquette keeps a message after its PUBACK, but before the next one's.
            sender.send(Wire.publish(4, "t/other", 1, 2, Wire.NONE));
            assertThat(sender.read().type()).isEqualTo(4);
            Packet message = receiver.subscribed(1, "t/kept").read();
            assertThat(message.retain()).isTrue();
            assertThat(message.payload(4)).isEqualTo("kept");
        }
    }

    @Test
    void acknowledgementsForUnknownIdsAreIgnoredAndCounted() throws Exception {
        try (WireClient client = client(4, "a").subscribed(1, "t/x")) {
            client.send(
                    Wire.acknowledge(4, 1),
                    Wire.acknowledge(5, 2),
                    Wire.acknowledge(6, 3),
                    Wire.acknowledge(7, 4),
                    Wire.PINGREQ);
            assertThat(client.read().type()).as("PUBREL for PUBREC").isEqualTo(6);
            assertThat(client.read().type()).as("PUBCOMP for PUBREL").isEqualTo(7);
            assertThat(client.read().type()).isEqualTo(13);
        }
        assertThat(counted(GateCounter.ACKNOWLEDGEMENTS_UNKNOWN)).isEqualTo(4);
    }

    @Test
    void disconnectAndAcknowledgementInOneSegmentHarmNobody() throws Exception {
        try (WireClient sender = client(4, "s")) {
            for (int round = 0; round < 50; round++) {
                try (WireClient receiver = client(4, "r" + round).subscribed(1, "t/x")) {
                    sender.send(Wire.publish(4, "t/x", 1, round + 1, Wire.text("m")));
                    assertThat(sender.read().id()).isEqualTo(round + 1);
                    int id = receiver.read().publishId();
                    receiver.send(Wire.DISCONNECT, Wire.acknowledge(4, id));
                    assertThat(receiver.closed()).isTrue();
                }
            }
        }
        assertThat(server.healthy()).isTrue();
        assertThat(counted(GateCounter.PACKETS_MALFORMED)).isZero();
    }
}
