package io.hongyan.bench.load;

import io.hongyan.bench.mqtt.ClientConnection;
import io.hongyan.bench.mqtt.ConnectionEnd;
import io.hongyan.bench.mqtt.ConnectionHandler;
import io.hongyan.bench.mqtt.ConnectionSettings;
import io.hongyan.bench.mqtt.IncomingPublish;
import io.hongyan.bench.mqtt.MqttLoop;
import io.hongyan.protocol.Topics;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/**
 * Writes one message to each of its users who are away, pass by pass; reads the answers, so that refusals are counted.
 */
final class AwayWriter implements ConnectionHandler {
    private static final byte[] SEND_TOPIC = Topics.SEND.getBytes(StandardCharsets.UTF_8);
    private static final int PACKET_ID = 1;
    private static final int QOS = 1;

    private final String replyTopic;
    private final Supplier<ConnectionSettings> settings;
    private final MqttLoop loop;
    private final Connector connector;
    private final AwayTemplate template;
    private final DeliveryReader reader;
    private final HintPlan plan;
    private final int firstUser;
    private final int endUser;
    private final HintLedger ledger;
    private final int[] userOfId;
    private SendPacer pacer;
    private ClientConnection connection;
    private int nextUser;
    private int pass;
    private String end = "";

    /** @param number of the writer */
    AwayWriter(
            int number,
            HintPlan plan,
            HongyanAddressing addressing,
            MqttLoop loop,
            Connector connector,
            AwayTemplate template,
            DeliveryReader reader,
            HintLedger ledger) {
        this.replyTopic = addressing.replyTopic(number);
        this.settings = () -> addressing.sender(number);
        this.loop = loop;
        this.connector = connector;
        this.template = template;
        this.reader = reader;
        this.plan = plan;
        this.firstUser = (int) ((long) plan.users() * number / plan.writers());
        this.endUser = (int) ((long) plan.users() * (number + 1) / plan.writers());
        this.nextUser = endUser;
        this.ledger = ledger;
        this.userOfId = new int[plan.window() + 1];
    }

    void connect() {
        connector.add(settings, this);
    }

    /** Starts to write to each of its users once. */
    void pass() {
        pass++;
        nextUser = firstUser;
        pacer = SendPacer.closedLoopOf(endUser - firstUser, plan.window());
        send();
    }

    void disconnect() {
        if (connection != null) {
            connection.disconnect();
        }
    }

    /** Why the connection ended too early; empty if it did not. */
    String end() {
        return end;
    }

    private void send() {
        long now = loop.nowNanos();
        while (pacer != null && pacer.mayBeSent(now) && connection.writable()) {
            int id = pacer.take(now);
            userOfId[id] = nextUser;
            byte[] request = template.to(nextUser++, pass, now);
            connection.publish(SEND_TOPIC, QOS, false, id, request, request.length);
        }
    }

    @Override
    public void connected(ClientConnection to, boolean sessionPresent) {
        to.subscribe(PACKET_ID, replyTopic, 0);
    }

    @Override
    public void subscribed(ClientConnection to, int packetId, int code) {
        connection = to;
        connector.ready();
    }

    @Override
    public void received(ClientConnection from, IncomingPublish publish) {
        if (reader.replyCode(publish.buffer(), publish.payloadStart(), publish.payloadLength()) != 0) {
            ledger.refused();
        }
    }

    @Override
    public void acknowledged(ClientConnection by, int packetId) {
        if (pacer.acknowledged(packetId)) {
            ledger.acknowledged(userOfId[packetId], loop.nowNanos());
        }
        send();
    }

    @Override
    public void writable(ClientConnection again) {
        send();
    }

    @Override
    public void closed(ClientConnection ended, ConnectionEnd why) {
        String what = "a writer: " + why.cause() + " (" + why.detail() + ")";
        if (connection == null) {
            connector.failed(settings, this, what);
        } else if (why.cause() != ConnectionEnd.Cause.CLOSED_HERE) {
            end = what;
        }
    }
}
