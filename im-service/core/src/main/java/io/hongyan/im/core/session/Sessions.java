package io.hongyan.im.core.session;

import io.hongyan.im.core.cluster.Fencing;
import io.hongyan.im.core.cluster.FencingEpoch;
import io.hongyan.im.core.cluster.LocalSessions;
import io.hongyan.im.core.cluster.NodeNotice;
import io.hongyan.im.core.cluster.OtherNodes;
import io.hongyan.im.core.feed.EventDraft;
import io.hongyan.im.core.feed.FeedBody;
import io.hongyan.im.core.feed.FeedEvents;
import io.hongyan.im.core.feed.SessionEnd;
import io.hongyan.im.core.inbox.ClientStreams;
import io.hongyan.im.core.inbox.CloseReason;
import io.hongyan.im.core.inbox.Device;
import io.hongyan.im.core.inbox.DeviceRoom;
import io.hongyan.im.core.inbox.Devices;
import io.hongyan.im.core.inbox.Downlink;
import io.hongyan.im.core.inbox.GroupSubscriptions;
import io.hongyan.im.core.inbox.KeptSession;
import io.hongyan.im.core.inbox.Notice;
import io.hongyan.im.core.message.BlockingWork;
import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.StorageException;
import io.hongyan.im.core.work.WorkQueues;
import io.hongyan.metrics.Counters;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Logins and their ends: opens sessions, displaces older ones, keeps what outlives a connection. */
public final class Sessions implements LocalSessions {
    private static final int LOCKS = 1_024;
    private static final long MILLIS_PER_SECOND = 1_000;

    private final Users users;
    private final Devices devices;
    private final SessionDirectory directory;
    private final ClientStreams.Source streams;
    private final Downlink downlink;
    private final BlockingWork logins;
    private final BlockingWork inbox;
    private final BlockingWork service;
    private final InstantSource clock;
    private final SessionLimits limits;
    private final LoginRules rules;
    private final DeviceRoom room;
    private final Counters<SessionCounter> counters;
    private final FeedEvents events;
    private final OtherNodes otherNodes;
    private final Fencing fencing;

    /** What is kept of one device is changed by one thread at a time. */
    private final Object[] deviceLocks =
            Stream.generate(Object::new).limit(LOCKS).toArray();

    /** One user's logins at this node take place one after the other. Held while the directory is asked. */
    private final Object[] loginLocks =
            Stream.generate(Object::new).limit(LOCKS).toArray();

    /** Logins and ends of one user's sessions reach the feed in the order in which they took place. Held briefly. */
    private final Object[] userLocks = Stream.generate(Object::new).limit(LOCKS).toArray();

    private final Map<ConnectionKey, ClientSession> open = new ConcurrentHashMap<>();

    /**
     * What a login gives: the session, and what is left of the one before where it was kept.
     *
     * @param login what a node that resumes the session later is to be told
     */
    public record Opened(
            ClientSession session, boolean sessionPresent, List<KeptSession.Filter> filters, Login.Earlier login)
            implements LoginAnswer {}

    /** @param told completes when the feed has it */
    private record Entered(Opened opened, CompletionStage<Void> told) {}

    Sessions(
            SessionPorts ports,
            WorkQueues queues,
            InstantSource clock,
            SessionLimits limits,
            Counters<SessionCounter> counters) {
        this.users = ports.users();
        this.devices = ports.devices();
        this.directory = ports.directory();
        this.streams = ports.streams();
        this.downlink = ports.downlink();
        this.logins = new BlockingWork(queues.logins());
        this.inbox = new BlockingWork(queues.inbox());
        this.service = new BlockingWork(queues.service());
        this.clock = clock;
        this.limits = limits;
        this.rules = new LoginRules(directory, limits);
        this.room = new DeviceRoom(limits.devicesMax(), rules::onlineDevices);
        this.counters = counters;
        this.events = ports.events();
        this.otherNodes = ports.otherNodes();
        this.fencing = ports.fencing();
    }

    /**
     * Opens a session; older ones that it displaces are told and closed. Every session that was opened must be closed
     * with {@link #close}, also if the connection has ended meanwhile. One that resumes an earlier login may find itself
     * displaced by a later one.
     *
     * @return {@link Opened}, or why it is refused; exceptionally with {@link StorageException} if the storage failed: then
     *     nothing is open
     */
    public CompletionStage<LoginAnswer> open(Login login) {
        return open(login, () -> true);
    }

    /**
     * The same for a client that may be refused, or leave, while its login waits for its turn: then it displaces nobody.
     *
     * @param wanted asked when its turn has come
     * @return exceptionally with {@link CancellationException} if it was not wanted any more
     */
    public CompletionStage<LoginAnswer> open(Login login, BooleanSupplier wanted) {
        FencingEpoch asked = fencing.epoch();
        return logins.submit(login.uid(), () -> openNow(login, wanted, asked)).thenCompose(answer -> answer);
    }

    /** A login is answered when the feed has it: what was online is never unknown there. */
    private CompletionStage<LoginAnswer> onceTold(Entered entered) {
        return entered.told
                .handle((stored, trouble) -> {
                    if (trouble == null) {
                        return CompletableFuture.<LoginAnswer>completedFuture(entered.opened);
                    }
                    close(entered.opened.session(), 0, SessionEnd.BY_SERVER);
                    return CompletableFuture.<LoginAnswer>failedFuture(trouble);
                })
                .thenCompose(answer -> answer);
    }

    private CompletionStage<LoginAnswer> openNow(Login login, BooleanSupplier wanted, FencingEpoch asked) {
        if (!wanted.getAsBoolean()) {
            throw unwanted();
        }
        // Each session will end, and its end must be noted: while events cannot be stored, there are not to be more of
        // them.
        events.requireRoom(login.uid());
        long now = clock.millis();
        synchronized (lockOf(login.device())) {
            KeptSession fresh = KeptSession.lasting(List.of(), login.sessionExpirySeconds(), now);
            // Empty where the user was not known: user and device are then made, with what is to be kept.
            Optional<LoginFacts> known =
                    users.atLogin(login.device()).or(() -> users.makeWithDevice(login.device(), fresh, now));
            Optional<LoginAnswer.Refused> refused = rules.refusal(login, known.orElse(LoginFacts.OF_NEW_USER), now);
            if (refused.isPresent()) {
                counters.increment(SessionCounter.LOGINS_REFUSED);
                return CompletableFuture.completedFuture(refused.get());
            }
            Optional<List<KeptSession.Filter>> earlier = known.flatMap(
                    facts -> resume(login, facts.device().map(Device::kept).orElse(null), now));
            return onceTold(openLocked(login, earlier, now, asked));
        }
    }

    /** Which devices are kept. */
    public DeviceRoom deviceRoom() {
        return room;
    }

    private CancellationException unwanted() {
        counters.increment(SessionCounter.SESSIONS_UNWANTED);
        return new CancellationException("the client did not wait for its login");
    }

    /**
     * Keeps what is to outlive this login in place of what an earlier one has left.
     *
     * @return the filters of the session before, where that goes on
     */
    private Optional<List<KeptSession.Filter>> resume(Login login, KeptSession kept, long now) {
        boolean goesOn =
                kept != null && !login.cleanStart() && login.sessionExpirySeconds() > 0 && kept.expiresAtMillis() > now;
        List<KeptSession.Filter> filters = goesOn ? kept.filters() : List.of();
        if (login.sessionExpirySeconds() > 0) {
            keep(login.device(), filters, login.sessionExpirySeconds(), now);
        } else if (kept != null) {
            devices.keepSession(login.device(), null, room, now);
        }
        return goesOn ? Optional.of(filters) : Optional.empty();
    }

    /** @param earlier the filters of the session that goes on */
    private Entered openLocked(Login login, Optional<List<KeptSession.Filter>> earlier, long now, FencingEpoch asked) {
        ClientSession session = new ClientSession(login, this, asked);
        CompletionStage<Void> told = enter(session, now, asked);
        counters.increment(SessionCounter.SESSIONS_OPENED);
        long stamp = directory.stamp(login.uid(), login.connection());
        Login.Earlier resumable = new Login.Earlier(loginAt(login, now), stamp);
        return new Entered(new Opened(session, earlier.isPresent(), earlier.orElse(List.of()), resumable), told);
    }

    private static OnlineSession newOnlineSession(Login login, long loginAt) {
        return new OnlineSession(
                login.connection(),
                login.device(),
                login.platform(),
                loginAt,
                loginAt,
                login.token().issuedAt());
    }

    private static long loginAt(Login login, long now) {
        return login.resumes() == null ? now : login.resumes().atMillis();
    }

    /** @return completes when the feed has it */
    private CompletionStage<Void> enter(ClientSession session, long now, FencingEpoch asked) {
        Login login = session.login();
        OnlineSession newcomer = newOnlineSession(login, loginAt(login, now));
        int perClassMax = limits.perClass().max(login.platform().platformClass());
        synchronized (loginLocks[stripeOf(login.uid())]) {
            if (asked.isOver(fencing.epoch())) {
                // The client is at another node by now, and would lose its place there.
                throw unwanted();
            }
            List<OnlineSession> here = directory.here(login.uid());
            open.put(login.connection(), session);
            List<OnlineSession> displaced = login.resumes() == null
                    ? directory.claim(newcomer, perClassMax)
                    : directory.reclaim(newcomer, perClassMax, login.resumes().stamp());
            DeviceKey winner = displaced.stream().anyMatch(loser -> isSame(loser, newcomer))
                    ? winnerOver(newcomer)
                    : newcomer.device();
            synchronized (userLockOf(login.uid())) {
                for (OnlineSession loser : displaced) {
                    boolean endedMeanwhile = here.stream()
                                    .anyMatch(present -> present.connection().equals(loser.connection()))
                            && !open.containsKey(loser.connection());
                    if (!endedMeanwhile) {
                        displace(loser, isSame(loser, newcomer) ? winner : newcomer.device(), now);
                    }
                }
                return events.hand(new EventDraft(
                        now,
                        new FeedBody.SessionOpened(
                                login.device(), login.platform().wireName(), login.connection(), now)));
            }
        }
    }

    private static boolean isSame(OnlineSession one, OnlineSession other) {
        return one.connection().equals(other.connection());
    }

    /** Whose login came after one that is resumed and has no place any more. May block. */
    private DeviceKey winnerOver(OnlineSession resumed) {
        DeviceKey newest = resumed.device();
        for (OnlineSession online : directory.of(resumed.device().uid())) {
            if (online.device().equals(resumed.device())) {
                return resumed.device();
            }
            if (online.platform().platformClass() == resumed.platform().platformClass()) {
                newest = online.device();
            }
        }
        return newest;
    }

    /** A session here, or at another node, has lost its place to a newer login: it is told and closed. */
    public void displaced(OnlineSession loser, OnlineSession winner) {
        synchronized (userLockOf(loser.device().uid())) {
            displace(loser, winner.device(), clock.millis());
        }
    }

    private void displace(OnlineSession loser, DeviceKey by, long now) {
        boolean sameDevice = loser.device().equals(by);
        if (sameDevice) {
            counters.increment(SessionCounter.SESSIONS_REPLACED);
        } else {
            counters.increment(SessionCounter.SESSIONS_KICKED);
            events.handSurely(
                    new EventDraft(now, new FeedBody.SessionKicked(loser.device(), loser.connection(), by.device())));
        }
        if (!displacedHere(loser.connection(), by.device(), sameDevice, now)) {
            otherNodes.tell(new NodeNotice.SessionDisplaced(loser.connection(), by.device(), sameDevice, now));
        }
    }

    @Override
    public boolean displacedHere(ConnectionKey connection, String byDevice, boolean sameDevice, long atMillis) {
        ClientSession session = open.get(connection);
        if (session == null) {
            return false;
        }
        if (session.endsBy(sameDevice ? SessionEnd.REPLACED : SessionEnd.KICKED)) {
            if (!sameDevice) {
                downlink.notice(connection, new Notice.Kicked(byDevice, atMillis));
            }
            downlink.close(connection, sameDevice ? CloseReason.REPLACED : CloseReason.KICKED);
        }
        return true;
    }

    @Override
    public int endHere(String uid, String device, CloseReason why) {
        return endHere(
                uid, session -> device.isEmpty() || session.device().device().equals(device), why);
    }

    /** The same for those of the user's sessions that match. */
    int endHere(String uid, Predicate<ClientSession> which, CloseReason why) {
        int ended = 0;
        for (OnlineSession online : directory.here(uid)) {
            ClientSession session = open.get(online.connection());
            if (session != null && which.test(session) && end(session, why)) {
                ended++;
            }
        }
        return ended;
    }

    /** Ends the sessions whose tokens have ended, where that is wanted. Does not block. */
    public void endExpired() {
        long now = clock.millis() / MILLIS_PER_SECOND;
        for (ClientSession session : open.values()) {
            long end = session.token().expiresAt();
            if (end > 0 && now >= end) {
                end(session, CloseReason.TOKEN_EXPIRED);
            }
        }
    }

    /** Ends all sessions at this node, those too that are being opened. Does not block. */
    public void endAll(CloseReason why) {
        open.values().forEach(session -> end(session, why));
    }

    private boolean end(ClientSession session, CloseReason why) {
        if (!session.endsBy(endFor(why))) {
            return false;
        }
        counters.increment(SessionCounter.SESSIONS_THROWN_OUT);
        downlink.notice(session.connection(), new Notice.Ended(why, clock.millis()));
        downlink.close(session.connection(), why);
        return true;
    }

    private static SessionEnd endFor(CloseReason why) {
        return switch (why) {
            case TOKEN_EXPIRED -> SessionEnd.TOKEN_EXPIRED;
            case DATA_CHANGED -> SessionEnd.BY_SERVER;
            default -> SessionEnd.THROWN_OUT;
        };
    }

    /** The connection has ended, and its session outlives it as the login asked. */
    public void close(ClientSession session) {
        close(session, session.login().sessionExpirySeconds(), SessionEnd.LOST);
    }

    /**
     * The connection has ended. Does not block; calling it again does nothing.
     *
     * @param expirySeconds how long its session outlives it, 0 = not at all; of one that is not kept it changes nothing
     * @param why where the server has not decided it before
     */
    public void close(ClientSession session, long expirySeconds, SessionEnd why) {
        synchronized (userLockOf(session.uid())) {
            if (!open.remove(session.connection(), session)) {
                return;
            }
            directory.release(session.uid(), session.connection());
            // Nobody could hand this in again. There are no more of them than sessions, which need room to be opened.
            events.handSurely(new EventDraft(
                    clock.millis(),
                    new FeedBody.SessionClosed(session.device(), session.connection(), session.endOr(why))));
        }
        counters.increment(SessionCounter.SESSIONS_CLOSED);
        ClientStreams ended = session.detach();
        if (ended != null) {
            ended.end();
        }
        if (session.kept()) {
            // Only moves the expiry: what was kept at the login is there even if this write is lost.
            logins.submit(session.uid(), () -> {
                synchronized (lockOf(session.device())) {
                    touch(session, expirySeconds);
                }
                return null;
            });
        }
    }

    /** Ends a session for good: nothing of it is kept. The connection is to be closed when the stage completes. */
    public CompletionStage<Void> logOut(ClientSession session) {
        FencingEpoch asked = fencing.epoch();
        return logins.submit(session.uid(), () -> {
            synchronized (lockOf(session.device())) {
                fencing.require(asked);
                devices.keepSession(session.device(), null, room, clock.millis());
                session.forget();
                session.endsBy(SessionEnd.LOGGED_OUT);
            }
            return null;
        });
    }

    /** Something came from these lately; what is noted of it may be lost. */
    public void lastSeen(List<SessionDirectory.LastSeen> lastSeen) {
        service.submit(() -> {
            directory.lastSeen(lastSeen);
            return null;
        });
    }

    /** The online connections of a user. */
    public List<OnlineSession> of(String uid) {
        return directory.of(uid);
    }

    /** Sessions open now. */
    public int openSessions() {
        return open.size();
    }

    /** Tells every client that the server goes away. */
    public void announceStop(int reconnectAfterMillis) {
        Notice notice = new Notice.GoingAway(reconnectAfterMillis);
        open.keySet().forEach(connection -> downlink.notice(connection, notice));
    }

    CompletionStage<Void> startInbox(ClientSession session, boolean tracked) {
        ClientStreams started = session.streams(streams);
        if (started == null || !started.startInbox(tracked)) {
            return CompletableFuture.completedFuture(null);
        }
        return inbox.submit(session.connection(), () -> {
            started.beginInbox(room);
            return null;
        });
    }

    CompletionStage<Void> startGroups(ClientSession session, GroupSubscriptions interest) {
        ClientStreams started = session.streams(streams);
        if (started == null) {
            return CompletableFuture.completedFuture(null);
        }
        started.startGroups(interest);
        return inbox.submit(session.connection(), () -> {
            started.beginGroups(room);
            return null;
        });
    }

    CompletionStage<Void> keepFilters(ClientSession session, List<KeptSession.Filter> filters) {
        if (!session.kept()) {
            return CompletableFuture.completedFuture(null);
        }
        FencingEpoch asked = fencing.epoch();
        return logins.submit(session.uid(), () -> {
            synchronized (lockOf(session.device())) {
                fencing.require(asked);
                keep(session.device(), filters, session.login().sessionExpirySeconds(), clock.millis());
            }
            return null;
        });
    }

    private void touch(ClientSession session, long expirySeconds) {
        KeptSession kept = devices.find(session.device()).map(Device::kept).orElse(null);
        boolean takenOver = directory.of(session.uid()).stream()
                .anyMatch(online -> online.device().equals(session.device()));
        if (kept != null && !takenOver) {
            keep(session.device(), kept.filters(), expirySeconds, clock.millis());
        }
    }

    private void keep(DeviceKey device, List<KeptSession.Filter> filters, long expirySeconds, long now) {
        devices.keepSession(device, KeptSession.lasting(filters, expirySeconds, now), room, now);
    }

    private Object userLockOf(String uid) {
        return userLocks[stripeOf(uid)];
    }

    private static int stripeOf(String uid) {
        return Math.floorMod(uid.hashCode(), LOCKS);
    }

    private Object lockOf(DeviceKey device) {
        return deviceLocks[Math.floorMod(device.hashCode(), LOCKS)];
    }
}
