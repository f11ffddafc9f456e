package io.hongyan.im.core.simulation;

import io.hongyan.im.core.inbox.Entry;
import io.hongyan.im.core.inbox.InboxPage;
import io.hongyan.im.core.inbox.Notice;
import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.send.SendOutcome;
import io.hongyan.im.core.session.PlatformClass;
import java.util.List;

/** What happened in a run, as seen at the gate and by the clients. The checker knows nothing else but the storage. */
sealed interface Recorded {
    /** A login has succeeded. */
    record Opened(ConnectionKey connection, DeviceKey device, PlatformClass platformClass) implements Recorded {}

    /** The gate's end of a connection is closed. */
    record Ended(ConnectionKey connection, String why) implements Recorded {}

    /**
     * The gate was asked to push the inbox.
     *
     * @param knownCursor the device's cursor at that moment, stored or known to this run of the service
     */
    record Subscribed(ConnectionKey connection, int subscription, DeviceKey device, long knownCursor)
            implements Recorded {}

    /**
     * The gate was told to send an entry.
     *
     * @param startsAtMost were it the first one of the subscription, nothing above this might have been left out
     */
    record Pushed(ConnectionKey connection, int subscription, DeviceKey device, Entry entry, long startsAtMost)
            implements Recorded {}

    /** The client got an entry. */
    record Received(ConnectionKey connection, int subscription, DeviceKey device, Entry entry) implements Recorded {}

    /** The client has acknowledged everything up to seq. */
    record Acknowledged(ConnectionKey connection, long seq) implements Recorded {}

    /** A message reached the gate. */
    record Published(
            ConnectionKey connection,
            DeviceKey device,
            Conversation conversation,
            String clientMessageId,
            boolean again)
            implements Recorded {}

    /** The client got the answer to a message. */
    record Answered(
            ConnectionKey connection,
            DeviceKey device,
            Conversation conversation,
            String clientMessageId,
            SendOutcome outcome)
            implements Recorded {}

    /** The gate was told to send a notice. */
    record Noticed(ConnectionKey connection, Notice notice) implements Recorded {}

    /** The client got a page of its inbox. */
    record Pulled(ConnectionKey connection, DeviceKey device, long afterSeq, int limit, InboxPage page)
            implements Recorded {}

    /** The client got a page of a log. */
    record Read(Conversation conversation, List<StoredMessage> messages, long headSeq) implements Recorded {}

    /** Faults, and other things worth knowing when a run is read. */
    record Remark(String text) implements Recorded {}
}
