package io.hongyan.bench.load;

import io.hongyan.bench.mqtt.ClientConnection;
import io.hongyan.bench.mqtt.ConnectionSettings;
import io.hongyan.bench.mqtt.IncomingPublish;
import io.hongyan.bench.mqtt.MqttLoop;
import io.hongyan.bench.mqtt.TurnTask;
import io.hongyan.protocol.Topics;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/** The member of a group who writes, at the pacer's pace; reads the server's answers, so that refusals are counted. */
final class GroupWriter extends Subscriber implements TurnTask {
    private static final byte[] SEND_TOPIC = Topics.SEND.getBytes(StandardCharsets.UTF_8);
    private static final int QOS = 1;

    private final int group;
    private final SendTemplate template;
    private final DeliveryReader reader;
    private final GroupStats stats;
    private SendPacer pacer;
    private int sent;

    GroupWriter(
            int group,
            String uid,
            Supplier<ConnectionSettings> settings,
            MqttLoop loop,
            Connector connector,
            SendTemplate template,
            DeliveryReader reader,
            GroupStats stats) {
        super(Topics.reply(uid), 0, settings, loop, connector);
        this.group = group;
        this.template = template;
        this.reader = reader;
        this.stats = stats;
    }

    void begin(SendPacer sendPacer) {
        pacer = sendPacer;
        loop.addTurnTask(this);
    }

    @Override
    void disconnect() {
        loop.removeTurnTask(this);
        super.disconnect();
    }

    /** Sends what is due, from {@link #begin} on. */
    void sendDue() {
        if (pacer != null) {
            send();
        }
    }

    @Override
    public long run(long nowNanos) {
        send();
        return pacer.dueNanos();
    }

    private void send() {
        long now = loop.nowNanos();
        while (pacer.mayBeSent(now) && connection().writable()) {
            int id = pacer.take(now);
            long intended = pacer.intendedOf(id);
            byte[] request = template.stamped(group, sent++, intended);
            connection().publish(SEND_TOPIC, QOS, false, id, request, request.length);
            stats.load.sent(intended, now);
        }
    }

    @Override
    public void received(ClientConnection from, IncomingPublish publish) {
        if (reader.replyCode(publish.buffer(), publish.payloadStart(), publish.payloadLength()) != 0) {
            stats.load.refused();
        }
    }

    @Override
    public void acknowledged(ClientConnection by, int packetId) {
        long intended = pacer.intendedOf(packetId);
        if (pacer.acknowledged(packetId)) {
            stats.load.acknowledged(intended, loop.nowNanos());
        }
        send();
    }

    @Override
    public void writable(ClientConnection again) {
        send();
    }

    @Override
    String who() {
        return "the writer of group " + group;
    }
}
