package io.hongyan.bench.load;

import io.hongyan.bench.mqtt.ClientConnection;
import io.hongyan.bench.mqtt.ConnectionEnd;
import io.hongyan.bench.mqtt.ConnectionHandler;
import io.hongyan.bench.mqtt.ConnectionSettings;
import io.hongyan.bench.mqtt.IncomingPublish;
import io.hongyan.bench.mqtt.MqttLoop;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.function.Supplier;

/** A sender and its receiver, both on one loop: sends at the pacer's pace and checks what arrives. */
final class Pair {
    private static final int SUBSCRIBE_PACKET_ID = 1;
    private static final int QOS = 1;
    private static final int REFUSED = 0x80;

    private final int number;
    private final MqttLoop loop;
    private final Addressing addressing;
    private final SendTemplate template;
    private final LoadStats stats;
    private final DeliveryReader reader;
    private final DeliveryForm form;
    private final byte[] sendTopic;
    private final byte[] receiveTopic;
    private final String replyTopic;
    private final BitSet acknowledged = new BitSet();
    private final BitSet received = new BitSet();

    private SendPacer pacer;
    private int[] indexById = new int[0];
    private ClientConnection sender;
    private ClientConnection receiver;
    private int sent;
    private int highestReceived = -1;
    private long lastInboxSeq;
    private long lastReceivedNanos;
    private String end = "";

    /** @param replies whether the sender reads the server's answers, if the server sends any */
    Pair(
            int number,
            MqttLoop loop,
            Addressing addressing,
            SendTemplate template,
            LoadStats stats,
            DeliveryReader reader,
            boolean replies) {
        this.number = number;
        this.loop = loop;
        this.addressing = addressing;
        this.template = template;
        this.stats = stats;
        this.reader = reader;
        this.form = addressing.deliversInboxEntries() ? DeliveryForm.INBOX_ENTRY : DeliveryForm.SEND_REQUEST;
        this.replyTopic = replies ? addressing.replyTopic(number) : "";
        this.sendTopic = addressing.sendTopic(number).getBytes(StandardCharsets.UTF_8);
        this.receiveTopic = addressing.receiveTopic(number).getBytes(StandardCharsets.UTF_8);
    }

    void connectReceiver(Connector connector) {
        connector.add(receiverSettings(), new Receiver(connector));
    }

    void connectSender(Connector connector) {
        connector.add(senderSettings(), new Sender(connector));
    }

    void begin(SendPacer sendPacer, int inFlightMax) {
        pacer = sendPacer;
        indexById = new int[inFlightMax + 1];
        send();
    }

    /** Sends what is due. */
    void send() {
        if (pacer == null) {
            return;
        }
        long now = loop.nowNanos();
        while (pacer.mayBeSent(now) && sender.writable()) {
            int id = pacer.take(now);
            long intended = pacer.intendedOf(id);
            indexById[id] = sent;
            byte[] request = template.stamped(number, sent, intended);
            sender.publish(sendTopic, QOS, false, id, request, request.length);
            stats.sent(intended, now);
            sent++;
        }
    }

    void disconnect() {
        if (sender != null) {
            sender.disconnect();
        }
        disconnectReceiver();
    }

    void disconnectReceiver() {
        if (receiver != null) {
            receiver.disconnect();
        }
    }

    int receivedCount() {
        return received.cardinality();
    }

    /** When the newest of them came. */
    long lastReceivedNanos() {
        return lastReceivedNanos;
    }

    /** Messages that the server acknowledged and did not deliver. */
    int lost() {
        BitSet missing = (BitSet) acknowledged.clone();
        missing.andNot(received);
        return missing.cardinality();
    }

    /** Why one of the two connections ended too early; empty if none did. */
    String end() {
        return end;
    }

    private final class Sender implements ConnectionHandler {
        private final Connector connector;

        Sender(Connector connector) {
            this.connector = connector;
        }

        @Override
        public void connected(ClientConnection connection, boolean sessionPresent) {
            if (replyTopic.isEmpty()) {
                subscribed(connection, 0, 0);
            } else {
                connection.subscribe(SUBSCRIBE_PACKET_ID, replyTopic, 0);
            }
        }

        @Override
        public void subscribed(ClientConnection connection, int packetId, int code) {
            if (code >= REFUSED) {
                connection.close();
                return;
            }
            sender = connection;
            connector.ready();
        }

        @Override
        public void received(ClientConnection connection, IncomingPublish publish) {
            if (reader.replyCode(publish.buffer(), publish.payloadStart(), publish.payloadLength()) != 0) {
                stats.refused();
            }
        }

        @Override
        public void acknowledged(ClientConnection connection, int packetId) {
            long intended = pacer.intendedOf(packetId);
            if (pacer.acknowledged(packetId)) {
                acknowledged.set(indexById[packetId]);
                stats.acknowledged(intended, loop.nowNanos());
            }
            send();
        }

        @Override
        public void writable(ClientConnection connection) {
            send();
        }

        @Override
        public void closed(ClientConnection connection, ConnectionEnd why) {
            String what = described("sender", why);
            if (sender == null) {
                connector.failed(senderSettings(), this, what);
            } else {
                ended(what, why);
            }
        }
    }

    private final class Receiver implements ConnectionHandler {
        private final Connector connector;
        private boolean subscribed;

        Receiver(Connector connector) {
            this.connector = connector;
        }

        @Override
        public void connected(ClientConnection connection, boolean sessionPresent) {
            connection.subscribe(SUBSCRIBE_PACKET_ID, addressing.receiveFilter(number), QOS);
        }

        @Override
        public void subscribed(ClientConnection connection, int packetId, int code) {
            if (code >= REFUSED) {
                connection.close();
                return;
            }
            receiver = connection;
            subscribed = true;
            connector.ready();
        }

        @Override
        public void received(ClientConnection connection, IncomingPublish publish) {
            if (publish.qos() > 0) {
                connection.pubAck(publish.packetId());
            }
            if (!publish.isOn(receiveTopic)) {
                return;
            }
            boolean readable = reader.read(form, publish.buffer(), publish.payloadStart(), publish.payloadLength());
            if (!readable || Stamp.pair(publish.buffer(), reader.stampAt()) != number) {
                stats.unreadable();
                return;
            }
            int index = Stamp.index(publish.buffer(), reader.stampAt());
            note(index, Stamp.intendedNanos(publish.buffer(), reader.stampAt()));
        }

        private void note(int index, long intendedNanos) {
            if (form == DeliveryForm.INBOX_ENTRY) {
                if (reader.inboxSeq() != lastInboxSeq + 1) {
                    stats.inboxGap();
                }
                lastInboxSeq = reader.inboxSeq();
            }
            if (received.get(index)) {
                stats.duplicate();
                return;
            }
            received.set(index);
            if (index < highestReceived) {
                stats.outOfOrder();
            }
            highestReceived = Math.max(highestReceived, index);
            lastReceivedNanos = loop.nowNanos();
            stats.received(intendedNanos, lastReceivedNanos);
        }

        @Override
        public void acknowledged(ClientConnection connection, int packetId) {
            // Receivers publish nothing.
        }

        @Override
        public void writable(ClientConnection connection) {
            // Acknowledgements are few bytes; nothing was held back.
        }

        @Override
        public void closed(ClientConnection connection, ConnectionEnd why) {
            String what = described("receiver", why);
            if (subscribed) {
                ended(what, why);
            } else {
                connector.failed(receiverSettings(), this, what);
            }
        }
    }

    private Supplier<ConnectionSettings> senderSettings() {
        return () -> addressing.sender(number);
    }

    private Supplier<ConnectionSettings> receiverSettings() {
        return () -> addressing.receiver(number);
    }

    private void ended(String what, ConnectionEnd why) {
        if (why.cause() != ConnectionEnd.Cause.CLOSED_HERE) {
            end = what;
        }
    }

    private String described(String role, ConnectionEnd why) {
        return role + " " + number + ": " + why.cause() + " (" + why.detail() + ")";
    }
}
