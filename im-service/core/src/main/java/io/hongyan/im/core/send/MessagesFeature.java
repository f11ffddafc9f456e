package io.hongyan.im.core.send;

import io.hongyan.im.core.cluster.Fencing;
import io.hongyan.im.core.cluster.OtherNodes;
import io.hongyan.im.core.group.ChangeGroup;
import io.hongyan.im.core.group.GroupContents;
import io.hongyan.im.core.group.GroupLimits;
import io.hongyan.im.core.inbox.Announcements;
import io.hongyan.im.core.inbox.ClientStreams;
import io.hongyan.im.core.inbox.CursorBook;
import io.hongyan.im.core.inbox.Cursors;
import io.hongyan.im.core.inbox.Delivery;
import io.hongyan.im.core.inbox.DeliveryCounter;
import io.hongyan.im.core.inbox.DeliveryCounters;
import io.hongyan.im.core.inbox.DeliveryListener;
import io.hongyan.im.core.inbox.DeliveryListeners;
import io.hongyan.im.core.inbox.Downlink;
import io.hongyan.im.core.inbox.GroupCursorBook;
import io.hongyan.im.core.inbox.HeadComparison;
import io.hongyan.im.core.inbox.InboxListener;
import io.hongyan.im.core.inbox.InboxTrimmer;
import io.hongyan.im.core.inbox.MissedEntries;
import io.hongyan.im.core.message.BlockingWork;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.work.Feature;
import io.hongyan.im.core.work.PeriodicTask;
import io.hongyan.im.core.work.WorkQueues;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The way of messages: into the log, to inboxes and to devices. */
public final class MessagesFeature implements Feature {
    private static final long CURSOR_FLUSH_MILLIS = 500;
    private static final long REFRESH_MILLIS = 1_000;
    private static final long FINISH_CHANGES_MILLIS = 1_000;
    private static final long TRIM_MILLIS = 1_000;
    private static final int TRIM_USERS_MAX = 200;
    private static final long BACKLOG_LOOK_MILLIS = 500;

    private final SendCounters counters = new SendCounters();
    private final DeliveryCounters deliveryCounters = new DeliveryCounters();
    private final MessageStorage storage;
    private final Ports ports;
    private final InstantSource clock;
    private final Pause pause;
    private final MessageLimits limits;
    private final int fanOutStepMax;
    private final CursorBook cursors;
    private final GroupCursorBook groupCursors;
    private final DeliveryListeners listeners;
    private final Delivery delivery;
    private final HeadComparison heads;
    private final RecipientRefresh refresh;
    private final FanOutBacklog backlog;
    private final List<FanOut> fanOuts = new CopyOnWriteArrayList<>();
    private final Lane lane;
    private final SendMessage sendMessage;
    private final ChangeGroup changeGroup;
    private final ChangeMessage changeMessage;
    private final FinishChanges finishChanges;

    // The trimmer's.
    private long trimAfterUser;

    /**
     * What messages need beside the storage.
     *
     * @param contents writes the changes of groups
     * @param messageContents writes the changes of messages
     * @param inboxes told how they grow, and how far devices have come
     */
    public record Ports(
            Downlink downlink,
            GroupContents contents,
            MessageContents messageContents,
            InboxListener inboxes,
            OtherNodes otherNodes,
            Fencing fencing) {}

    /** @param pause how the lane and the fan-out wait between two attempts */
    public MessagesFeature(
            MessageStorage storage,
            Ports ports,
            WorkQueues queues,
            InstantSource clock,
            Pause pause,
            MessageLimits limits,
            GroupLimits groups) {
        this.storage = storage;
        this.ports = ports;
        this.clock = clock;
        this.pause = pause;
        this.limits = limits;
        this.fanOutStepMax = groups.fanOutStepMax();
        cursors = new CursorBook(storage.devices(), clock, deliveryCounters, ports.inboxes);
        groupCursors = new GroupCursorBook(storage.groupCursors(), deliveryCounters);
        listeners = new DeliveryListeners(clock, deliveryCounters);
        delivery = new Delivery(
                new Delivery.Stores(
                        storage.inbox(),
                        storage.groups(),
                        new StoredGroupLog(storage.history(), storage.fanOut()),
                        cursors,
                        groupCursors),
                ports.downlink,
                queues.inbox(),
                limits.delivery(),
                listeners,
                ports.inboxes,
                deliveryCounters);
        heads = new HeadComparison(delivery, queues.service(), clock, deliveryCounters);
        refresh =
                new RecipientRefresh(storage.groups(), delivery, new BlockingWork(queues.service()), ports.otherNodes);
        backlog = new FanOutBacklog(storage.fanOut(), groups.fanOutWaitingMax(), counters);
        GroupSends groupSends = new GroupSends(
                delivery,
                refresh,
                () -> fanOuts.forEach(FanOut::wake),
                backlog,
                ports.contents,
                groups.fanOutInlineMax(),
                counters,
                ports.otherNodes);
        lane = new Lane(
                storage.log(),
                delivery,
                groupSends,
                limits.lane(),
                clock,
                pause,
                counters,
                ports.otherNodes,
                ports.fencing);
        sendMessage = new SendMessage(lane, backlog, limits.contentBytesMax(), counters);
        changeGroup = new StoreGroupChange(lane, ports.contents, counters);
        changeMessage = new ChangeMessage(
                new GatedDrafts(lane, backlog, counters), ports.messageContents, limits.contentBytesMax(), counters);
        finishChanges = new FinishChanges(storage.changed(), lane, ports.messageContents, counters.changes);
    }

    /** Of the way into the log and to inboxes. */
    public SendCounters counters() {
        return counters;
    }

    /** Of the way from inboxes to devices. */
    public DeliveryCounters deliveryCounters() {
        return deliveryCounters;
    }

    /** To be driven from one thread. */
    public Lane lane() {
        return lane;
    }

    /** For what is stored without being sent by a client. */
    public Drafts drafts() {
        return lane;
    }

    public SendMessage sendMessage() {
        return sendMessage;
    }

    public ChangeGroup changeGroup() {
        return changeGroup;
    }

    public ChangeMessage changeMessage() {
        return changeMessage;
    }

    /**
     * A further worker that writes the inboxes of entries left as markers; to be driven from one thread.
     *
     * @param worker never two at the same time under one name, in all processes; after a restart the same
     */
    public FanOut newFanOut(String worker) {
        FanOut fanOut = new FanOut(
                storage.fanOut(),
                delivery,
                refresh,
                backlog,
                worker,
                FanOutLimits.withSteps(fanOutStepMax),
                clock,
                pause,
                counters,
                ports.otherNodes);
        fanOuts.add(fanOut);
        return fanOut;
    }

    /** Entries of groups that wait to come to inboxes. */
    public FanOutBacklog fanOutBacklog() {
        return backlog;
    }

    /** Another node has left markers. */
    public void markersLeftElsewhere() {
        fanOuts.forEach(FanOut::leftElsewhere);
    }

    /** Everybody at this node looks who may have got something of this conversation. Does not block. */
    public void refreshHere(Conversation conversation) {
        refresh.here(conversation);
    }

    /** Where connections get their streams. */
    public ClientStreams.Source streams() {
        return delivery;
    }

    public Announcements announcements() {
        return delivery;
    }

    public MissedEntries missedEntries() {
        return heads;
    }

    public Cursors cursors() {
        return cursors;
    }

    /** To be told what devices acknowledge by other ways than their streams. */
    public DeliveryListener delivered() {
        return listeners;
    }

    /** Before anything is delivered. */
    public void addListener(DeliveryListener listener) {
        listeners.add(listener);
    }

    /** Connections that are sent their inbox now. */
    public int openStreams() {
        return delivery.openStreams();
    }

    /** Streams of large groups that are sent now. */
    public int openGroupStreams() {
        return delivery.openGroupStreams();
    }

    @Override
    public List<PeriodicTask> tasks() {
        return List.of(
                new PeriodicTask("write cursors", CURSOR_FLUSH_MILLIS, cursors::flush),
                new PeriodicTask("write cursors of groups", CURSOR_FLUSH_MILLIS, groupCursors::flush),
                new PeriodicTask("tell members again", REFRESH_MILLIS, refresh::again),
                new PeriodicTask("finish changes of messages", FINISH_CHANGES_MILLIS, finishChanges::run),
                new PeriodicTask("trim inboxes", TRIM_MILLIS, this::trimSomeInboxes),
                new PeriodicTask("see what other workers have fanned out", BACKLOG_LOOK_MILLIS, backlog::lookAgain));
    }

    @Override
    public void flush() {
        cursors.flush();
        groupCursors.flush();
    }

    private void trimSomeInboxes() {
        InboxTrimmer.Slice slice =
                storage.trimmer().trim(trimAfterUser, clock.millis(), limits.inbox(), TRIM_USERS_MAX);
        trimAfterUser = slice.nextUser();
        deliveryCounters.add(DeliveryCounter.ENTRIES_TRIMMED, slice.trimmed());
    }
}
