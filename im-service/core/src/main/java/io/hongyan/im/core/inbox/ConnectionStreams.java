package io.hongyan.im.core.inbox;

import io.hongyan.im.core.inbox.DeliverySession.Effects;
import io.hongyan.im.core.inbox.Downlink.GatheredMessage;
import io.hongyan.im.core.inbox.Downlink.Gathering;
import io.hongyan.im.core.inbox.Downlink.OutgoingMessage;
import io.hongyan.im.core.inbox.GroupSubscriptions.Subscription;
import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.DeviceKey;
import java.util.List;

/**
 * All that one connection is sent of its inbox and of large groups: the streams, and the window they share. Its monitor is
 * the only one of the connection; while it is held no other connection's is taken, and nothing blocks. There are many of
 * these: what few connections need is made when it is needed.
 */
public final class ConnectionStreams implements ClientStreams {
    private final Delivery delivery;
    private final ConnectionKey connection;
    private final DeviceKey device;
    private final DeliveryWindow window;

    /** Null while it is not wanted. */
    private InboxStream inbox;
    /** Null while no stream of a group is wanted. */
    private GroupSubscriptions interest;
    /** Null while there is no stream of a group. */
    private GroupStreams groups;
    /** Holds back pushes to this connection until it is flushed; null = none. */
    private Gathering unflushed;

    /** Number in the inbox of the pushed message whose acknowledgement is awaited, to measure it; 0 = none. */
    private long sampledSeq;

    private long sampledSentAtMillis;

    private boolean closed;

    ConnectionStreams(Delivery delivery, ConnectionKey connection, DeviceKey device, int receiveMaximum) {
        this.delivery = delivery;
        this.connection = connection;
        this.device = device;
        this.window = new DeliveryWindow(receiveMaximum, delivery.limits());
    }

    Delivery delivery() {
        return delivery;
    }

    ConnectionKey connection() {
        return connection;
    }

    DeviceKey device() {
        return device;
    }

    DeliveryWindow window() {
        return window;
    }

    @Override
    public synchronized void sendSubmitted() {
        window.sendSubmitted();
    }

    @Override
    public synchronized void sendAnswered() {
        window.sendAnswered();
        if (inbox != null && !inbox.stopped()) {
            carryOut(inbox, inbox.session.sendAnswered(), null, null);
        }
        if (groups != null) {
            groups.running().forEach(stream -> carryOut(stream, stream.session.sendAnswered(), null, null));
        }
    }

    @Override
    public synchronized void sentAgain(long inboxSeq) {
        if (inbox != null) {
            inbox.session.sentAgain(inboxSeq);
        }
    }

    @Override
    public synchronized void sentByStream(Conversation conversation, long seq) {
        GroupStream stream = groups == null ? null : groups.find(conversation.id());
        if (stream != null) {
            stream.session.sentAgain(seq);
        } else if (!closed && subscriptionTo(conversation.id()) != Subscription.NOTHING) {
            groups().noteOwnSend(conversation.id(), seq);
        }
    }

    @Override
    public synchronized boolean startInbox(boolean tracked) {
        if (closed || inbox != null) {
            return false;
        }
        inbox = new InboxStream(this, tracked);
        return true;
    }

    @Override
    public void beginInbox(DeviceRoom room) {
        delivery.beginInbox(this, room);
    }

    @Override
    public synchronized void stopInbox() {
        if (inbox != null) {
            stop(inbox);
            inbox = null;
            sampledSeq = 0;
        }
        startAwaiting();
    }

    @Override
    public synchronized void startGroups(GroupSubscriptions wanted) {
        stopGroups();
        if (!closed) {
            interest = wanted;
        }
    }

    @Override
    public void beginGroups(DeviceRoom room) {
        delivery.beginGroups(this, room);
    }

    @Override
    public synchronized void stopGroups() {
        interest = null;
        if (groups != null) {
            GroupStreams ending = groups;
            groups = null;
            ending.running().forEach(this::stop);
        }
    }

    @Override
    public void end() {
        delivery.close(this);
    }

    synchronized void close() {
        closed = true;
        stopInbox();
        stopGroups();
    }

    synchronized boolean closed() {
        return closed;
    }

    synchronized boolean takesInbox() {
        return inbox != null;
    }

    /** Of two that begin it, after it was stopped and started again, only the first does. */
    synchronized void beginInbox(Cursors.Start start) {
        if (inbox != null && !inbox.stopped() && !inbox.session.begun()) {
            long cursor = start.skipped() ? inbox.skipTo(start.cursor()) : start.cursor();
            inbox.begin(cursor);
            inboxAcknowledged(cursor);
        }
    }

    /** @param outgoing the same message made ready for sending, shared with the other receivers */
    synchronized void announced(Entry.OfMessage entry, OutgoingMessage outgoing, boolean ownSend) {
        if (inbox != null && !inbox.stopped()) {
            carryOut(inbox, inbox.session.announced(entry, ownSend), entry, outgoing);
        }
    }

    synchronized void announced(Entry.OfEvent entry) {
        if (inbox != null && !inbox.stopped()) {
            carryOut(inbox, inbox.session.announced(entry, false), null, null);
        }
    }

    synchronized void announced(GroupStream stream, Entry.OfMessage entry, OutgoingMessage outgoing, boolean ownSend) {
        if (!stream.stopped()) {
            carryOut(stream, stream.session.announced(entry, ownSend), entry, outgoing);
        }
    }

    synchronized void refresh() {
        if (inbox != null && !inbox.stopped()) {
            carryOut(inbox, inbox.session.refresh(), null, null);
        }
    }

    synchronized void refresh(GroupStream stream) {
        if (!stream.stopped()) {
            carryOut(stream, stream.session.refresh(), null, null);
        }
    }

    /** @param storedHead what the inbox has come to */
    synchronized boolean refreshIfBehind(long storedHead) {
        boolean behind = inbox != null && inbox.session.behind(storedHead);
        if (behind) {
            refresh();
        }
        return behind;
    }

    /** @param storedHead what the log of the group has come to */
    synchronized boolean refreshIfBehind(GroupStream stream, long storedHead) {
        boolean behind = !stream.stopped() && stream.session.behind(storedHead);
        if (behind) {
            refresh(stream);
        }
        return behind;
    }

    /** Whether streams of large groups are wanted. */
    synchronized boolean takesGroups() {
        return interest != null;
    }

    synchronized Subscription subscriptionTo(String group) {
        return interest == null ? Subscription.NOTHING : interest.subscriptionTo(group);
    }

    /** Whether the stream of a group is sent, or will be. */
    synchronized boolean takesGroup(String group) {
        return groups != null && groups.has(group);
    }

    /**
     * Sends the stream of a group unless it is sent already, or is not wanted.
     *
     * @param afterInboxSeq only once the inbox, if it is sent, has been acknowledged up to this number
     */
    synchronized void startGroup(String group, long afterSeq, long afterInboxSeq) {
        Subscription subscription = subscriptionTo(group);
        if (closed || subscription == Subscription.NOTHING || groups != null && groups.isFull(delivery.limits())) {
            return;
        }
        if (groups().find(group) != null) {
            return;
        }
        if (inbox != null && inbox.session.cursor() < afterInboxSeq) {
            groups.await(group, afterSeq, afterInboxSeq);
            return;
        }
        GroupStream stream = new GroupStream(this, Conversation.group(group), subscription == Subscription.TRACKED);
        groups.add(stream);
        delivery.groups().register(stream);
        groups.takeOwnSends(group).forEach(stream.session::sentAgain);
        stream.begin(Math.max(afterSeq, groups.takeEnded(group)));
    }

    private GroupStreams groups() {
        if (groups == null) {
            groups = new GroupStreams(window);
            if (inbox != null) {
                groups.noteWaiting(inbox);
            }
        }
        return groups;
    }

    /** What follows entry {@code seq} of the group is not for this user. */
    synchronized void endGroup(String group, long seq) {
        GroupStream stream = groups == null ? null : groups.find(group);
        if (stream != null) {
            stream.session.endAt(seq);
            carryOut(stream, stream.session.goOn(), null, null);
        }
        if (groups != null) {
            groups.awaitNoMore(group);
        }
    }

    /** A stream has come to its end; perhaps the user has come back into the group meanwhile. */
    void ended(GroupStream stream) {
        if (groups != null) {
            groups.remove(stream);
            groups.noteEnded(stream);
        }
        delivery.groups().ended(stream);
    }

    void inboxAcknowledged(long seq) {
        if (groups != null) {
            groups.takeAwaiting(seq).forEach(start -> startGroup(start.group(), start.afterSeq(), 0));
        }
    }

    private void startAwaiting() {
        if (!closed) {
            inboxAcknowledged(Long.MAX_VALUE);
        }
    }

    private void stop(EntryStream stream) {
        if (groups != null) {
            groups.waitNoMore(stream);
        }
        stream.stop();
        if (stream instanceof GroupStream ofGroup) {
            delivery.groups().unregister(ofGroup);
        }
        goOn(null);
    }

    @Override
    public synchronized void inboxAcknowledgedByClient(long seq) {
        if (inbox != null) {
            acknowledged(inbox, seq);
        }
    }

    synchronized void acknowledged(EntryStream stream, long seq) {
        if (stream.stopped()) {
            return;
        }
        boolean othersFirst = groups != null && groups.othersWait(stream);
        if (othersFirst) {
            window.allow(DeliveryWindow.NO_ALLOWANCE);
        }
        if (stream == inbox && sampledSeq != 0 && seq >= sampledSeq) {
            sampledSeq = 0;
            delivery.deliveredLive(sampledSentAtMillis);
        }
        Effects effects = stream.session.acknowledged(seq);
        window.allow(DeliveryWindow.ANY_NUMBER);
        if (stream.tracked) {
            for (Entry.OfMessage entry : effects.acknowledged()) {
                delivery.delivered(device, entry.message());
            }
        }
        carryOut(stream, effects, null, null);
        if (stream == inbox) {
            delivery.groups().acknowledgedInInbox(this, effects.acknowledged());
        }
    }

    private void carryOut(EntryStream stream, Effects effects, Entry.OfMessage announced, OutgoingMessage outgoing) {
        stream.carryOut(effects, announced, outgoing);
        goOn(stream);
    }

    /** One stream after the other, a few entries each, while there is room. */
    void goOn(EntryStream changed) {
        if (groups != null && !closed) {
            if (changed != null) {
                groups.noteWaiting(changed);
            }
            groups.goOn();
        }
    }

    /** Sends entries in order; what another thread holds back for this connection goes first. */
    void push(EntryStream stream, List<Entry> entries, Entry.OfMessage announced, OutgoingMessage outgoing) {
        for (Entry entry : entries) {
            OutgoingMessage ready = entry == announced ? outgoing : null;
            if (ready != null && stream == inbox && stream.tracked && sampledSeq == 0) {
                sampledSeq = announced.seq();
                sampledSentAtMillis = announced.message().sentAtMillis();
            }
            Gathering gathering = ready instanceof GatheredMessage gathered ? gathered.gathering() : null;
            if (unflushed != null && unflushed != gathering) {
                unflushed.flush();
            }
            unflushed = gathering;
            if (ready == null) {
                delivery.push(stream, entry);
            } else {
                ready.pushTo(stream, entry.seq());
            }
        }
        if (stream == inbox) {
            delivery.counters().add(DeliveryCounter.ENTRIES_PUSHED, entries.size());
        } else {
            delivery.counters().add(DeliveryCounter.GROUP_ENTRIES_PUSHED, entries.size());
        }
    }
}
