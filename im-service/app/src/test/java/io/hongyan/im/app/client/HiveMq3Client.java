package io.hongyan.im.app.client;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3BlockingClient;
import io.hongyan.im.app.RunningServer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The HiveMQ client: MQTT 3.1.1 over TCP, JSON. */
public final class HiveMq3Client implements ChatClient {
    private final String uid;
    private final Mqtt3BlockingClient client;
    private final List<Received> inbox = new CopyOnWriteArrayList<>();

    public HiveMq3Client(RunningServer server, String uid) {
        this.uid = uid;
        client = MqttClient.builder()
                .useMqttVersion3()
                .identifier(uid + ":iot:hivemq3")
                .serverHost("127.0.0.1")
                .serverPort(server.mqttPort())
                .simpleAuth()
                .username(uid)
                .password(server.token(uid).getBytes(StandardCharsets.UTF_8))
                .applySimpleAuth()
                .buildBlocking();
        client.toAsync().publishes(MqttGlobalPublishFilter.ALL, publish -> {
            Received received = Payloads.receivedJson(new String(publish.getPayloadAsBytes(), StandardCharsets.UTF_8));
            if (received != null) {
                inbox.add(received);
            }
        });
        client.connect();
        client.subscribeWith()
                .topicFilter("json/u/" + uid + "/inbox")
                .qos(MqttQos.AT_LEAST_ONCE)
                .send();
    }

    @Override
    public String uid() {
        return uid;
    }

    @Override
    public void send(String id, String to, String text) {
        client.publishWith()
                .topic("json/im/send")
                .qos(MqttQos.AT_LEAST_ONCE)
                .payload(Payloads.sendJson(id, to, text).getBytes(StandardCharsets.UTF_8))
                .send();
    }

    @Override
    public List<Received> inbox() {
        return inbox;
    }

    @Override
    public void close() {
        client.disconnect();
    }
}
