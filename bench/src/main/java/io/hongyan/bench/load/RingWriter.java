package io.hongyan.bench.load;

import io.hongyan.bench.mqtt.ClientConnection;
import io.hongyan.bench.mqtt.IncomingPublish;
import io.hongyan.bench.mqtt.MqttLoop;
import io.hongyan.bench.mqtt.TurnTask;
import io.hongyan.protocol.Topics;
import java.nio.charset.StandardCharsets;

/** Writes to the next user of the ring at its times, acknowledges what the one before writes, and notes each PUBACK. */
final class RingWriter extends Subscriber implements TurnTask {
    private static final byte[] SEND_TOPIC = Topics.SEND.getBytes(StandardCharsets.UTF_8);
    private static final int QOS = 1;

    private final int number;
    private final FeedPlan plan;
    private final SendTemplate template;
    private final FeedLedger ledger;
    private final int[] indexOfId = new int[PairPlan.OPEN_LOOP_IN_FLIGHT_MAX + 1];
    private SendPacer pacer;
    private int sent;
    private boolean stopped;

    RingWriter(
            int number,
            FeedPlan plan,
            HongyanAddressing addressing,
            MqttLoop loop,
            Connector connector,
            SendTemplate template,
            FeedLedger ledger) {
        super(addressing.receiveFilter(number), QOS, () -> addressing.receiver(number), loop, connector);
        this.number = number;
        this.plan = plan;
        this.template = template;
        this.ledger = ledger;
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

    @Override
    void disconnect() {
        loop.removeTurnTask(this);
        super.disconnect();
    }

    int sent() {
        return sent;
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
        while (mayWrite() && pacer.mayBeSent(now) && connection().writable()) {
            int id = pacer.take(now);
            indexOfId[id] = sent;
            byte[] request = template.stamped(number, sent++, pacer.intendedOf(id));
            connection().publish(SEND_TOPIC, QOS, false, id, request, request.length);
        }
    }

    @Override
    public void received(ClientConnection from, IncomingPublish publish) {
        if (publish.qos() > 0) {
            from.pubAck(publish.packetId());
        }
    }

    @Override
    public void acknowledged(ClientConnection by, int packetId) {
        if (pacer.acknowledged(packetId)) {
            ledger.acknowledged(number, indexOfId[packetId], loop.nowNanos());
        }
        send();
    }

    @Override
    public void writable(ClientConnection again) {
        send();
    }

    @Override
    String who() {
        return "user " + number;
    }
}
