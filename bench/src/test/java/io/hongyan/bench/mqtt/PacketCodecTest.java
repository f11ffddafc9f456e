package io.hongyan.bench.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttPubAckMessage;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttUnsubscribeMessage;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The codec against Netty's, which shares no code with it. */
@Timeout(30)
class PacketCodecTest {
    private static final int PACKET_BYTES_MAX = 1 << 16;

    @Test
    void everyPacketOfAServerIsReadWholeHoweverTheStreamIsCut() {
        byte[] stream = serverStream();
        List<String> expected = List.of(
                "connack true 0",
                "suback 7 1",
                "publish u/a/inbox 0 0 false hello",
                "publish u/a/inbox 1 513 true " + "x".repeat(300),
                "puback 65535",
                "pingresp",
                "publish t 1 1 false ",
                "unsuback 9");
        for (int first = 0; first <= stream.length; first++) {
            for (int second = first; second <= stream.length; second += 13) {
                assertThat(decoded(stream, first, second))
                        .as("cut at %d and %d", first, second)
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void connectSubscribeAndUnsubscribeAreWhatNettyReads() {
        ByteBuffer out = ByteBuffer.allocate(1024);
        PacketEncoder.connect(out, settings("alice", "secret"));
        PacketEncoder.subscribe(out, 3, "u/alice/#", 1);
        PacketEncoder.unsubscribe(out, 4, "u/älice/#");
        PacketEncoder.pingReq(out);
        PacketEncoder.disconnect(out);
        List<MqttMessage> read = readByNetty(out);

        MqttConnectMessage connect = (MqttConnectMessage) read.get(0);
        assertThat(connect.variableHeader().version()).isEqualTo(4);
        assertThat(connect.variableHeader().keepAliveTimeSeconds()).isEqualTo(60);
        assertThat(connect.variableHeader().isCleanSession()).isTrue();
        assertThat(connect.payload().clientIdentifier()).isEqualTo("alice:iot:1");
        assertThat(connect.payload().userName()).isEqualTo("alice");
        assertThat(connect.payload().passwordInBytes()).asString().isEqualTo("secret");
        MqttSubscribeMessage subscribe = (MqttSubscribeMessage) read.get(1);
        assertThat(subscribe.variableHeader().messageId()).isEqualTo(3);
        assertThat(subscribe.payload().topicSubscriptions().get(0).topicFilter())
                .isEqualTo("u/alice/#");
        assertThat(subscribe.payload().topicSubscriptions().get(0).qualityOfService())
                .isEqualTo(MqttQoS.AT_LEAST_ONCE);
        MqttUnsubscribeMessage unsubscribe = (MqttUnsubscribeMessage) read.get(2);
        assertThat(unsubscribe.payload().topics()).containsExactly("u/älice/#");
        assertThat(read.get(3).fixedHeader().messageType()).isEqualTo(MqttMessageType.PINGREQ);
        assertThat(read.get(4).fixedHeader().messageType()).isEqualTo(MqttMessageType.DISCONNECT);
    }

    @Test
    void connectWithoutUserNameHasNeitherNameNorPassword() {
        ByteBuffer out = ByteBuffer.allocate(1024);
        PacketEncoder.connect(out, settings("", ""));
        MqttConnectMessage connect = (MqttConnectMessage) readByNetty(out).get(0);
        assertThat(connect.variableHeader().hasUserName()).isFalse();
        assertThat(connect.variableHeader().hasPassword()).isFalse();
    }

    @Test
    void publishAndAcknowledgementAreWhatNettyReads() {
        ByteBuffer out = ByteBuffer.allocate(1 << 16);
        byte[] topic = "im/send".getBytes(StandardCharsets.UTF_8);
        byte[] payload = "y".repeat(20_000).getBytes(StandardCharsets.UTF_8);
        PacketEncoder.publish(out, topic, 1, true, 40_000, payload, payload.length);
        PacketEncoder.pubAck(out, 65_535);
        List<MqttMessage> read = readByNetty(out);

        MqttPublishMessage publish = (MqttPublishMessage) read.get(0);
        assertThat(publish.variableHeader().topicName()).isEqualTo("im/send");
        assertThat(publish.variableHeader().packetId()).isEqualTo(40_000);
        assertThat(publish.fixedHeader().isDup()).isTrue();
        assertThat(publish.fixedHeader().qosLevel()).isEqualTo(MqttQoS.AT_LEAST_ONCE);
        assertThat(publish.payload().readableBytes()).isEqualTo(payload.length);
        publish.release();
        MqttPubAckMessage pubAck = (MqttPubAckMessage) read.get(1);
        assertThat(pubAck.variableHeader().messageId()).isEqualTo(65_535);
    }

    @Test
    void whatIsNotMqttIsAViolation() {
        assertViolation(new byte[] {0x30, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 1});
        assertViolation(new byte[] {0x30, (byte) 0xFF, (byte) 0xFF, 0x7F});
        assertViolation(new byte[] {0x30, 2, 0, 9});
        assertViolation(new byte[] {0x34, 5, 0, 1, 't', 0, 1});
        assertViolation(new byte[] {0x40, 1, 0});
        assertViolation(new byte[] {0x10, 0});
    }

    private static void assertViolation(byte[] bytes) {
        assertThatThrownBy(() -> decoded(bytes, bytes.length, bytes.length)).isInstanceOf(ProtocolViolation.class);
    }

    private static ConnectionSettings settings(String userName, String password) {
        InetSocketAddress nowhere = InetSocketAddress.createUnresolved("localhost", 1);
        return new ConnectionSettings(nowhere, null, "alice:iot:1", userName, password, 60, true);
    }

    private static byte[] serverStream() {
        MqttConnAckMessage connAck = MqttMessageBuilders.connAck()
                .returnCode(MqttConnectReturnCode.CONNECTION_ACCEPTED)
                .sessionPresent(true)
                .build();
        MqttMessage pingResp =
                new MqttMessage(new MqttFixedHeader(MqttMessageType.PINGRESP, false, MqttQoS.AT_MOST_ONCE, false, 0));
        return writtenByNetty(List.of(
                connAck,
                MqttMessageBuilders.subAck()
                        .packetId(7)
                        .addGrantedQos(MqttQoS.AT_LEAST_ONCE)
                        .build(),
                publish("u/a/inbox", MqttQoS.AT_MOST_ONCE, 0, false, "hello"),
                publish("u/a/inbox", MqttQoS.AT_LEAST_ONCE, 513, true, "x".repeat(300)),
                MqttMessageBuilders.pubAck().packetId(65_535).build(),
                pingResp,
                publish("t", MqttQoS.AT_LEAST_ONCE, 1, false, ""),
                MqttMessageBuilders.unsubAck().packetId(9).build()));
    }

    private static MqttMessage publish(String topic, MqttQoS qos, int packetId, boolean retained, String payload) {
        return MqttMessageBuilders.publish()
                .topicName(topic)
                .qos(qos)
                .messageId(packetId)
                .retained(retained)
                .payload(Unpooled.copiedBuffer(payload, StandardCharsets.UTF_8))
                .build();
    }

    private static byte[] writtenByNetty(List<MqttMessage> messages) {
        EmbeddedChannel channel = new EmbeddedChannel(MqttEncoder.INSTANCE);
        messages.forEach(channel::writeOutbound);
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            byte[] bytes = new byte[part.readableBytes()];
            part.readBytes(bytes);
            part.release();
            stream.writeBytes(bytes);
        }
        return stream.toByteArray();
    }

    private static List<MqttMessage> readByNetty(ByteBuffer written) {
        written.flip();
        EmbeddedChannel channel = new EmbeddedChannel(new MqttDecoder(1 << 20));
        channel.writeInbound(Unpooled.wrappedBuffer(written));
        List<MqttMessage> messages = new ArrayList<>();
        for (MqttMessage message = channel.readInbound(); message != null; message = channel.readInbound()) {
            assertThat(message.decoderResult().isSuccess()).isTrue();
            messages.add(message);
        }
        return messages;
    }

    /** Feeds the stream in three parts, as three reads of a socket would. */
    private static List<String> decoded(byte[] stream, int firstCut, int secondCut) {
        List<String> packets = new ArrayList<>();
        PacketDecoder decoder = new PacketDecoder(PACKET_BYTES_MAX);
        PartialPacket partial = new PartialPacket();
        ByteBuffer in = ByteBuffer.allocateDirect(2 * PACKET_BYTES_MAX);
        int[] cuts = {0, firstCut, secondCut, stream.length};
        for (int i = 0; i < 3; i++) {
            in.clear();
            partial.restoreTo(in);
            in.put(stream, cuts[i], cuts[i + 1] - cuts[i]);
            in.flip();
            decoder.decode(in, new Recorder(packets));
            partial.keepRestOf(in);
        }
        return packets;
    }

    private record Recorder(List<String> packets) implements PacketSink {
        @Override
        public void connAck(boolean sessionPresent, int code) {
            packets.add("connack " + sessionPresent + " " + code);
        }

        @Override
        public void publish(IncomingPublish publish) {
            assertThat(publish.isOn(publish.topic().getBytes(StandardCharsets.UTF_8)))
                    .isTrue();
            assertThat(publish.isOn("other".getBytes(StandardCharsets.UTF_8))).isFalse();
            packets.add(String.join(
                    " ",
                    "publish",
                    publish.topic(),
                    Integer.toString(publish.qos()),
                    Integer.toString(publish.packetId()),
                    Boolean.toString(publish.retained()),
                    new String(publish.payload(), StandardCharsets.UTF_8)));
        }

        @Override
        public void pubAck(int packetId) {
            packets.add("puback " + packetId);
        }

        @Override
        public void subAck(int packetId, int code) {
            packets.add("suback " + packetId + " " + code);
        }

        @Override
        public void unsubAck(int packetId) {
            packets.add("unsuback " + packetId);
        }

        @Override
        public void pingResp() {
            packets.add("pingresp");
        }

        @Override
        public boolean wantsMore() {
            return true;
        }
    }
}
