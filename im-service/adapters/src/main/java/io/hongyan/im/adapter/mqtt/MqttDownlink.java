package io.hongyan.im.adapter.mqtt;

import io.hongyan.broker.hook.BrokerControl;
import io.hongyan.broker.hook.BrokerControl.Multicast;
import io.hongyan.broker.hook.BrokerControl.Target;
import io.hongyan.broker.hook.DisconnectCause;
import io.hongyan.im.core.inbox.CloseReason;
import io.hongyan.im.core.inbox.Downlink;
import io.hongyan.im.core.inbox.Entry;
import io.hongyan.im.core.inbox.EntryStream;
import io.hongyan.im.core.inbox.Notice;
import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.message.StoredMessage;
import java.util.ArrayList;
import java.util.List;

/** Sends what the core has for clients over the broker, in the encoding of each client. */
public final class MqttDownlink implements Downlink {
    private static final byte[] NO_HEAD = {};

    private final MqttConnections connections = new MqttConnections();
    private volatile BrokerControl control;

    /** The control of the broker; before it is set nobody can be connected. */
    public void attach(BrokerControl broker) {
        control = broker;
    }

    MqttConnections connections() {
        return connections;
    }

    @Override
    public OutgoingMessage prepare(StoredMessage message) {
        return new Outgoing(message);
    }

    @Override
    public Gathering gather() {
        return new Gathered();
    }

    @Override
    public void push(EntryStream stream, Entry.OfEvent entry) {
        MqttConnection receiver = connections.find(stream.connection());
        PayloadEncoding encoding = receiver == null ? null : receiver.held().encoding();
        if (encoding != null) {
            Target target = target(receiver, receiver.held(), stream, entry.seq());
            if (target != null) {
                control.push(EntryEncoder.sharedEvent(encoding, entry.event(), receiver.uid()), List.of(target));
            }
        }
    }

    /** Null where no filter covers the stream. */
    private static Target target(MqttConnection receiver, HeldFilters held, EntryStream stream, long seq) {
        String group = stream.group();
        int qos = group == null ? held.inboxQos() : held.groupQos(group);
        if (qos == HeldFilters.NONE) {
            return null;
        }
        String topic = group == null ? held.inboxTopic() : held.encoding().group(receiver.uid(), group);
        return new Target(
                receiver.id(),
                topic,
                EntryEncoder.head(held.encoding(), seq),
                qos,
                receiver.pushes().add(stream, seq));
    }

    @Override
    public boolean notice(ConnectionKey connection, Notice notice) {
        MqttConnection receiver = connections.find(connection);
        if (receiver == null || !receiver.held().coversNotice()) {
            return false;
        }
        push(receiver, NoticeEncoder.encode(receiver.held().encoding(), notice, receiver.uid()));
        return true;
    }

    /** @param receiver one that takes notices */
    void notice(MqttConnection receiver, io.hongyan.protocol.v1.Notice notice) {
        push(receiver, NoticeEncoder.encode(receiver.held().encoding(), notice));
    }

    private void push(MqttConnection receiver, byte[] notice) {
        String topic = receiver.held().encoding().notice(receiver.uid());
        control.push(notice, List.of(new Target(receiver.id(), topic, NO_HEAD, 0, Target.NO_TOKEN)));
    }

    @Override
    public void close(ConnectionKey connection, CloseReason reason) {
        MqttConnection present = connections.find(connection);
        if (present != null) {
            control.disconnect(present.id(), cause(reason));
        }
    }

    private static DisconnectCause cause(CloseReason reason) {
        return switch (reason) {
            case KICKED, REPLACED -> DisconnectCause.SESSION_TAKEN_OVER;
            case STORAGE_TROUBLE -> DisconnectCause.SERVER_BUSY;
            case STOPPING -> DisconnectCause.SERVER_SHUTTING_DOWN;
            case BY_OPERATOR, TOKEN_REVOKED, USER_DISABLED, USER_DELETED, DATA_CHANGED ->
                DisconnectCause.ADMINISTRATIVE_ACTION;
            case TOKEN_EXPIRED -> DisconnectCause.MAXIMUM_CONNECT_TIME;
        };
    }

    /** A message that is encoded at most once in each encoding, when somebody wants it in that encoding. */
    private static final class Encoded {
        private final StoredMessage message;
        /** Null for all of them. */
        private final String reader;

        private byte[] binary;
        private byte[] json;

        Encoded(StoredMessage message, String reader) {
            this.message = message;
            this.reader = reader;
        }

        /** Mostly this, which is the same for all. */
        Encoded forReader(String uid) {
            return message.conversation().isByServer(message.sender()) ? new Encoded(message, uid) : this;
        }

        byte[] in(PayloadEncoding encoding) {
            if (encoding == PayloadEncoding.JSON) {
                json = json == null ? encode(encoding) : json;
                return json;
            }
            binary = binary == null ? encode(encoding) : binary;
            return binary;
        }

        private byte[] encode(PayloadEncoding encoding) {
            return EntryEncoder.sharedMessage(
                    encoding, message, message.conversation().addressed(message.sender(), reader));
        }
    }

    /** Sends at once. One thread uses it. */
    private final class Outgoing implements OutgoingMessage {
        private final Encoded encoded;

        Outgoing(StoredMessage message) {
            this.encoded = new Encoded(message, null);
        }

        @Override
        public void pushTo(EntryStream stream, long seq) {
            MqttConnection receiver = connections.find(stream.connection());
            if (receiver == null) {
                return;
            }
            HeldFilters held = receiver.held();
            Target target = target(receiver, held, stream, seq);
            if (target != null) {
                control.push(encoded.forReader(receiver.uid()).in(held.encoding()), List.of(target));
            }
        }
    }

    /** Hands the targets of its messages to the broker together. */
    private final class Gathered implements Gathering {
        /** Messages with targets that wait, in the order of their pushes. */
        private final List<MessageForMany> waiting = new ArrayList<>();

        @Override
        public GatheredMessage add(StoredMessage message) {
            return new MessageForMany(this, new Encoded(message, null));
        }

        synchronized void push(MessageForMany message, PayloadEncoding encoding, Target target) {
            if (message.isEmpty()) {
                waiting.add(message);
            }
            message.targets(encoding).add(target);
        }

        @Override
        public synchronized void flush() {
            if (waiting.isEmpty()) {
                return;
            }
            List<Multicast> all = new ArrayList<>(waiting.size());
            waiting.forEach(message -> message.takeInto(all));
            waiting.clear();
            control.pushAll(all);
        }
    }

    /** Guarded by the monitor of its gathering, but for the encoding, which one thread does. */
    private final class MessageForMany implements GatheredMessage {
        private final Gathered gathered;
        private final Encoded encoded;
        private List<Target> binary = List.of();
        private List<Target> json = List.of();

        MessageForMany(Gathered gathered, Encoded encoded) {
            this.gathered = gathered;
            this.encoded = encoded;
        }

        @Override
        public Gathering gathering() {
            return gathered;
        }

        @Override
        public void pushTo(EntryStream stream, long seq) {
            MqttConnection receiver = connections.find(stream.connection());
            if (receiver == null) {
                return;
            }
            HeldFilters held = receiver.held();
            Target target = target(receiver, held, stream, seq);
            if (target != null) {
                Encoded read = encoded.forReader(receiver.uid());
                read.in(held.encoding());
                gathered.push(read == encoded ? this : new MessageForMany(gathered, read), held.encoding(), target);
            }
        }

        private boolean isEmpty() {
            return binary.isEmpty() && json.isEmpty();
        }

        private List<Target> targets(PayloadEncoding encoding) {
            if (encoding == PayloadEncoding.JSON) {
                json = json.isEmpty() ? new ArrayList<>() : json;
                return json;
            }
            binary = binary.isEmpty() ? new ArrayList<>() : binary;
            return binary;
        }

        private void takeInto(List<Multicast> all) {
            if (!binary.isEmpty()) {
                all.add(new Multicast(encoded.in(PayloadEncoding.BINARY), binary));
                binary = List.of();
            }
            if (!json.isEmpty()) {
                all.add(new Multicast(encoded.in(PayloadEncoding.JSON), json));
                json = List.of();
            }
        }
    }
}
