package io.hongyan.im.core.inbox;

import io.hongyan.im.core.group.GroupChange;
import io.hongyan.im.core.inbox.Downlink.Gathering;
import io.hongyan.im.core.inbox.Downlink.OutgoingMessage;
import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.message.StoredMessage;

/** Tells the streams of the devices at this node what was stored. Any thread; does not block. */
public interface Announcements {
    /** Messages for many, which go out when it is flushed. */
    Gathering gather();

    /** Whether anybody here reads this inbox. */
    boolean isRead(String uid);

    /** An event has been stored in this user's inbox. */
    void announce(String uid, Entry.OfEvent entry);

    /**
     * Another node has stored a message as entry {@code inboxSeq} of this user. What else follows from it is that node's.
     *
     * @param origin the connection that sent it, which is not sent its own entry
     */
    void announcedElsewhere(
            String uid, long inboxSeq, StoredMessage message, OutgoingMessage outgoing, ConnectionKey origin);

    /** Another node has stored an entry of a large group. */
    void announcedToGroupElsewhere(StoredMessage message, OutgoingMessage outgoing, ConnectionKey origin);

    /**
     * A change of a large group, or the one that has made it large, has been stored. To be called for every such change,
     * before the entry or anything later of the group is announced: who has left is not sent what another node stores
     * next.
     */
    void groupChanged(StoredMessage message, GroupChange change);

    /** Something may have been stored for this user that was not announced. */
    void refresh(String uid);
}
