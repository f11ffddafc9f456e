package io.hongyan.im.app.client;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.datatypes.Mqtt5UserProperties;
import com.hivemq.client.mqtt.mqtt5.datatypes.Mqtt5UserProperty;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAck;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5PublishResult;
import io.hongyan.im.app.DevelopmentCertificate;
import io.hongyan.im.app.RunningServer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** The HiveMQ client: MQTT 5 over TCP, protobuf. */
public final class HiveMq5Client implements ChatClient {
    private static final long TIMEOUT_SECONDS = 20;

    private final String uid;
    private final Mqtt5BlockingClient client;
    private final Mqtt5ConnAck answer;
    private final List<Received> inbox = new CopyOnWriteArrayList<>();
    private final List<Mqtt5Publish> others = new CopyOnWriteArrayList<>();
    private final AtomicReference<Throwable> ended = new AtomicReference<>();

    public HiveMq5Client(RunningServer server, String clientId) {
        this(server, clientId, server.mqttPort(), null, Mqtt5UserProperties.of());
    }

    /** Tells its version of the protocol. */
    public HiveMq5Client(RunningServer server, String clientId, int protocolVersion) {
        this(
                server,
                clientId,
                server.mqttPort(),
                null,
                Mqtt5UserProperties.of(Mqtt5UserProperty.of("protocol_version", Integer.toString(protocolVersion))));
    }

    /** The same over TLS. */
    public static HiveMq5Client overTls(RunningServer server, DevelopmentCertificate certificate, String clientId)
            throws Exception {
        MqttClientSslConfig tls = MqttClientSslConfig.builder()
                .trustManagerFactory(certificate.trust())
                .build();
        return new HiveMq5Client(server, clientId, server.mqttsPort(), tls, Mqtt5UserProperties.of());
    }

    private HiveMq5Client(
            RunningServer server, String clientId, int port, MqttClientSslConfig tls, Mqtt5UserProperties told) {
        this.uid = clientId.substring(0, clientId.indexOf(':'));
        client = MqttClient.builder()
                .useMqttVersion5()
                .identifier(clientId)
                .serverHost("127.0.0.1")
                .serverPort(port)
                .sslConfig(tls)
                .addDisconnectedListener(context -> ended.set(context.getCause()))
                .simpleAuth()
                .username(uid)
                .password(server.token(uid).getBytes(StandardCharsets.UTF_8))
                .applySimpleAuth()
                .buildBlocking();
        client.toAsync().publishes(MqttGlobalPublishFilter.ALL, this::arrived);
        answer = client.connectWith().userProperties(told).send();
        client.subscribeWith()
                .topicFilter("u/" + uid + "/#")
                .qos(MqttQos.AT_LEAST_ONCE)
                .send();
    }

    private void arrived(Mqtt5Publish publish) {
        if (!publish.getTopic().toString().equals("u/" + uid + "/inbox")) {
            others.add(publish);
            return;
        }
        Received received = Payloads.received(publish.getPayloadAsBytes());
        if (received != null) {
            inbox.add(received);
        }
    }

    @Override
    public String uid() {
        return uid;
    }

    @Override
    public void send(String id, String to, String text) throws Exception {
        publish("im/send", Payloads.send(id, to, text).toByteArray());
    }

    /** Returns what PUBACK said; throws where that is an error. */
    public Mqtt5PublishResult publish(String topic, byte[] payload) throws Exception {
        return client.toAsync()
                .publishWith()
                .topic(topic)
                .qos(MqttQos.AT_LEAST_ONCE)
                .payload(payload)
                .send()
                .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public List<Received> inbox() {
        return inbox;
    }

    /** What came on other topics than the inbox. */
    public List<Mqtt5Publish> others() {
        return others;
    }

    /** What CONNACK said. */
    public Mqtt5ConnAck answer() {
        return answer;
    }

    /** Why the connection ended, null while it lives. */
    public Throwable ended() {
        return ended.get();
    }

    @Override
    public void close() {
        if (client.getState().isConnected()) {
            client.disconnect();
        }
    }
}
