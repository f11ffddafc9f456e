package io.hongyan.broker.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.broker.hook.ConnectRequest;
import io.hongyan.broker.hook.ConnectVerdict;
import io.hongyan.broker.hook.GrantedFilter;
import io.hongyan.broker.hook.PublishRequest;
import io.hongyan.broker.hook.SubscriptionChange;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttUnsubscribeMessage;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.net.InetAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Packets of Netty's codec, in pieces: the node gets their contents. The same with wrong bytes in them: the node gets
 * what that codec reads too, up to where the gate refuses something.
 */
@Timeout(60)
class PacketRoundTripTest {
    private static final BrokerConfig.PacketLimits LIMITS = Servers.config().packets();
    private static final int ROUNDS = 400;
    private static final int PACKETS_MAX = 12;
    private static final int BYTES_MAX = 1 << 20;
    private static final List<String> CLAIMED = Servers.config().claimedPrefixes();
    private static final String[] TEXTS = {
        "a", "", "\u4f60\u597d", "\ud83d\ude00 x", "a longer text than the others", "/+#"
    };
    private static final String[] TOPICS = {"im/send", "im/\u4f60\u597d/x", "json/im/send", "room/a//b"};
    private static final String[] FILTERS = {"u/a/#", "u/+/inbox", "room/\u4f60", "im/x", "u/a/+/c/#"};

    private final TestHook hook = new TestHook();
    private Random random;

    // ---- packets by the codec of Netty

    private <T> T oneOf(T[] values) {
        return values[random.nextInt(values.length)];
    }

    private byte[] payload() {
        byte[] bytes = new byte[random.nextInt(random.nextInt(8) == 0 ? 5_000 : 40)];
        random.nextBytes(bytes);
        return bytes;
    }

    private MqttProperties userProperties(int others) {
        MqttProperties properties = new MqttProperties();
        for (int i = random.nextInt(3); i > 0; i--) {
            properties.add(new MqttProperties.UserProperty(oneOf(TEXTS), oneOf(TEXTS)));
        }
        if (others != 0 && random.nextBoolean()) {
            properties.add(new MqttProperties.IntegerProperty(others, 1 + random.nextInt(100)));
        }
        return properties;
    }

    private MqttMessage connect(boolean v5) {
        MqttMessageBuilders.ConnectBuilder connect = MqttMessageBuilders.connect()
                .protocolVersion(v5 ? MqttVersion.MQTT_5 : MqttVersion.MQTT_3_1_1)
                .clientId("c" + oneOf(TEXTS))
                .cleanSession(random.nextBoolean())
                .keepAlive(random.nextInt(600))
                .username(oneOf(TEXTS));
        if (random.nextBoolean()) {
            connect.password(payload());
        }
        if (random.nextInt(8) == 0) {
            connect.willFlag(true).willTopic("elsewhere/x").willMessage(payload());
        }
        if (v5) {
            connect.properties(userProperties(PropertyIds.RECEIVE_MAXIMUM));
        }
        return connect.build();
    }

    private MqttMessage packet(boolean v5) {
        int id = 1 + random.nextInt(65_535);
        return switch (random.nextInt(8)) {
            case 0 -> subscribe(v5, id);
            case 1 -> {
                MqttMessageBuilders.UnsubscribeBuilder builder =
                        MqttMessageBuilders.unsubscribe().messageId(id);
                for (int i = random.nextInt(3); i >= 0; i--) {
                    builder.addTopicFilter(oneOf(FILTERS));
                }
                yield builder.properties(v5 ? userProperties(0) : MqttProperties.NO_PROPERTIES)
                        .build();
            }
            case 2 -> MqttMessage.PINGREQ;
            case 3 -> MqttMessageBuilders.pubAck().packetId(id).build();
            default ->
                MqttMessageBuilders.publish()
                        .topicName(oneOf(TOPICS))
                        .qos(random.nextBoolean() ? MqttQoS.AT_LEAST_ONCE : MqttQoS.AT_MOST_ONCE)
                        .messageId(id)
                        .retained(random.nextInt(4) == 0)
                        .payload(Unpooled.wrappedBuffer(payload()))
                        .properties(v5 ? userProperties(PropertyIds.MESSAGE_EXPIRY) : MqttProperties.NO_PROPERTIES)
                        .build();
        };
    }

    private MqttMessage subscribe(boolean v5, int id) {
        MqttMessageBuilders.SubscribeBuilder builder =
                MqttMessageBuilders.subscribe().messageId(id);
        for (int i = random.nextInt(3); i >= 0; i--) {
            builder.addSubscription(MqttQoS.valueOf(random.nextInt(3)), oneOf(FILTERS));
        }
        return builder.properties(
                        v5 ? userProperties(PropertyIds.SUBSCRIPTION_IDENTIFIER) : MqttProperties.NO_PROPERTIES)
                .build();
    }

    private byte[] stream() {
        boolean v5 = random.nextBoolean();
        EmbeddedChannel codec = new EmbeddedChannel(MqttEncoder.INSTANCE);
        // The encoder learns the version from a CONNECT that it is asked to write.
        codec.writeOutbound(connect(v5));
        for (int i = random.nextInt(PACKETS_MAX); i > 0; i--) {
            codec.writeOutbound(packet(v5));
        }
        ByteBuf all = Unpooled.buffer();
        for (ByteBuf bytes = codec.readOutbound(); bytes != null; bytes = codec.readOutbound()) {
            all.writeBytes(bytes);
            bytes.release();
        }
        codec.finishAndReleaseAll();
        byte[] stream = new byte[all.readableBytes()];
        all.readBytes(stream);
        return stream;
    }

    // ---- the results of the two readers

    /** What the node gets from a stream that comes in pieces, in the order of each kind. */
    private List<String> heard(byte[] stream, int cuts) {
        hook.connects.clear();
        hook.publishes.clear();
        hook.changes.clear();
        hook.onConnect = request -> TestHook.done(new ConnectVerdict.Accept(false, List.of(), "none/", true));
        Gate gate = new Gate(Servers.config(), hook, Clock.systemUTC(), System::nanoTime, new byte[1], id -> {});
        EmbeddedChannel channel = new EmbeddedChannel();
        Connection connection = new Connection(gate, channel, InetAddress.getLoopbackAddress(), new Share(), false);
        channel.pipeline().addLast(connection.reader, new GateHandler(connection));
        int[] ends = random.ints(cuts, 0, stream.length + 1).sorted().toArray();
        int begin = 0;
        for (int i = 0; i <= cuts && channel.isOpen(); i++) {
            int end = i == cuts ? stream.length : ends[i];
            channel.writeInbound(Unpooled.copiedBuffer(stream, begin, end - begin));
            channel.runPendingTasks();
            begin = end;
        }
        assertThat(gate.counters.value(GateCounter.TASKS_FAILED)).as("failures").isZero();
        channel.finishAndReleaseAll();
        List<String> heard = new ArrayList<>();
        hook.connects.forEach(request -> heard.add(words(request)));
        hook.changes.forEach(change -> heard.add(words(change)));
        hook.publishes.forEach(publish -> heard.add(words(publish)));
        return heard;
    }

    private static String words(ConnectRequest request) {
        return "connect " + request.protocolLevel() + ' ' + request.clientId() + ' '
                + request.credentials().username() + ' '
                + hex(request.credentials().password()) + ' '
                + request.session().cleanStart() + ' ' + request.limits().keepAliveSeconds() + ' '
                + request.willTopic();
    }

    private static String words(PublishRequest publish) {
        return "publish " + publish.topic() + ' ' + publish.qos() + ' ' + hex(publish.payload());
    }

    private static String words(SubscriptionChange change) {
        return change instanceof SubscriptionChange.Subscribe subscribe
                ? "subscribe " + subscribe.filters()
                : "unsubscribe " + ((SubscriptionChange.Unsubscribe) change).filters();
    }

    private static String hex(byte[] bytes) {
        return bytes == null ? "-" : HexFormat.of().formatHex(bytes);
    }

    /** The same from what Netty's codec reads, up to its first fault, as far as the node is asked about it. */
    private static List<String> expected(byte[] stream) {
        EmbeddedChannel codec = new EmbeddedChannel(new MqttDecoder(BYTES_MAX));
        codec.writeInbound(Unpooled.copiedBuffer(stream));
        List<String> connects = new ArrayList<>();
        List<String> changes = new ArrayList<>();
        List<String> publishes = new ArrayList<>();
        for (MqttMessage read = codec.readInbound(); read != null; read = codec.readInbound()) {
            if (read.decoderResult().isFailure()) {
                break;
            }
            if (read instanceof MqttConnectMessage connect) {
                connects.add(words(connect));
            } else if (read instanceof MqttPublishMessage publish) {
                words(publish, publishes);
                publish.release();
            } else if (read instanceof MqttSubscribeMessage subscribe) {
                words(subscribe, changes);
            } else if (read instanceof MqttUnsubscribeMessage unsubscribe) {
                List<String> filters = unsubscribe.payload().topics().stream()
                        .filter(filter -> TopicFault.ofFilter(filter, LIMITS) == null && !TopicNames.shared(filter))
                        .toList();
                if (!filters.isEmpty()) {
                    changes.add("unsubscribe " + filters);
                }
            }
        }
        codec.finishAndReleaseAll();
        connects.addAll(changes);
        connects.addAll(publishes);
        return connects;
    }

    private static String words(MqttConnectMessage connect) {
        boolean will = connect.variableHeader().isWillFlag();
        return "connect " + connect.variableHeader().version() + ' '
                + connect.payload().clientIdentifier() + ' ' + connect.payload().userName() + ' '
                + hex(connect.payload().passwordInBytes()) + ' '
                + connect.variableHeader().isCleanSession() + ' '
                + connect.variableHeader().keepAliveTimeSeconds() + ' '
                + (will ? connect.payload().willTopic() : null);
    }

    private static void words(MqttPublishMessage publish, List<String> publishes) {
        int qos = publish.fixedHeader().qosLevel().value();
        String topic = publish.variableHeader().topicName();
        if (qos < 2 && TopicNames.claimed(topic, CLAIMED)) {
            byte[] payload = new byte[publish.payload().readableBytes()];
            publish.payload().readBytes(payload);
            publishes.add("publish " + topic + ' ' + qos + ' ' + hex(payload));
        }
    }

    private static void words(MqttSubscribeMessage subscribe, List<String> changes) {
        MqttProperties.MqttProperty<?> id =
                subscribe.idAndPropertiesVariableHeader().properties().getProperty(PropertyIds.SUBSCRIPTION_IDENTIFIER);
        int subscriptionId = id == null ? 0 : (Integer) id.value();
        List<GrantedFilter> filters = subscribe.payload().topicSubscriptions().stream()
                .filter(one -> TopicFault.ofFilter(one.topicFilter(), LIMITS) == null)
                .filter(one -> TopicNames.claimed(one.topicFilter(), CLAIMED))
                .map(one -> new GrantedFilter(
                        one.topicFilter(), Math.min(1, one.qualityOfService().value()), subscriptionId))
                .toList();
        if (!filters.isEmpty()) {
            changes.add("subscribe " + filters);
        }
    }

    private static List<String> ofKind(List<String> heard, String kind) {
        return heard.stream()
                .filter(one -> one.startsWith(kind) || one.startsWith("un" + kind))
                .toList();
    }

    // ---- the properties

    @ParameterizedTest
    @ValueSource(longs = {1, 20_261_130, 4_711, 65_537})
    void packetsInPiecesAreReadAsTheyWereWritten(long seed) {
        random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] stream = stream();
            List<String> expected = expected(stream);
            List<String> heard = heard(stream, random.nextInt(20));
            if (expected.get(0).endsWith("elsewhere/x")) {
                // The node gets the will, which may be refused, and nothing that comes after it.
                expected = expected.subList(0, 1);
            }
            assertThat(heard).as("seed %d, round %d", seed, round).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 20_261_130, 4_711, 65_537})
    void packetsWithWrongBytesAreRefusedOrReadAsTheCodecOfNettyReadsThem(long seed) {
        random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] stream = stream();
            for (int i = random.nextInt(3); i >= 0; i--) {
                stream[random.nextInt(stream.length)] ^= (byte) (1 << random.nextInt(8));
            }
            List<String> expected = expected(stream);
            List<String> heard = heard(stream, random.nextInt(5));
            for (String kind : List.of("connect", "subscribe", "publish")) {
                List<String> read = ofKind(expected, kind);
                List<String> taken = ofKind(heard, kind);
                assertThat(taken)
                        .as("seed %d, round %d, %s", seed, round, Arrays.toString(stream))
                        .hasSizeLessThanOrEqualTo(read.size())
                        .isEqualTo(read.subList(0, Math.min(taken.size(), read.size())));
            }
        }
    }
}
