package io.hongyan.im.core;

import io.hongyan.im.core.cluster.NodeNoticeHandler;
import io.hongyan.im.core.cluster.OtherNodes;
import io.hongyan.im.core.data.DataFeature;
import io.hongyan.im.core.feed.FeedFeature;
import io.hongyan.im.core.group.GroupsFeature;
import io.hongyan.im.core.group.ReadRights;
import io.hongyan.im.core.hint.HintsFeature;
import io.hongyan.im.core.inbox.CloseReason;
import io.hongyan.im.core.message.BlockingWork;
import io.hongyan.im.core.push.PushEventsInFeed;
import io.hongyan.im.core.push.PushFeature;
import io.hongyan.im.core.push.PushRunner;
import io.hongyan.im.core.receipt.ReceiptsFeature;
import io.hongyan.im.core.send.MessagesFeature;
import io.hongyan.im.core.send.Pause;
import io.hongyan.im.core.session.SessionPorts;
import io.hongyan.im.core.session.SessionsFeature;
import io.hongyan.im.core.session.TellUsers;
import io.hongyan.im.core.session.TellUsersOnline;
import io.hongyan.im.core.sync.SyncFeature;
import io.hongyan.im.core.work.Feature;
import io.hongyan.im.core.work.PeriodicTask;
import io.hongyan.im.core.work.WorkLimits;
import io.hongyan.im.core.work.WorkQueues;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * The features of the core, put together. It owns no thread: whoever builds it drives the lane of the messages from one
 * thread, at least one fan-out from another, the event writer of the feed from a third, and runs {@link #tasks()}.
 */
public final class Messaging {
    private final WorkQueues queues;
    private final HintsFeature hints;
    private final FeedFeature feed;
    private final MessagesFeature messages;
    private final ReceiptsFeature receipts;
    private final GroupsFeature groups;
    private final SessionsFeature sessions;
    private final SyncFeature sync;
    private final PushFeature push;
    private final DataFeature data;
    private final NodeNoticeHandler fromNodes;
    private final List<Feature> features;

    /**
     * @param blocking runs work that blocks; bounded: rejects what it cannot take
     * @param pause how the lane waits between two attempts to store a batch
     */
    public Messaging(
            Dependencies dependencies, Executor blocking, InstantSource clock, Pause pause, MessagingLimits limits) {
        this(dependencies, WorkQueues.on(blocking, WorkLimits.DEFAULT, clock), clock, pause, limits);
    }

    /**
     * @param queues where work that blocks waits for its turn
     * @param pause how the lane waits between two attempts to store a batch
     */
    public Messaging(
            Dependencies dependencies, WorkQueues queues, InstantSource clock, Pause pause, MessagingLimits limits) {
        Storage storage = dependencies.storage();
        OtherNodes otherNodes = dependencies.otherNodes();
        BlockingWork service = new BlockingWork(queues.service());
        BlockingWork calls = new BlockingWork(queues.calls());
        ReadRights rights = ReadRights.by(storage.groups());
        TellUsers tellUsers = new TellUsersOnline(dependencies.directory(), dependencies.downlink(), otherNodes);
        this.queues = queues;
        hints = new HintsFeature(storage.hints(), dependencies.hintSender(), clock, limits.hints());
        feed = new FeedFeature(storage.feed(), service, clock, pause, limits.feed());
        messages = new MessagesFeature(
                storage.messages(),
                portsOfMessages(dependencies, hints),
                queues,
                clock,
                pause,
                limits.messages(),
                limits.groups());
        receipts = new ReceiptsFeature(
                new ReceiptsFeature.Stores(storage.marks(), storage.history(), storage.groups()),
                new ReceiptsFeature.Told(messages.announcements(), tellUsers, otherNodes, feed::noteReceipts),
                rights,
                calls,
                limits.receipts());
        groups = new GroupsFeature(storage.groups(), messages.changeGroup(), calls, limits.pages());
        sessions = new SessionsFeature(
                portsOfSessions(dependencies, messages, feed),
                tellUsers,
                storage.groups(),
                queues,
                clock,
                limits.sessions(),
                limits.groups());
        sync = new SyncFeature(
                new SyncFeature.Stores(storage.inbox(), storage.history(), storage.conversations(), storage.changed()),
                new SyncFeature.Pulled(messages.cursors(), sessions.deviceRoom(), messages.delivered()),
                rights,
                receipts.newestMarks(),
                calls,
                limits.pages());
        PushRunner.Tools tools = toolsOfPush(dependencies, messages, tellUsers, feed, clock);
        push = new PushFeature(tools, dependencies.worker(), service, limits.push());
        data = new DataFeature(
                dependencies.epochs(), () -> sessions.logins().endAll(CloseReason.DATA_CHANGED), service, clock);
        messages.addListener(receipts.listener());
        messages.addListener(push.listener());
        fromNodes = fromNodes(messages, tellUsers, sessions);
        features = new ArrayList<>(List.of(messages, receipts, groups, sessions, sync, push, feed, hints, data));
        if (otherNodes != OtherNodes.NONE) {
            features.add(fromNodes);
        }
    }

    private static MessagesFeature.Ports portsOfMessages(Dependencies dependencies, HintsFeature hints) {
        return new MessagesFeature.Ports(
                dependencies.downlink(),
                dependencies.contents(),
                dependencies.messageContents(),
                hints.listener(),
                dependencies.otherNodes(),
                dependencies.fencing());
    }

    private static SessionPorts portsOfSessions(Dependencies dependencies, MessagesFeature messages, FeedFeature feed) {
        return new SessionPorts(
                dependencies.storage().users(),
                dependencies.storage().devices(),
                dependencies.directory(),
                messages.streams(),
                dependencies.downlink(),
                feed.eventWriter(),
                dependencies.otherNodes(),
                dependencies.fencing());
    }

    private static PushRunner.Tools toolsOfPush(
            Dependencies dependencies,
            MessagesFeature messages,
            TellUsers tellUsers,
            FeedFeature feed,
            InstantSource clock) {
        return new PushRunner.Tools(
                dependencies.storage().pushes(),
                messages.drafts(),
                dependencies.storage().users(),
                dependencies.directory(),
                tellUsers,
                new PushEventsInFeed(feed.eventWriter(), clock),
                clock);
    }

    private static NodeNoticeHandler fromNodes(
            MessagesFeature messages, TellUsers tellUsers, SessionsFeature sessions) {
        return new NodeNoticeHandler(
                messages.announcements(),
                tellUsers,
                sessions.logins(),
                messages::refreshHere,
                messages::markersLeftElsewhere,
                messages.missedEntries());
    }

    public MessagesFeature messages() {
        return messages;
    }

    public GroupsFeature groups() {
        return groups;
    }

    public SyncFeature sync() {
        return sync;
    }

    public ReceiptsFeature receipts() {
        return receipts;
    }

    public FeedFeature feed() {
        return feed;
    }

    public PushFeature push() {
        return push;
    }

    public HintsFeature hints() {
        return hints;
    }

    public SessionsFeature sessions() {
        return sessions;
    }

    public DataFeature data() {
        return data;
    }

    /** Where what other nodes tell goes in. */
    public NodeNoticeHandler fromNodes() {
        return fromNodes;
    }

    /** Where work that blocks waits for its turn. */
    public WorkQueues queues() {
        return queues;
    }

    /** What is due again and again. A run that throws is to be logged and repeated when it is due next. */
    public List<PeriodicTask> tasks() {
        return features.stream().flatMap(feature -> feature.tasks().stream()).toList();
    }

    /** Writes what has moved in memory only: the last thing before the storage is closed. Blocks. */
    public void flush() {
        features.forEach(Feature::flush);
    }
}
