package io.hongyan.bench;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.eclipse.paho.client.mqttv3.IMqttMessageListener;
import org.eclipse.paho.client.mqttv3.MqttCallback;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;

/**
 * A stock client (Eclipse Paho) on the command line, for {@code scripts/demo} where mosquitto's programs are missing:
 * {@code subscribe} prints "topic payload" per message until it is ended or disconnected, {@code ask} publishes and
 * prints the answer.
 */
public final class DemoClient {
    private static final int ANSWER_SECONDS_MAX = 20;
    private static final int ARGUMENTS_MIN = 6;
    private static final int REQUEST_ARGUMENTS = 9;
    private static final int MISUSED = 2;

    private final PrintStream out;

    private DemoClient(PrintStream out) {
        this.out = out;
    }

    public static void main(String[] arguments) throws Exception {
        Locale.setDefault(Locale.ROOT);
        boolean asks = arguments.length == REQUEST_ARGUMENTS && arguments[0].equals("ask");
        boolean subscribes = arguments.length > ARGUMENTS_MIN && arguments[0].equals("subscribe");
        if (!asks && !subscribes) {
            System.err.println("usage: subscribe HOST PORT CLIENT_ID UID TOKEN TOPIC...");
            System.err.println("       ask HOST PORT CLIENT_ID UID TOKEN TOPIC REPLY_TOPIC PAYLOAD");
            System.exit(MISUSED);
        }
        DemoClient demo = new DemoClient(new PrintStream(System.out, true, StandardCharsets.UTF_8));
        MqttClient client = connect(arguments);
        boolean done = asks
                ? demo.ask(client, arguments[6], arguments[7], arguments[8])
                : demo.subscribe(client, Arrays.copyOfRange(arguments, ARGUMENTS_MIN, arguments.length));
        // Paho's threads would keep the program alive.
        System.exit(done ? 0 : 1);
    }

    private static MqttClient connect(String[] arguments) throws MqttException {
        MqttClient client =
                new MqttClient("tcp://" + arguments[1] + ':' + arguments[2], arguments[3], new MemoryPersistence());
        MqttConnectOptions options = new MqttConnectOptions();
        options.setMqttVersion(MqttConnectOptions.MQTT_VERSION_3_1_1);
        options.setUserName(arguments[4]);
        options.setPassword(arguments[5].toCharArray());
        client.connect(options);
        return client;
    }

    private boolean subscribe(MqttClient client, String[] topics) throws MqttException, InterruptedException {
        IMqttMessageListener print =
                (topic, message) -> out.println(topic + ' ' + new String(message.getPayload(), StandardCharsets.UTF_8));
        CountDownLatch lost = new CountDownLatch(1);
        client.setCallback(new WhenLost(lost));
        for (String topic : topics) {
            client.subscribe(topic, 1, print);
        }
        // Until the process is ended, or the server ends the connection.
        lost.await();
        out.println("disconnected by the server");
        return true;
    }

    private boolean ask(MqttClient client, String topic, String replyTopic, String payload)
            throws MqttException, InterruptedException {
        CountDownLatch answered = new CountDownLatch(1);
        AtomicReference<String> answer = new AtomicReference<>();
        client.subscribe(replyTopic, 1, (from, message) -> {
            answer.compareAndSet(null, new String(message.getPayload(), StandardCharsets.UTF_8));
            answered.countDown();
        });
        client.publish(topic, payload.getBytes(StandardCharsets.UTF_8), 1, false);
        if (!answered.await(ANSWER_SECONDS_MAX, TimeUnit.SECONDS)) {
            return false;
        }
        out.println(answer.get());
        client.disconnect();
        return true;
    }

    /** Paho may drop messages that arrived just before the connection ended, so the end itself is printed. */
    private record WhenLost(CountDownLatch lost) implements MqttCallback {
        @Override
        public void connectionLost(Throwable cause) {
            lost.countDown();
        }

        @Override
        public void messageArrived(String topic, MqttMessage message) {
            // Messages go to the listeners of their subscriptions.
        }

        @Override
        public void deliveryComplete(IMqttDeliveryToken token) {
            // Nothing is published here.
        }
    }
}
