package io.hongyan.im.core;

import io.hongyan.im.core.cluster.FromPeers;
import io.hongyan.im.core.cluster.Peers;
import io.hongyan.im.core.cluster.Standstill;
import io.hongyan.im.core.feed.EventJournal;
import io.hongyan.im.core.feed.FeedBody;
import io.hongyan.im.core.feed.FeedCounters;
import io.hongyan.im.core.feed.FeedOptions;
import io.hongyan.im.core.feed.FeedRelay;
import io.hongyan.im.core.feed.FeedSink;
import io.hongyan.im.core.feed.FeedStorage;
import io.hongyan.im.core.feed.Occurrence;
import io.hongyan.im.core.feed.ReadFeed;
import io.hongyan.im.core.feed.ReportToBusiness;
import io.hongyan.im.core.group.GroupContents;
import io.hongyan.im.core.group.ReadGroups;
import io.hongyan.im.core.hint.HintCounters;
import io.hongyan.im.core.hint.HintTimer;
import io.hongyan.im.core.inbox.CursorBook;
import io.hongyan.im.core.inbox.Delivery;
import io.hongyan.im.core.inbox.DeliveryListener;
import io.hongyan.im.core.inbox.DeliveryTimes;
import io.hongyan.im.core.inbox.Downlink;
import io.hongyan.im.core.inbox.GroupCursorBook;
import io.hongyan.im.core.inbox.HeadComparison;
import io.hongyan.im.core.inbox.InboxListener;
import io.hongyan.im.core.inbox.InboxTrimmer;
import io.hongyan.im.core.message.BlockingWork;
import io.hongyan.im.core.metrics.MessagingCounters;
import io.hongyan.im.core.push.PushAcknowledgements;
import io.hongyan.im.core.push.PushCounters;
import io.hongyan.im.core.push.PushEvents;
import io.hongyan.im.core.push.PushEventsInFeed;
import io.hongyan.im.core.push.PushRunner;
import io.hongyan.im.core.push.Pushes;
import io.hongyan.im.core.push.SubmitPush;
import io.hongyan.im.core.push.TakePush;
import io.hongyan.im.core.receipt.MarkRead;
import io.hongyan.im.core.receipt.ReadReceipts;
import io.hongyan.im.core.receipt.Receipts;
import io.hongyan.im.core.send.ChangeGroup;
import io.hongyan.im.core.send.FanOut;
import io.hongyan.im.core.send.FanOutBacklog;
import io.hongyan.im.core.send.FanOutLimits;
import io.hongyan.im.core.send.FanOutLog;
import io.hongyan.im.core.send.GroupSends;
import io.hongyan.im.core.send.Lane;
import io.hongyan.im.core.send.Pause;
import io.hongyan.im.core.send.RecipientRefresh;
import io.hongyan.im.core.send.SendMessage;
import io.hongyan.im.core.session.LookUpUsers;
import io.hongyan.im.core.session.SendSignal;
import io.hongyan.im.core.session.SessionDirectory;
import io.hongyan.im.core.session.Sessions;
import io.hongyan.im.core.session.TellUsers;
import io.hongyan.im.core.session.ThrowOut;
import io.hongyan.im.core.sync.ListConversations;
import io.hongyan.im.core.sync.PullInbox;
import io.hongyan.im.core.sync.ReadHistory;
import io.hongyan.im.core.work.WorkLimits;
import io.hongyan.im.core.work.WorkQueues;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;

/**
 * The whole core, put together over its ports. It owns no thread: whoever builds it drives {@link #lane()} from one
 * thread, at least one {@link #newFanOut} from another, and runs {@link #tasks()}.
 */
public final class Messaging {
    private static final long CURSOR_FLUSH_MILLIS = 500;
    private static final long RECEIPT_NOTICE_MILLIS = 200;
    private static final long MARK_FLUSH_MILLIS = 1_000;
    private static final long REFRESH_MILLIS = 1_000;
    private static final long TRIM_MILLIS = 1_000;
    private static final int TRIM_USERS_MAX = 200;
    private static final long FEED_LOOK_MILLIS = 20;
    /** Of events, each of them short, so that messages come in between. */
    private static final int TRIM_SLICES_MAX = 20;

    private static final long HEADS_MILLIS = 200;
    private static final long HINT_MILLIS = 100;
    private static final long EXPIRY_MILLIS = 1_000;
    private static final long PUSH_MILLIS = 100;
    private static final long BACKLOG_LOOK_MILLIS = 500;
    private static final long PUSH_FORGET_MILLIS = 60_000;
    private static final int PUSHES_FORGOTTEN_MAX = 1_000;

    private final MessagingCounters counters = new MessagingCounters();
    private final InstantSource clock;
    private final Pause pause;
    private final MessagingLimits limits;
    private final CursorBook cursors;
    private final GroupCursorBook groupCursors;
    private final Receipts receipts;
    private final Delivery delivery;
    private final Lane lane;
    private final Sessions sessions;
    private final FanOutLog fanOutLog;
    private final RecipientRefresh refresh;
    private final FanOutBacklog backlog;
    private final WorkQueues queues;
    private final FromPeers fromPeers;
    private final Peers peers;
    private final List<FanOut> fanOuts = new CopyOnWriteArrayList<>();
    private final SendMessage sendMessage;
    private final ChangeGroup changeGroup;
    private final MarkRead markRead;
    private final SendSignal sendSignal;
    private final PullInbox pullInbox;
    private final ReadHistory readHistory;
    private final ReadReceipts readReceipts;
    private final ListConversations listConversations;
    private final ReadGroups readGroups;
    private final LookUpUsers lookUpUsers;
    private final ThrowOut throwOut;
    private final InboxTrimmer trimmer;
    private final Pushes pushes;
    private final PushRunner pushRunner;
    private final SubmitPush submitPush;
    private final TakePush takePush;
    private final PushCounters pushCounters = new PushCounters();
    private final HintCounters hintCounters = new HintCounters();
    private final FeedCounters feedCounters = new FeedCounters();
    private final FeedStorage feed;
    private final EventJournal journal;
    private final ReportToBusiness reportToBusiness;
    private final ReadFeed readFeed;
    /** Null where nobody wants hints. */
    private final HintTimer hintTimer;

    private long trimAfterUser;
    private volatile boolean relayed;

    /**
     * @param blocking runs work that blocks; bounded: rejects what it cannot take
     * @param pause how the lane waits between two attempts to store a batch
     */
    public Messaging(
            Surroundings surroundings, Executor blocking, InstantSource clock, Pause pause, MessagingLimits limits) {
        this(surroundings, WorkQueues.on(blocking, WorkLimits.DEFAULT, clock), clock, pause, limits);
    }

    /**
     * @param queues where work that blocks waits for its turn
     * @param pause how the lane waits between two attempts to store a batch
     */
    public Messaging(
            Surroundings surroundings, WorkQueues queues, InstantSource clock, Pause pause, MessagingLimits limits) {
        Storage storage = surroundings.storage();
        SessionDirectory directory = surroundings.directory();
        Downlink downlink = surroundings.downlink();
        GroupContents contents = surroundings.contents();
        this.peers = surroundings.peers();
        Standstill standstill = surroundings.standstill();
        this.clock = clock;
        this.pause = pause;
        this.limits = limits;
        this.trimmer = storage.trimmer();
        this.queues = queues;
        BlockingWork service = new BlockingWork(queues.service());
        BlockingWork calls = new BlockingWork(queues.calls());
        hintTimer = surroundings.hintSender() == null
                ? null
                : new HintTimer(storage.hints(), surroundings.hintSender(), clock, limits.hints(), hintCounters);
        InboxListener inboxListener = hintTimer == null ? InboxListener.NONE : hintTimer;
        cursors = new CursorBook(storage.devices(), clock, counters, inboxListener);
        FeedOptions options = limits.feed();
        feed = storage.feed();
        journal = new EventJournal(feed.events(), options.journal(), pause, feedCounters, options.enabled());
        reportToBusiness = new ReportToBusiness(journal, options.destinations(), clock, feedCounters);
        readFeed = new ReadFeed(feed.feed(), service, clock);
        TellUsers tellUsers = new TellUsers(directory, downlink, peers);
        receipts = new Receipts(storage.marks(), tellUsers, peers, limits.receipts(), counters, this::tellFeed);
        PushEvents pushEvents = new PushEventsInFeed(journal, clock);
        DeliveryListener listener = new DeliveryTimes(new PushAcknowledgements(receipts, pushEvents), clock, counters);
        groupCursors = new GroupCursorBook(storage.groupCursors(), counters);
        delivery = new Delivery(
                storage.inbox(),
                storage.groups(),
                new StoredGroupLog(storage.history(), storage.fanOut()),
                downlink,
                queues.inbox(),
                cursors,
                groupCursors,
                limits.messages().delivery(),
                listener,
                counters,
                inboxListener);
        fanOutLog = storage.fanOut();
        refresh = new RecipientRefresh(storage.groups(), delivery, service, peers);
        backlog = new FanOutBacklog(fanOutLog, limits.groups().fanOutWaitingMax(), counters);
        int inlineMax = limits.groups().fanOutInlineMax();
        GroupSends groupSends =
                new GroupSends(delivery, refresh, this::wakeFanOut, backlog, contents, inlineMax, counters, peers);
        lane = new Lane(
                storage.log(),
                delivery,
                groupSends,
                limits.messages().lane(),
                clock,
                pause,
                counters,
                peers,
                standstill);
        sessions = newSessions(surroundings, queues);
        throwOut = new ThrowOut(storage.users(), sessions, directory, peers, service, clock);
        fromPeers = new FromPeers(
                delivery,
                tellUsers,
                sessions,
                refresh::here,
                () -> fanOuts.forEach(FanOut::leftElsewhere),
                new HeadComparison(delivery, queues.service(), clock, counters));
        sendMessage = new SendMessage(lane, backlog, limits.messages().contentBytesMax(), counters);
        changeGroup = new ChangeGroup(lane, contents, counters);
        markRead = new MarkRead(storage.history(), storage.marks(), receipts, storage.groups(), calls);
        sendSignal = new SendSignal(
                tellUsers, storage.groups(), calls, limits.groups().largeAbove(), counters);
        pullInbox = new PullInbox(storage.inbox(), cursors, listener, calls, limits.pages(), sessions.deviceRoom());
        readHistory = new ReadHistory(storage.history(), storage.groups(), calls, limits.pages());
        readReceipts = new ReadReceipts(storage.history(), storage.marks(), storage.groups(), calls, limits.receipts());
        listConversations = new ListConversations(storage.conversations(), receipts, calls, limits.pages());
        readGroups = new ReadGroups(storage.groups(), calls, limits.pages());
        lookUpUsers = new LookUpUsers(storage.users(), storage.devices(), directory, service);
        pushes = storage.pushes();
        pushRunner = new PushRunner(
                new PushRunner.Tools(pushes, lane, storage.users(), directory, tellUsers, pushEvents, clock),
                surroundings.worker(),
                limits.push(),
                pushCounters);
        submitPush = new SubmitPush(pushes, service, clock, limits.push(), pushCounters, pushRunner::wake);
        takePush = new TakePush(submitPush, pushEvents, pushCounters);
    }

    private Sessions newSessions(Surroundings surroundings, WorkQueues queues) {
        Storage storage = surroundings.storage();
        return new Sessions(
                storage.users(),
                storage.devices(),
                surroundings.directory(),
                delivery,
                surroundings.downlink(),
                queues,
                clock,
                limits.sessions(),
                counters,
                journal,
                peers,
                surroundings.standstill());
    }

    public MessagingCounters counters() {
        return counters;
    }

    /** Where work that blocks waits for its turn. */
    public WorkQueues queues() {
        return queues;
    }

    public Lane lane() {
        return lane;
    }

    /**
     * A further worker that writes the inboxes of entries left as markers; to be driven from one thread.
     *
     * @param worker never two at the same time under one name, in all processes; after a restart the same
     */
    public FanOut newFanOut(String worker) {
        FanOutLimits bounds = FanOutLimits.withSteps(limits.groups().fanOutStepMax());
        FanOut fanOut =
                new FanOut(fanOutLog, delivery, refresh, backlog, worker, bounds, clock, pause, counters, peers);
        fanOuts.add(fanOut);
        return fanOut;
    }

    private void wakeFanOut() {
        fanOuts.forEach(FanOut::wake);
    }

    /** Entries of groups that wait to come to inboxes. */
    public FanOutBacklog fanOutBacklog() {
        return backlog;
    }

    /** Connections that are sent their inbox now. */
    public int openStreams() {
        return delivery.openStreams();
    }

    /** Streams of large groups that are sent now. */
    public int openGroupStreams() {
        return delivery.openGroupStreams();
    }

    /** Where what other nodes tell goes in. */
    public FromPeers fromPeers() {
        return fromPeers;
    }

    public Sessions sessions() {
        return sessions;
    }

    public SendMessage sendMessage() {
        return sendMessage;
    }

    public ChangeGroup changeGroup() {
        return changeGroup;
    }

    public MarkRead markRead() {
        return markRead;
    }

    public SendSignal sendSignal() {
        return sendSignal;
    }

    public PullInbox pullInbox() {
        return pullInbox;
    }

    public ReadHistory readHistory() {
        return readHistory;
    }

    public ReadReceipts readReceipts() {
        return readReceipts;
    }

    public ListConversations listConversations() {
        return listConversations;
    }

    public ReadGroups readGroups() {
        return readGroups;
    }

    public LookUpUsers lookUpUsers() {
        return lookUpUsers;
    }

    public ThrowOut throwOut() {
        return throwOut;
    }

    public SubmitPush submitPush() {
        return submitPush;
    }

    /** For pushes that come by a queue. */
    public TakePush takePush() {
        return takePush;
    }

    public PushCounters pushCounters() {
        return pushCounters;
    }

    public HintCounters hintCounters() {
        return hintCounters;
    }

    /** Users with an undelivered message whose hint is not due yet. */
    public int hintsPending() {
        return hintTimer == null ? 0 : hintTimer.pending();
    }

    /** To be driven from one thread; without it no login is answered where there is a feed. */
    public EventJournal journal() {
        return journal;
    }

    public FeedCounters feedCounters() {
        return feedCounters;
    }

    public ReportToBusiness reportToBusiness() {
        return reportToBusiness;
    }

    public ReadFeed readFeed() {
        return readFeed;
    }

    /** There will be a relay: what it has not sent is not trimmed from now on. */
    public void expectRelay() {
        relayed = true;
    }

    /**
     * Makes the relay to a sink, to be driven from one thread. From then on what it has not sent is not trimmed.
     *
     * @param holder names this server, and stays the same over its restarts
     */
    public FeedRelay relayTo(FeedSink sink, String holder) {
        relayed = true;
        return new FeedRelay(
                feed.feed(), feed.partitions(), sink, holder, limits.feed().relay(), clock, feedCounters);
    }

    /** Notes in the feed that all earlier sessions of this node are over: before the first client comes. Blocks. */
    public void noteStart(String node) {
        if (journal.enabled()) {
            feed.events().append(List.of(new Occurrence(clock.millis(), new FeedBody.NodeStarted(node))));
        }
    }

    /**
     * Notes in the feed that a gate has come to this node: all earlier sessions there are over, but for those that are
     * opened again after this. Does not block.
     *
     * @return exceptionally where too much waits to be noted
     */
    public CompletionStage<Void> noteGate(String gate) {
        return journal.hand(new Occurrence(clock.millis(), new FeedBody.NodeStarted(gate)));
    }

    /** What is due again and again. A run that throws is to be logged and repeated when it is due next. */
    public List<PeriodicTask> tasks() {
        List<PeriodicTask> tasks = new ArrayList<>(List.of(
                new PeriodicTask("write cursors", CURSOR_FLUSH_MILLIS, cursors::flush),
                new PeriodicTask("write cursors of groups", CURSOR_FLUSH_MILLIS, groupCursors::flush),
                new PeriodicTask("send receipts", RECEIPT_NOTICE_MILLIS, receipts::tellPeers),
                new PeriodicTask("write marks", MARK_FLUSH_MILLIS, () -> receipts.flush(delivery)),
                new PeriodicTask("tell members again", REFRESH_MILLIS, refresh::again),
                new PeriodicTask("trim inboxes", TRIM_MILLIS, this::trimSomeInboxes)));
        if (limits.sessions().endAtExpiry()) {
            tasks.add(new PeriodicTask("end sessions of expired tokens", EXPIRY_MILLIS, sessions::endExpired));
        }
        tasks.add(new PeriodicTask("end sessions of barred users", ThrowOut.LOOK_MILLIS, throwOut::look));
        tasks.add(new PeriodicTask("see what other workers have fanned out", BACKLOG_LOOK_MILLIS, backlog::lookAgain));
        tasks.add(new PeriodicTask("carry out pushes", PUSH_MILLIS, pushRunner::runOnce));
        tasks.add(new PeriodicTask("forget old pushes", PUSH_FORGET_MILLIS, this::forgetSomePushes));
        if (peers != Peers.NONE) {
            tasks.add(new PeriodicTask("compare heads", HEADS_MILLIS, fromPeers::lookAgain));
        }
        if (journal.enabled()) {
            tasks.add(new PeriodicTask("trim events", TRIM_MILLIS, this::trimSomeEvents));
        }
        if (limits.feed().messageAgeMaxMillis() > 0) {
            tasks.add(new PeriodicTask("trim messages of the feed", TRIM_MILLIS, this::trimSomeMessagesOfFeed));
        }
        tasks.add(new PeriodicTask("serve waiting readers of the feed", FEED_LOOK_MILLIS, readFeed::serveWaiting));
        if (hintTimer != null) {
            tasks.add(new PeriodicTask("give hints", HINT_MILLIS, hintTimer::run));
        }
        return tasks;
    }

    /** Writes what has moved in memory only: the last thing before the storage is closed. Blocks. */
    public void flush() {
        cursors.flush();
        groupCursors.flush();
        receipts.tellPeers();
        receipts.flush(delivery);
    }

    private void forgetSomePushes() {
        pushes.forget(clock.millis() - limits.push().keptMillis(), PUSHES_FORGOTTEN_MAX);
    }

    private void tellFeed(List<FeedBody.Receipt> receipts) {
        if (journal.enabled() && limits.feed().receipts()) {
            long now = clock.millis();
            feed.events()
                    .append(receipts.stream()
                            .map(receipt -> new Occurrence(now, receipt))
                            .toList());
            feedCounters.stored(receipts.size());
        }
    }

    private void trimSomeEvents() {
        FeedOptions options = limits.feed();
        long olderThan = clock.millis() - options.eventAgeMaxMillis();
        for (int slice = 0; slice < TRIM_SLICES_MAX; slice++) {
            long trimmed = feed.events().trim(olderThan, options.eventsMax(), relayed);
            if (trimmed == 0) {
                return;
            }
            feedCounters.trimmed(trimmed);
        }
    }

    private void trimSomeMessagesOfFeed() {
        long olderThan = clock.millis() - limits.feed().messageAgeMaxMillis();
        long trimmed = 1;
        for (int slice = 0; slice < TRIM_SLICES_MAX && trimmed > 0; slice++) {
            trimmed = feed.events().trimMessages(olderThan, relayed);
            feedCounters.messagesTrimmed(trimmed);
        }
    }

    private void trimSomeInboxes() {
        InboxTrimmer.Slice slice =
                trimmer.trim(trimAfterUser, clock.millis(), limits.messages().inbox(), TRIM_USERS_MAX);
        trimAfterUser = slice.nextUser();
        counters.entriesTrimmed.add(slice.trimmed());
    }
}
