package io.hongyan.im.app.client;

import com.google.protobuf.InvalidProtocolBufferException;
import io.hongyan.im.app.DevelopmentCertificate;
import io.hongyan.im.app.RunningServer;
import io.hongyan.protocol.v1.Notice;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.SocketFactory;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.eclipse.paho.client.mqttv3.MqttCallback;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;

/** Eclipse Paho for Java: MQTT 3.1.1 over TCP, protobuf. */
public final class PahoClient implements ChatClient, MqttCallback {
    private static final int TIMEOUT_SECONDS = 20;

    private final String uid;
    private final MqttClient client;
    private final List<Received> inbox = new CopyOnWriteArrayList<>();
    private final Map<String, List<byte[]>> others = new ConcurrentHashMap<>();
    private final boolean sessionPresent;
    private volatile Throwable lost;
    private volatile String dataEpoch;
    private volatile int inboxBeforeEpoch;

    /** Connects without subscribing. */
    public PahoClient(RunningServer server, String clientId, boolean cleanSession) throws MqttException {
        this("tcp://127.0.0.1:" + server.mqttPort(), null, server, clientId, cleanSession);
    }

    private PahoClient(String url, SocketFactory sockets, RunningServer server, String clientId, boolean cleanSession)
            throws MqttException {
        this.uid = clientId.substring(0, clientId.indexOf(':'));
        client = new MqttClient(url, clientId, new MemoryPersistence());
        client.setCallback(this);
        client.setTimeToWait(TIMEOUT_SECONDS * 1_000L);
        MqttConnectOptions options = new MqttConnectOptions();
        options.setMqttVersion(MqttConnectOptions.MQTT_VERSION_3_1_1);
        options.setUserName(uid);
        options.setPassword(server.token(uid).toCharArray());
        options.setCleanSession(cleanSession);
        if (sockets != null) {
            options.setSocketFactory(sockets);
        }
        options.setConnectionTimeout(TIMEOUT_SECONDS);
        options.setMaxInflight(1_000);
        sessionPresent = client.connectWithResult(options).getSessionPresent();
    }

    /** Connects and subscribes to everything of its own. */
    public static PahoClient online(RunningServer server, String clientId) throws MqttException {
        PahoClient client = new PahoClient(server, clientId, true);
        client.subscribe("u/" + client.uid + "/#");
        return client;
    }

    /** The same at a gate of that server. */
    public static PahoClient onlineAt(int gatePort, RunningServer server, String clientId) throws MqttException {
        PahoClient client = new PahoClient("tcp://127.0.0.1:" + gatePort, null, server, clientId, true);
        client.subscribe("u/" + client.uid + "/#");
        return client;
    }

    /** The same over TLS. */
    public static PahoClient onlineOverTls(RunningServer server, DevelopmentCertificate certificate, String clientId)
            throws Exception {
        SocketFactory sockets = certificate.client().getSocketFactory();
        PahoClient client = new PahoClient("ssl://127.0.0.1:" + server.mqttsPort(), sockets, server, clientId, true);
        client.subscribe("u/" + client.uid + "/#");
        return client;
    }

    public void subscribe(String filter) throws MqttException {
        client.subscribe(filter, 1);
    }

    @Override
    public String uid() {
        return uid;
    }

    @Override
    public void send(String id, String to, String text) throws MqttException {
        publish("im/send", Payloads.send(id, to, text).toByteArray());
    }

    /** Returns with PUBACK. */
    public void publish(String topic, byte[] payload) throws MqttException {
        client.publish(topic, payload, 1, false);
    }

    /** Returns when it has been written. */
    public void publishUnacknowledged(String topic, byte[] payload) throws MqttException {
        client.publish(topic, payload, 0, false);
    }

    @Override
    public List<Received> inbox() {
        return inbox;
    }

    /** Payloads on the user's topic of this name, other than the inbox. */
    public List<byte[]> others(String name) {
        return topic("u/" + uid + '/' + name);
    }

    /** Payloads on a topic other than the inbox. */
    public List<byte[]> topic(String topic) {
        return others.computeIfAbsent(topic, key -> new CopyOnWriteArrayList<>());
    }

    /** What CONNACK said. */
    public boolean sessionPresent() {
        return sessionPresent;
    }

    public boolean connected() {
        return client.isConnected();
    }

    /** Why the connection ended, null while it lives. */
    public Throwable lost() {
        return lost;
    }

    @Override
    public void messageArrived(String topic, MqttMessage message) {
        if (topic.equals("u/" + uid + "/inbox")) {
            Received received = Payloads.received(message.getPayload());
            if (received != null) {
                inbox.add(received);
            }
        } else if (!takeEpoch(topic, message.getPayload())) {
            topic(topic).add(message.getPayload());
        }
    }

    private boolean takeEpoch(String topic, byte[] payload) {
        if (!topic.equals("u/" + uid + "/notice")) {
            return false;
        }
        try {
            Notice notice = Notice.parseFrom(payload);
            if (notice.hasDataEpoch()) {
                inboxBeforeEpoch = inbox.size();
                dataEpoch = notice.getDataEpoch().getEpoch();
            }
            return notice.hasDataEpoch();
        } catch (InvalidProtocolBufferException malformed) {
            throw new AssertionError(malformed);
        }
    }

    /** The epoch of the data as a notice told it; null before it. Not among {@link #others}. */
    public String dataEpoch() {
        return dataEpoch;
    }

    /** How many entries of the inbox came before that notice. */
    public int inboxBeforeEpoch() {
        return inboxBeforeEpoch;
    }

    /** As text. */
    public static String text(byte[] payload) {
        return new String(payload, StandardCharsets.UTF_8);
    }

    @Override
    public void connectionLost(Throwable cause) {
        lost = cause;
    }

    @Override
    public void deliveryComplete(IMqttDeliveryToken token) {
        // publish() waits by itself.
    }

    @Override
    public void close() {
        try {
            if (client.isConnected()) {
                client.disconnect();
            }
            client.close();
        } catch (MqttException gone) {
            // The server may have closed first.
        }
    }
}
