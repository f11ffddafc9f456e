package io.hongyan.im.adapter.mqtt;

import io.hongyan.broker.hook.BrokerControl;
import io.hongyan.broker.hook.BrokerControl.Target;
import io.hongyan.broker.hook.DisconnectCause;
import io.hongyan.im.core.inbox.CloseReason;
import io.hongyan.im.core.inbox.Downlink;
import io.hongyan.im.core.inbox.Entry;
import io.hongyan.im.core.inbox.Notice;
import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.message.StoredMessage;
import java.util.List;

/** Sends what the core has for clients over the broker, in the form of each client. */
public final class MqttDownlink implements Downlink {
    private static final byte[] NO_HEAD = {};

    private final Connections connections = new Connections();
    private volatile BrokerControl control;

    /** The broker it speaks to; before that nobody can be connected. */
    public void attach(BrokerControl broker) {
        control = broker;
    }

    Connections connections() {
        return connections;
    }

    @Override
    public OutgoingMessage prepare(StoredMessage message) {
        return new Outgoing(message);
    }

    @Override
    public void push(ConnectionKey connection, Entry.OfEvent entry) {
        MqttConnection receiver = connections.find(connection);
        if (receiver != null && receiver.held().coversInbox()) {
            Form form = receiver.held().form();
            byte[] shared = EntryEncoder.sharedEvent(form, entry.event(), receiver.uid());
            pushEntry(receiver, receiver.held(), shared, entry.seq());
        }
    }

    private void pushEntry(MqttConnection receiver, HeldFilters held, byte[] shared, long seq) {
        byte[] head = EntryEncoder.head(held.form(), seq);
        control.push(
                shared,
                List.of(new Target(receiver.id(), held.inboxTopic(), head, held.inboxQos(), receiver.token(seq))));
    }

    @Override
    public void notice(ConnectionKey connection, Notice notice) {
        MqttConnection receiver = connections.find(connection);
        if (receiver == null || !receiver.held().coversNotice()) {
            return;
        }
        Form form = receiver.held().form();
        String uid = receiver.uid();
        byte[] bytes = NoticeEncoder.encode(form, notice, uid);
        control.push(bytes, List.of(new Target(receiver.id(), form.notice(uid), NO_HEAD, 0, Target.NO_TOKEN)));
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
        };
    }

    /** A message that is encoded at most once in each form, when somebody wants it in that form. One thread uses it. */
    private final class Outgoing implements OutgoingMessage {
        private final StoredMessage message;
        private byte[] binary;
        private byte[] json;

        Outgoing(StoredMessage message) {
            this.message = message;
        }

        @Override
        public void pushTo(ConnectionKey connection, long inboxSeq) {
            MqttConnection receiver = connections.find(connection);
            if (receiver == null) {
                return;
            }
            HeldFilters held = receiver.held();
            if (held.coversInbox()) {
                pushEntry(receiver, held, held.form() == Form.JSON ? json() : binary(), inboxSeq);
            }
        }

        private byte[] binary() {
            if (binary == null) {
                binary = encoded(Form.BINARY);
            }
            return binary;
        }

        private byte[] json() {
            if (json == null) {
                json = encoded(Form.JSON);
            }
            return json;
        }

        private byte[] encoded(Form form) {
            return EntryEncoder.sharedMessage(
                    form, message, message.conversation().peerOf(message.sender()));
        }
    }
}
