package io.hongyan.im.core.sync;

import io.hongyan.im.core.group.ReadRights;
import io.hongyan.im.core.inbox.Cursors;
import io.hongyan.im.core.inbox.DeliveryListener;
import io.hongyan.im.core.inbox.DeviceRoom;
import io.hongyan.im.core.inbox.Inbox;
import io.hongyan.im.core.message.BlockingWork;
import io.hongyan.im.core.message.PageLimits;
import io.hongyan.im.core.receipt.NewestMarks;
import io.hongyan.im.core.send.ChangedMessages;
import io.hongyan.im.core.send.History;
import io.hongyan.im.core.work.Feature;

/** Gives clients what they ask for to be level again. */
public final class SyncFeature implements Feature {
    private final PullInbox pullInbox;
    private final ReadHistory readHistory;
    private final ListConversations listConversations;

    /** What is read of the storage. */
    public record Stores(Inbox inbox, History history, ConversationList conversations, ChangedMessages changed) {}

    /**
     * What pulling an inbox moves.
     *
     * @param listener told of what is acknowledged by pulling on
     */
    public record Pulled(Cursors cursors, DeviceRoom room, DeliveryListener listener) {}

    public SyncFeature(
            Stores stores, Pulled pulled, ReadRights rights, NewestMarks marks, BlockingWork calls, PageLimits limits) {
        OwnReactions reactions = new OwnReactions(stores.changed);
        pullInbox = new PullInbox(stores.inbox, pulled.cursors, pulled.listener, calls, limits, pulled.room);
        readHistory = new ReadHistory(stores.history, reactions, rights, calls, limits);
        listConversations = new ListConversations(stores.conversations, reactions, marks, calls, limits);
    }

    public PullInbox pullInbox() {
        return pullInbox;
    }

    public ReadHistory readHistory() {
        return readHistory;
    }

    public ListConversations listConversations() {
        return listConversations;
    }
}
