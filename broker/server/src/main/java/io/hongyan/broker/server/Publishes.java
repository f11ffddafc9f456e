package io.hongyan.broker.server;

import io.hongyan.broker.hook.DisconnectCause;
import io.hongyan.broker.hook.PublishRequest;
import io.hongyan.broker.hook.PublishVerdict.Acknowledge;
import io.hongyan.broker.hook.PublishVerdict.CloseUnanswered;
import io.hongyan.broker.hook.PublishVerdict.Reply;
import io.hongyan.broker.server.PropertyRule.Place;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.mqtt.MqttPublishMessage;

/**
 * The PUBLISH packets of one client: read, passed to the node or to Moquette, and acknowledged in the order they came
 * [MQTT-4.6.0-2].
 */
final class Publishes {
    private static final int NOT_AUTHORIZED = 0x87;
    private static final int QUOTA_EXCEEDED = 0x97;
    private static final int TOPIC_NAME_INVALID = 0x90;
    private static final int IMPLEMENTATION_SPECIFIC_ERROR = 0x83;
    private static final int PAYLOAD_FORMAT_INVALID = 0x99;
    private static final int RETAIN = 1;

    /** Limit for the nodes that one publish is put to, one after the other as each has gone. */
    private static final int ASKED_MAX = 5;

    private final Connection connection;
    private final Gate gate;
    private ClientProfile client = ClientProfile.UNKNOWN;
    private PendingPublish oldest;
    private PendingPublish newest;
    private int unanswered;

    Publishes(Connection connection) {
        this.connection = connection;
        this.gate = connection.gate;
    }

    void client(ClientProfile known) {
        client = known;
    }

    /** Reads a PUBLISH; false if it must wait until Moquette is ready. */
    boolean read(Frame frame) {
        int qos = frame.flags() >> 1 & 3;
        int topicLength = frame.u16();
        int topicAt = frame.skip(topicLength);
        int packetId = qos > 0 ? frame.packetId() : 0;
        int properties = frame.position();
        boolean text = frame.v5() && PropertyReader.read(frame, Place.PUBLISH, null);
        if (frame.failed()) {
            return connection.refuse(frame.fault());
        }
        TopicTable.Topic topic = connection.loop.topics.topic(frame.bytes(), topicAt, topicLength);
        if (topic == null) {
            return connection.refuse(PacketFault.TEXT);
        }
        TopicFault fault = topic.fault(gate.limits().packets());
        if (fault != null) {
            connection.count(fault.inPublish());
            return connection.end(DisconnectCause.TOPIC_NAME_INVALID);
        }
        if (text && !frame.restIsText()) {
            return refuseText(qos, packetId);
        }
        if (!topic.claimed) {
            return generic(frame, topic.name, packetId, properties);
        }
        return claimed(frame, topic, packetId);
    }

    private boolean claimed(Frame frame, TopicTable.Topic topic, int packetId) {
        int qos = frame.flags() >> 1 & 3;
        if (!client.messaging()) {
            return refuse(qos, packetId, NOT_AUTHORIZED);
        }
        if (qos == 2) {
            connection.count(GateCounter.PUBLISHES_QOS_2_REFUSED);
            return client.v5()
                    ? refuse(qos, packetId, IMPLEMENTATION_SPECIFIC_ERROR)
                    : connection.end(DisconnectCause.QOS_NOT_SUPPORTED);
        }
        if ((frame.flags() & RETAIN) != 0) {
            connection.count(GateCounter.PUBLISHES_RETAIN_IGNORED);
        }
        if (!NodeChange.mayAsk(connection)) {
            return false;
        }
        byte[] payload = frame.rest();
        connection.count(GateCounter.PUBLISHES);
        PendingPublish publish = add(packetId, qos, false);
        publish.request = new PublishRequest(connection.id, topic.name, payload, qos);
        ask(publish);
        return true;
    }

    /** At QoS 0 nobody waits for an answer; all other publishes are asked again once there is a node. */
    void nodeAway() {
        for (PendingPublish publish = oldest; publish != null; publish = publish.later) {
            if (publish.awaitsNode() && publish.packetId == 0) {
                publish.answer(0);
            }
        }
    }

    /**
     * Asks again what an earlier node has not answered, in the order it came. It may have been stored: the node
     * identifies messages by the client message ids.
     */
    void askAgain() {
        for (PendingPublish publish = oldest; publish != null && !connection.ended(); publish = publish.later) {
            if (publish.awaitsNode() && publish.asked >= ASKED_MAX) {
                // Several nodes went away when they were asked this, perhaps because of it.
                connection.count(GateCounter.PUBLISHES_GIVEN_UP);
                connection.end(DisconnectCause.SERVER_BUSY);
            } else if (publish.awaitsNode()) {
                connection.count(GateCounter.PUBLISHES_ASKED_AGAIN);
                ask(publish);
            }
        }
    }

    /** Moquette has answered a publish. */
    void answeredByMoquette(int packetId, int reasonCode) {
        for (PendingPublish publish = oldest; publish != null; publish = publish.later) {
            if (publish.generic && publish.packetId == packetId && publish.verdict == null) {
                publish.answer(reasonCode);
                return;
            }
        }
    }

    /** Writes the available answers, up to the first publish that has none. */
    void writeAnswers() {
        if (oldest == null) {
            return;
        }
        int answered = 0;
        long now = oldest.verdict == null ? 0 : gate.nowNanos();
        while (oldest != null && oldest.verdict != null && !connection.ended()) {
            PendingPublish publish = oldest;
            oldest = publish.later;
            unanswered--;
            answered++;
            if (publish.succeeded()) {
                gate.counters.publishTimes.record(now - publish.sinceNanos);
            }
            write(publish);
        }
        if (oldest == null) {
            newest = null;
        }
        if (answered > 0) {
            gate.counters.add(GateCounter.PUBLISHES_ACKNOWLEDGED, answered);
            if (unanswered <= connection.flow().unansweredPublishesMax() / 2) {
                connection.reader.release(PacketReader.UNANSWERED);
            }
        }
    }

    boolean allAnswered() {
        return oldest == null;
    }

    /** Milliseconds the oldest may still wait, {@link Integer#MAX_VALUE} if none waits. */
    int remainingMillis(int nowMillis) {
        return oldest == null
                ? Integer.MAX_VALUE
                : gate.config.deadlines().publishMillis() - (nowMillis - oldest.sinceMillis());
    }

    private void ask(PendingPublish publish) {
        publish.asked++;
        try {
            gate.hook.publishing(publish.request).whenComplete(publish);
        } catch (Throwable failure) {
            publish.accept(null, failure);
        }
    }

    private boolean generic(Frame frame, String topic, int packetId, int properties) {
        int qos = frame.flags() >> 1 & 3;
        if (topic.charAt(0) == '$') {
            return refuse(qos, packetId, TOPIC_NAME_INVALID);
        }
        if (!topic.startsWith(client.genericPrefix())) {
            return refuse(qos, packetId, NOT_AUTHORIZED);
        }
        MoquetteLink moquette = connection.moquette();
        if (!moquette.ready()) {
            moquette.attach();
            return false;
        }
        if (qos == 2 && !isNew(moquette.memory(), packetId)) {
            return !connection.ended();
        }
        boolean retain = qos > 0 && (frame.flags() & RETAIN) != 0 && frame.left() > 0;
        MqttPublishMessage packet = MoquettePackets.publish(frame, topic, packetId, properties);
        LimitedRetained.Place place = null;
        if (retain) {
            place = gate.stores.retained.take(topic, LimitedRetained.bytes(packet), connection.owner);
            if (place == null) {
                packet.release();
                return refuse(qos, packetId, QUOTA_EXCEEDED);
            }
        }
        connection.count(GateCounter.PUBLISHES_GENERIC);
        if (qos > 0) {
            add(packetId, qos, true);
        }
        if (place == null) {
            moquette.pass(packet);
        } else {
            MoquetteTask.with(place, () -> moquette.pass(packet));
        }
        return !connection.ended();
    }

    /**
     * Whether a message with QoS 2 is to be passed on. One that was accepted, and not released since, is only
     * acknowledged again. A client of MQTT 5 knows how many messages may be between the two steps, one of MQTT 3.1.1
     * does not.
     */
    private boolean isNew(SessionMemory memory, int packetId) {
        if (memory.hasReceived(packetId)) {
            add(packetId, 2, false).answer(0);
            return false;
        }
        int underWay = memory.receivedCount();
        for (PendingPublish publish = oldest; publish != null; publish = publish.later) {
            if (publish.exactlyOnce && publish.packetId == packetId) {
                return false;
            }
            // A message that was accepted and waits for an earlier answer is remembered already.
            boolean counted = publish.exactlyOnce && memory.hasReceived(publish.packetId);
            underWay += publish.packetId == 0 || counted ? 0 : 1;
        }
        if (client.v5() && underWay >= connection.flow().unansweredPublishesMax()) {
            connection.count(GateCounter.RECEIVE_MAXIMUM_EXCEEDED);
            connection.end(DisconnectCause.RECEIVE_MAXIMUM_EXCEEDED);
            return false;
        }
        return true;
    }

    /** The payload is not UTF-8 text, although its format indicator says so. */
    private boolean refuseText(int qos, int packetId) {
        if (qos == 0) {
            return connection.refuse(PacketFault.PAYLOAD_FORMAT);
        }
        connection.count(GateCounter.PAYLOADS_INVALID);
        return refuse(qos, packetId, PAYLOAD_FORMAT_INVALID);
    }

    private boolean refuse(int qos, int packetId, int reasonCode) {
        connection.count(GateCounter.PUBLISHES_REFUSED);
        if (!client.v5()) {
            return connection.end(DisconnectCause.NOT_AUTHORIZED);
        }
        if (qos > 0) {
            add(packetId, qos, false).answer(reasonCode);
        }
        return true;
    }

    private PendingPublish add(int packetId, int qos, boolean generic) {
        PendingPublish publish = new PendingPublish(connection, packetId, qos, gate.nowNanos(), generic);
        if (oldest == null) {
            oldest = publish;
            connection.watch(gate.config.deadlines().publishMillis());
        } else {
            newest.later = publish;
        }
        newest = publish;
        unanswered++;
        if (unanswered >= connection.flow().unansweredPublishesMax()) {
            connection.reader.hold(PacketReader.UNANSWERED);
        }
        return publish;
    }

    private void write(PendingPublish publish) {
        if (publish.verdict instanceof CloseUnanswered close) {
            connection.count(GateCounter.PUBLISHES_UNANSWERED);
            connection.end(close.cause());
            return;
        }
        Acknowledge answer = (Acknowledge) publish.verdict;
        if (publish.packetId != 0) {
            acknowledge(publish, answer);
        }
        Reply reply = answer.reply();
        if (reply != null) {
            connection.deliveries().reply(reply.topic(), reply.payload());
        }
        if (answer.thenClose()) {
            connection.end(DisconnectCause.NORMAL);
        }
    }

    private void acknowledge(PendingPublish publish, Acknowledge answer) {
        ByteBuf out = connection.out();
        int type = publish.exactlyOnce ? PacketWriter.PUBREC : PacketWriter.PUBACK;
        if (!client.v5() || plain(answer)) {
            PacketWriter.acknowledge(out, type, publish.packetId);
        } else if (client.problemInformation() && !publish.exactlyOnce) {
            PacketWriter.acknowledge(
                    out,
                    publish.packetId,
                    answer.reasonCode(),
                    answer.reason(),
                    answer.properties(),
                    client.packetBytesMax());
        } else {
            PacketWriter.acknowledge(out, type, publish.packetId, answer.reasonCode());
        }
    }

    private static boolean plain(Acknowledge answer) {
        return answer.reasonCode() == 0
                && answer.reason() == null
                && answer.properties().isEmpty();
    }
}
