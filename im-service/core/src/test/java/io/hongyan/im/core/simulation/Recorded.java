package io.hongyan.im.core.simulation;

import io.hongyan.im.core.group.GroupChange;
import io.hongyan.im.core.inbox.Entry;
import io.hongyan.im.core.inbox.InboxPage;
import io.hongyan.im.core.inbox.Notice;
import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.SendOutcome;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.receipt.Marks.EntryReceipts;
import io.hongyan.im.core.send.MessageChange;
import io.hongyan.im.core.session.PlatformClass;
import java.util.List;
import java.util.Map;

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

    /**
     * The gate was asked to push the streams of large groups.
     *
     * @param cursors those of the device that are stored at that moment, by group
     */
    record TakesGroups(ConnectionKey connection, DeviceKey device, Map<String, Long> cursors) implements Recorded {}

    /**
     * The gate was told to send an entry of a large group.
     *
     * @param stream tells the streams of a connection apart
     * @param acknowledged up to here the device has acknowledged this group
     * @param inboxRead up to here it has its inbox, {@link Long#MAX_VALUE} where that does not matter
     */
    record Streamed(
            ConnectionKey connection,
            DeviceKey device,
            String group,
            int stream,
            Entry entry,
            long acknowledged,
            long inboxRead)
            implements Recorded {}

    /** The client got an entry of its inbox or, where one is named, of a large group. */
    record Received(ConnectionKey connection, DeviceKey device, String group, Entry entry) implements Recorded {}

    /** The client's acknowledgement of everything up to seq has come. */
    record Acknowledged(ConnectionKey connection, String group, long seq) implements Recorded {}

    /**
     * A message reached the gate.
     *
     * @param head entries of the conversation by then
     */
    record Published(
            ConnectionKey connection,
            DeviceKey device,
            Conversation conversation,
            String clientMessageId,
            boolean again,
            long head)
            implements Recorded {}

    /**
     * The client got the answer to a message.
     *
     * @param head entries of the conversation by then
     */
    record Answered(
            ConnectionKey connection,
            DeviceKey device,
            Conversation conversation,
            String clientMessageId,
            SendOutcome outcome,
            long head)
            implements Recorded {}

    /** A change of a group was asked for, and decided. */
    record Changed(String actor, Conversation group, String requestId, GroupChange change, SendOutcome outcome)
            implements Recorded {}

    /** A change of a message was asked for, and decided. */
    record MessageChanged(
            String actor, Conversation conversation, String requestId, MessageChange.Asked change, SendOutcome outcome)
            implements Recorded {}

    /** The gate was told to send a notice. */
    record Noticed(ConnectionKey connection, Notice notice) implements Recorded {}

    /** The client got a page of its inbox. */
    record Pulled(ConnectionKey connection, DeviceKey device, long afterSeq, int limit, InboxPage page)
            implements Recorded {}

    /**
     * The client got a page of a log.
     *
     * @param askedAtMillis of the clock
     */
    record Read(String uid, Conversation conversation, List<StoredMessage> messages, long headSeq, long askedAtMillis)
            implements Recorded {}

    /** The sender of a message was told who has it. */
    record Asked(String sender, Conversation conversation, long seq, EntryReceipts receipts) implements Recorded {}

    /** A run of the service has ended without having written everything. */
    record Killed(String life) implements Recorded {}

    /** Faults, and other things worth knowing when a run is read. */
    record Remark(String text) implements Recorded {}
}
