package io.hongyan.bench.load;

import io.hongyan.bench.mqtt.ConnectionEnd;
import io.hongyan.bench.mqtt.ConnectionHandler;
import io.hongyan.bench.mqtt.ConnectionSettings;
import io.hongyan.bench.mqtt.IncomingPublish;
import io.hongyan.bench.mqtt.MqttConnection;
import io.hongyan.bench.mqtt.MqttLoop;
import io.hongyan.bench.mqtt.TurnTask;
import io.hongyan.protocol.Topics;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/** The member of a group who writes, at the pacer's pace; reads the server's answers, so that refusals are seen. */
final class GroupWriter implements ConnectionHandler, TurnTask {
    private static final byte[] SEND_TOPIC = Topics.SEND.getBytes(StandardCharsets.UTF_8);
    private static final int PACKET_ID = 1;
    private static final int QOS = 1;

    private final int group;
    private final String replyTopic;
    private final Supplier<ConnectionSettings> settings;
    private final MqttLoop loop;
    private final Connector connector;
    private final SendTemplate template;
    private final DeliveryReader reader;
    private final GroupStats stats;
    private SendPacer pacer;
    private MqttConnection connection;
    private int sent;
    private String end = "";

    GroupWriter(
            int group,
            String uid,
            Supplier<ConnectionSettings> settings,
            MqttLoop loop,
            Connector connector,
            SendTemplate template,
            DeliveryReader reader,
            GroupStats stats) {
        this.group = group;
        this.replyTopic = Topics.reply(uid);
        this.settings = settings;
        this.loop = loop;
        this.connector = connector;
        this.template = template;
        this.reader = reader;
        this.stats = stats;
    }

    void connect() {
        connector.add(settings, this);
    }

    void begin(SendPacer sendPacer) {
        pacer = sendPacer;
        loop.addTurnTask(this);
    }

    void disconnect() {
        loop.removeTurnTask(this);
        if (connection != null) {
            connection.disconnect();
        }
    }

    /** Why the connection ended before its time; empty if it did not. */
    String end() {
        return end;
    }

    @Override
    public long run(long nowNanos) {
        send();
        return pacer.dueNanos();
    }

    private void send() {
        long now = loop.nowNanos();
        while (pacer.mayBeSent(now) && connection.writable()) {
            int id = pacer.take(now);
            long intended = pacer.intendedOf(id);
            byte[] request = template.stamped(group, sent++, intended);
            connection.publish(SEND_TOPIC, QOS, false, id, request, request.length);
            stats.load.sent(intended, now);
        }
    }

    @Override
    public void connected(MqttConnection to, boolean sessionPresent) {
        to.subscribe(PACKET_ID, replyTopic, 0);
    }

    @Override
    public void subscribed(MqttConnection to, int packetId, int code) {
        connection = to;
        connector.ready();
    }

    @Override
    public void received(MqttConnection from, IncomingPublish publish) {
        if (reader.replyCode(publish.buffer(), publish.payloadStart(), publish.payloadLength()) != 0) {
            stats.load.refused();
        }
    }

    @Override
    public void acknowledged(MqttConnection by, int packetId) {
        long intended = pacer.intendedOf(packetId);
        if (pacer.acknowledged(packetId)) {
            stats.load.acknowledged(intended, loop.nowNanos());
        }
        send();
    }

    @Override
    public void writable(MqttConnection again) {
        send();
    }

    @Override
    public void closed(MqttConnection ended, ConnectionEnd why) {
        String what = "the writer of group " + group + ": " + why.cause() + " (" + why.detail() + ")";
        if (connection == null) {
            connector.failed(settings, this, what);
        } else if (why.cause() != ConnectionEnd.Cause.CLOSED_HERE) {
            end = what;
        }
    }
}
