package io.hongyan.im.core.cluster;

import io.hongyan.im.core.cluster.NodeNotice.Position;
import io.hongyan.im.core.inbox.Announcements;
import io.hongyan.im.core.inbox.Downlink.Gathering;
import io.hongyan.im.core.inbox.Downlink.OutgoingMessage;
import io.hongyan.im.core.inbox.MissedEntries;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.work.Feature;
import io.hongyan.im.core.work.PeriodicTask;
import java.util.List;
import java.util.function.Consumer;

/**
 * Carries out at this node what other nodes tell it. For any number of threads, one per telling node, so that what one
 * node tells comes in its order. Does not block.
 */
public final class NodeNoticeHandler implements Feature {
    private static final long LOOK_MILLIS = 200;

    private final Announcements delivery;
    private final LocalUsers users;
    private final LocalSessions sessions;
    private final Consumer<Conversation> recipients;
    private final Runnable markersLeft;
    private final MissedEntries missed;

    /**
     * @param recipients has everybody at this node look who may have got something of a conversation; does not block
     * @param markersLeft to be run when another node has left markers
     */
    public NodeNoticeHandler(
            Announcements delivery,
            LocalUsers users,
            LocalSessions sessions,
            Consumer<Conversation> recipients,
            Runnable markersLeft,
            MissedEntries missed) {
        this.delivery = delivery;
        this.users = users;
        this.sessions = sessions;
        this.recipients = recipients;
        this.markersLeft = markersLeft;
        this.missed = missed;
    }

    /** These, which came together: what a connection gets of them leaves in one write. */
    public void take(List<NodeNotice> notices) {
        Gathering gathering = delivery.gather();
        try {
            for (NodeNotice notice : notices) {
                take(notice, gathering);
            }
        } finally {
            gathering.flush();
        }
    }

    /** Something was lost that another node has told, or may have told: whoever is behind here is to find out. */
    public void missed() {
        missed.want();
    }

    /** No other node can tell anything now: to be called again and again meanwhile. */
    public void alone() {
        missed.alone();
    }

    /** Goes on with what {@link #missed} could not begin, or has failed: to be called again and again. */
    public void lookAgain() {
        missed.startIfWanted();
    }

    @Override
    public List<PeriodicTask> tasks() {
        return List.of(new PeriodicTask("compare heads", LOOK_MILLIS, this::lookAgain));
    }

    private void take(NodeNotice notice, Gathering gathering) {
        if (notice instanceof NodeNotice.MessageStored stored) {
            take(stored, gathering);
        } else if (notice instanceof NodeNotice.EventStored event) {
            delivery.announce(event.uid(), event.entry());
        } else if (notice instanceof NodeNotice.GroupEntryStored entry) {
            delivery.announcedToGroupElsewhere(entry.message(), gathering.add(entry.message()), entry.origin());
        } else if (notice instanceof NodeNotice.GroupChanged changed) {
            delivery.groupChanged(changed.message(), changed.change());
        } else if (notice instanceof NodeNotice.LookAtConversation look) {
            recipients.accept(look.conversation());
        } else if (notice instanceof NodeNotice.LookAtInbox look) {
            delivery.refresh(look.uid());
        } else if (notice instanceof NodeNotice.ToUsers told) {
            told.uids().forEach(uid -> users.here(uid, told.notice()));
        } else if (notice instanceof NodeNotice.SessionDisplaced displaced) {
            sessions.displacedHere(
                    displaced.connection(), displaced.byDevice(), displaced.sameDevice(), displaced.atMillis());
        } else if (notice instanceof NodeNotice.EndSessions end) {
            sessions.endHere(end.uid(), end.device(), end.why());
        } else if (notice instanceof NodeNotice.MarkersLeft) {
            markersLeft.run();
        }
    }

    private void take(NodeNotice.MessageStored stored, Gathering gathering) {
        OutgoingMessage outgoing = null;
        for (Position position : stored.positions()) {
            if (delivery.isRead(position.uid())) {
                outgoing = outgoing == null ? gathering.add(stored.message()) : outgoing;
                delivery.announcedElsewhere(
                        position.uid(), position.seq(), stored.message(), outgoing, stored.origin());
            }
        }
    }
}
