package io.hongyan.im.core.send;

import io.hongyan.im.core.cluster.NodeNotice;
import io.hongyan.im.core.cluster.OtherNodes;
import io.hongyan.im.core.group.GroupChange.BecameLarge;
import io.hongyan.im.core.group.GroupContents;
import io.hongyan.im.core.inbox.Delivery;
import io.hongyan.im.core.inbox.Downlink.OutgoingMessage;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.SystemUser;
import io.hongyan.im.core.send.Appended.FanOut;
import io.hongyan.im.core.send.Appended.Stored;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** What a lane does for groups beyond storing and announcing. For the lane's thread. */
public final class GroupSends {
    /** Groups whose last number of inbox rows is remembered; of others the most is assumed. */
    private static final int REMEMBERED_MAX = 10_000;

    private final Delivery delivery;
    private final RecipientRefresh refresh;
    private final Runnable wakeFanOut;
    private final FanOutBacklog backlog;
    private final GroupContents contents;
    private final int fanOutInlineMax;
    private final SendCounters counters;
    private final OtherNodes otherNodes;

    private final Map<Conversation, Integer> rows = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Conversation, Integer> eldest) {
            return size() > REMEMBERED_MAX;
        }
    };

    private final Set<Conversation> unsettled = new LinkedHashSet<>();

    /**
     * @param wakeFanOut to be run when a marker was left
     * @param fanOutInlineMax inbox rows that a storage writes with an entry
     */
    public GroupSends(
            Delivery delivery,
            RecipientRefresh refresh,
            Runnable wakeFanOut,
            FanOutBacklog backlog,
            GroupContents contents,
            int fanOutInlineMax,
            SendCounters counters,
            OtherNodes otherNodes) {
        this.delivery = delivery;
        this.refresh = refresh;
        this.wakeFanOut = wakeFanOut;
        this.backlog = backlog;
        this.contents = contents;
        this.fanOutInlineMax = fanOutInlineMax;
        this.counters = counters;
        this.otherNodes = otherNodes;
    }

    /** Has everybody look who may have got something of any conversation that was not announced. */
    void refresh(Conversation conversation) {
        refresh.all(conversation);
    }

    /** Inbox rows that an entry of this group will have, about. */
    int rowsOf(Conversation group) {
        return rows.getOrDefault(group, fanOutInlineMax);
    }

    /** An attempt to store something of this group has failed; whether, is not known. */
    void attemptFailed(Conversation group) {
        if (unsettled.size() >= REMEMBERED_MAX) {
            unsettled.remove(unsettled.iterator().next());
        }
        unsettled.add(group);
    }

    /** Whether what is stored of this group already may not have been announced; asked once. */
    boolean settle(Conversation group) {
        return unsettled.remove(group);
    }

    /** An entry is stored; those who have it in their inboxes are told by the lane. */
    void stored(Draft draft, Stored stored, OutgoingMessage outgoing, SendOrigin origin) {
        Conversation group = draft.conversation();
        rows.put(group, Math.max(1, stored.positions().size()));
        if (draft.change() != null && (stored.fanOut() == FanOut.BY_STREAM || draft.change() instanceof BecameLarge)) {
            delivery.groupChanged(stored.message(), draft.change());
            otherNodes.tell(new NodeNotice.GroupChanged(stored.message(), draft.change()));
        }
        if (stored.fanOut() == FanOut.INLINE) {
            counters.increment(SendCounter.GROUP_ENTRIES_INLINE);
        } else if (stored.fanOut() == FanOut.BY_MARKER) {
            counters.increment(SendCounter.GROUP_ENTRIES_BY_MARKER);
            backlog.left(group, stored.message().seq(), draft.sender());
            wakeFanOut();
        } else {
            counters.increment(SendCounter.GROUP_ENTRIES_BY_STREAM);
            delivery.announceToGroup(stored.message(), outgoing, origin.connection());
            otherNodes.tell(new NodeNotice.GroupEntryStored(stored.message(), origin.connection()));
            if (origin.streams() != null) {
                origin.streams().sentByStream(group, stored.message().seq());
            }
            if (draft.change() != null) {
                // Of those whom the change adds or removes, their inboxes.
                wakeFanOut();
            }
        }
    }

    /** The same client message id each time: it happens once. */
    Draft becomeLarge(Conversation group) {
        BecameLarge change = new BecameLarge();
        return new Draft(
                group,
                SystemUser.UID,
                SystemUser.DEVICE,
                BecameLarge.CLIENT_MESSAGE_ID,
                contents.encode(change),
                change);
    }

    void wakeFanOut() {
        wakeFanOut.run();
        otherNodes.tell(new NodeNotice.MarkersLeft());
    }
}
