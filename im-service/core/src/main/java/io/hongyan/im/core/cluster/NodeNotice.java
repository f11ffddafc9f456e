package io.hongyan.im.core.cluster;

import io.hongyan.im.core.group.GroupChange;
import io.hongyan.im.core.inbox.CloseReason;
import io.hongyan.im.core.inbox.Entry;
import io.hongyan.im.core.inbox.Notice;
import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.StoredMessage;
import java.util.List;

/** What one node tells the others. Each may come twice, and in any order with those of a third node. */
public sealed interface NodeNotice {
    /**
     * A message stands in inboxes now.
     *
     * @param origin the connection that sent it
     */
    record MessageStored(StoredMessage message, List<Position> positions, ConnectionKey origin) implements NodeNotice {
        public MessageStored {
            positions = List.copyOf(positions);
        }
    }

    /** A number in a user's inbox. */
    record Position(String uid, long seq) {}

    /** An event stands in an inbox now. */
    record EventStored(String uid, Entry.OfEvent entry) implements NodeNotice {}

    /** An entry of a large group is stored, which its members read in the stream of the group. */
    record GroupEntryStored(StoredMessage message, ConnectionKey origin) implements NodeNotice {}

    /**
     * A change of a large group, or the one that has made it large, is stored: who reads its stream is another now. Told
     * before the entry itself.
     */
    record GroupChanged(StoredMessage message, GroupChange change) implements NodeNotice {}

    /** Everybody who may have got something of this conversation is to look. */
    record LookAtConversation(Conversation conversation) implements NodeNotice {}

    /** This user's devices are to look at their inbox. */
    record LookAtInbox(String uid) implements NodeNotice {}

    /** Something for those devices of these users that are online. */
    record ToUsers(List<String> uids, Notice notice) implements NodeNotice {
        public ToUsers {
            uids = List.copyOf(uids);
        }
    }

    /**
     * A newer login has displaced a session.
     *
     * @param byDevice {@code platform:name} of the newer login
     * @param sameDevice whether that is the same device, which is not told
     */
    record SessionDisplaced(ConnectionKey connection, String byDevice, boolean sameDevice, long atMillis)
            implements NodeNotice {}

    /**
     * The sessions of a user are to be ended.
     *
     * @param device {@code platform:name} of the only one, empty = all
     */
    record EndSessions(String uid, String device, CloseReason why) implements NodeNotice {}

    /** Markers wait whose inboxes are to be written: by the node that left them, or by another where that one is busy. */
    record MarkersLeft() implements NodeNotice {}
}
