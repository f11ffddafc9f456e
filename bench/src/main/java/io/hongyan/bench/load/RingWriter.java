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

/** Writes to the next user of the ring at its times, acknowledges what the one before writes, and notes each PUBACK. */
final class RingWriter implements ConnectionHandler, TurnTask {
    private static final byte[] SEND_TOPIC = Topics.SEND.getBytes(StandardCharsets.UTF_8);
    private static final int PACKET_ID = 1;
    private static final int QOS = 1;
    private static final int REFUSED = 0x80;

    private final int number;
    private final FeedPlan plan;
    private final String filter;
    private final Supplier<ConnectionSettings> settings;
    private final MqttLoop loop;
    private final Connector connector;
    private final SendTemplate template;
    private final FeedLedger ledger;
    private final int[] indexOfId = new int[PairPlan.OPEN_LOOP_IN_FLIGHT_MAX + 1];
    private SendPacer pacer;
    private MqttConnection connection;
    private int sent;
    private boolean stopped;
    private String end = "";

    RingWriter(
            int number,
            FeedPlan plan,
            HongyanAddressing addressing,
            MqttLoop loop,
            Connector connector,
            SendTemplate template,
            FeedLedger ledger) {
        this.number = number;
        this.plan = plan;
        this.filter = addressing.receiveFilter(number);
        this.settings = () -> addressing.receiver(number);
        this.loop = loop;
        this.connector = connector;
        this.template = template;
        this.ledger = ledger;
    }

    void connect() {
        connector.add(settings, this);
    }

    void begin(long baseNanos) {
        pacer = SendPacer.openLoop(
                new SendPacer.OpenLoop(baseNanos, 1e9 / plan.ratePerSecond(), plan.users(), number),
                PairPlan.OPEN_LOOP_IN_FLIGHT_MAX,
                Long.MAX_VALUE);
        loop.addTurnTask(this);
    }

    void stop() {
        stopped = true;
    }

    void disconnect() {
        loop.removeTurnTask(this);
        if (connection != null) {
            connection.disconnect();
        }
    }

    int sent() {
        return sent;
    }

    /** Why the connection ended before its time; empty if it did not. */
    String end() {
        return end;
    }

    @Override
    public long run(long nowNanos) {
        send();
        return mayWrite() ? pacer.dueNanos() : NOT_DUE;
    }

    private boolean mayWrite() {
        return !stopped && sent < plan.messagesEachMax();
    }

    private void send() {
        long now = loop.nowNanos();
        while (mayWrite() && pacer.mayBeSent(now) && connection.writable()) {
            int id = pacer.take(now);
            indexOfId[id] = sent;
            byte[] request = template.stamped(number, sent++, pacer.intendedOf(id));
            connection.publish(SEND_TOPIC, QOS, false, id, request, request.length);
        }
    }

    @Override
    public void connected(MqttConnection to, boolean sessionPresent) {
        to.subscribe(PACKET_ID, filter, QOS);
    }

    @Override
    public void subscribed(MqttConnection to, int packetId, int code) {
        if (code >= REFUSED) {
            to.close();
            return;
        }
        connection = to;
        connector.ready();
    }

    @Override
    public void received(MqttConnection from, IncomingPublish publish) {
        if (publish.qos() > 0) {
            from.pubAck(publish.packetId());
        }
    }

    @Override
    public void acknowledged(MqttConnection by, int packetId) {
        if (pacer.acknowledged(packetId)) {
            ledger.acknowledged(number, indexOfId[packetId], loop.nowNanos());
        }
        send();
    }

    @Override
    public void writable(MqttConnection again) {
        send();
    }

    @Override
    public void closed(MqttConnection ended, ConnectionEnd why) {
        String what = "user " + number + ": " + why.cause() + " (" + why.detail() + ")";
        if (connection == null) {
            connector.failed(settings, this, what);
        } else if (why.cause() != ConnectionEnd.Cause.CLOSED_HERE) {
            end = what;
        }
    }
}
