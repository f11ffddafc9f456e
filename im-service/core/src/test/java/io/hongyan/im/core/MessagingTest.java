package io.hongyan.im.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hongyan.im.core.feed.SessionEnd;
import io.hongyan.im.core.inbox.CloseReason;
import io.hongyan.im.core.inbox.Downlink;
import io.hongyan.im.core.inbox.Entry;
import io.hongyan.im.core.inbox.EntryStream;
import io.hongyan.im.core.inbox.Event;
import io.hongyan.im.core.inbox.HeldPushes;
import io.hongyan.im.core.inbox.InboxPage;
import io.hongyan.im.core.inbox.KeptSession;
import io.hongyan.im.core.inbox.Notice;
import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.Refusal;
import io.hongyan.im.core.message.StorageException;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.send.SendOutcome;
import io.hongyan.im.core.session.ClientSession;
import io.hongyan.im.core.session.LocalSessionDirectory;
import io.hongyan.im.core.session.Login;
import io.hongyan.im.core.session.LoginAnswer;
import io.hongyan.im.core.session.Platform;
import io.hongyan.im.core.session.Sessions.Opened;
import io.hongyan.im.core.simulation.InMemoryStorage;
import io.hongyan.im.core.sync.Answer;
import io.hongyan.im.core.sync.ConversationList;
import io.hongyan.im.core.sync.ReadHistory;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The core as a whole, on one thread. */
@Timeout(20)
final class MessagingTest {
    private static final long SECOND = 1_000;
    private static final Conversation CONVERSATION = Conversation.direct("alice", "bob");

    private final InMemoryStorage storage = new InMemoryStorage();
    private final Recorder clients = new Recorder();
    private long now = 1_000_000;
    private long connections;
    private Executor blocking = Runnable::run;
    private Messaging messaging = start();

    @Test
    void aMessageIsStoredAnsweredAndPushedToTheReceiverAndTheOtherDevicesOfTheSender() {
        ClientSession alice = online("alice", Platform.ANDROID, "a");
        ClientSession tablet = online("alice", Platform.WEB, "b");
        ClientSession bob = online("bob", Platform.IOS, "c");
        assertThat(send(alice, "m1")).isEqualTo(new SendOutcome.Stored(1, now, 1));
        assertThat(clients.pushed(alice)).isEmpty();
        assertThat(clients.pushed(tablet)).containsExactly(1L);
        assertThat(clients.pushed(bob)).containsExactly(1L);
        now += 30;
        bob.acknowledged(1);
        assertThat(messaging.counters().deliveryTimes.snapshot().sumNanos()).isEqualTo(30_000_000);
    }

    @Test
    void aResendReturnsTheFirstAnswerAndIsNotPushedAgain() {
        ClientSession alice = online("alice", Platform.ANDROID, "a");
        ClientSession bob = online("bob", Platform.IOS, "c");
        SendOutcome first = send(alice, "m1");
        now += SECOND;
        assertThat(send(alice, "m1")).isEqualTo(first);
        assertThat(clients.pushed(bob)).containsExactly(1L);
    }

    @Test
    void badMessagesAreRefused() {
        ClientSession alice = online("alice", Platform.ANDROID, "a");
        online("bob", Platform.IOS, "c");
        assertThat(send(alice, "")).isEqualTo(new SendOutcome.Refused(Refusal.MALFORMED));
        assertThat(send(alice, "has space")).isEqualTo(new SendOutcome.Refused(Refusal.MALFORMED));
        assertThat(send(alice, "x".repeat(65))).isEqualTo(new SendOutcome.Refused(Refusal.MALFORMED));
        assertThat(send(alice, "m", new byte[0])).isEqualTo(new SendOutcome.Refused(Refusal.MALFORMED));
        assertThat(send(alice, "m", new byte[(64 << 10) + 1])).isEqualTo(new SendOutcome.Refused(Refusal.TOO_LARGE));
        assertThat(sendTo(alice, Conversation.direct("alice", "nobody"), "m", new byte[1]))
                .isEqualTo(new SendOutcome.Refused(Refusal.UNKNOWN_CONVERSATION));
        assertThat(sendTo(alice, new Conversation(Conversation.Kind.GROUP, "g"), "m", new byte[1]))
                .isEqualTo(new SendOutcome.Refused(Refusal.UNKNOWN_CONVERSATION));
        assertThat(send(alice, "x".repeat(64))).isInstanceOf(SendOutcome.Stored.class);
    }

    @Test
    void theBacklogComesFirstAndTheCursorSurvivesARestart() {
        ClientSession alice = online("alice", Platform.ANDROID, "a");
        online("bob", Platform.IOS, "c");
        LongStream.rangeClosed(1, 3).forEach(i -> send(alice, "m" + i));
        ClientSession bob = online("bob", Platform.IOS, "c");
        assertThat(clients.pushed(bob)).containsExactly(1L, 2L, 3L);
        now += 60 * SECOND;
        bob.acknowledged(2);
        assertThat(messaging.counters().deliveryTimes.snapshot().count()).isZero();
        messaging.flush();
        messaging = start();
        ClientSession again = online("bob", Platform.IOS, "c");
        assertThat(clients.pushed(again)).containsExactly(3L);
    }

    @Test
    void aCursorThatIsNotWrittenYetCountsForTheNextConnection() {
        ClientSession alice = online("alice", Platform.ANDROID, "a");
        ClientSession bob = online("bob", Platform.IOS, "c");
        send(alice, "m1");
        bob.acknowledged(1);
        messaging.sessions().close(bob);
        assertThat(clients.pushed(online("bob", Platform.IOS, "c"))).isEmpty();
    }

    @Test
    void aNewDeviceStartsAfterWhatAnyDeviceHasAcknowledged() {
        ClientSession alice = online("alice", Platform.ANDROID, "a");
        ClientSession bob = online("bob", Platform.IOS, "c");
        send(alice, "m1");
        send(alice, "m2");
        bob.acknowledged(1);
        assertThat(clients.pushed(online("bob", Platform.WEB, "new"))).containsExactly(2L);
    }

    @Test
    void anInboxAtQos0LeavesTheCursorWhereItIs() {
        ClientSession alice = online("alice", Platform.ANDROID, "a");
        ClientSession bob = login("bob", Platform.IOS, "c", true, 0).session();
        done(bob.startInbox(false));
        send(alice, "m1");
        bob.acknowledged(1);
        messaging.flush();
        assertThat(clients.pushed(online("bob", Platform.IOS, "c"))).containsExactly(1L);
    }

    @Test
    void anInboxThatIsStoppedIsNotPushedAndCanBeStartedAgain() {
        ClientSession alice = online("alice", Platform.ANDROID, "a");
        ClientSession bob = online("bob", Platform.IOS, "c");
        bob.stopInbox();
        send(alice, "m1");
        assertThat(clients.pushed(bob)).isEmpty();
        done(bob.startInbox(true));
        assertThat(clients.pushed(bob)).containsExactly(1L);
    }

    @Test
    void aLoginOfTheSameClassTellsAndClosesTheOlderDevice() {
        ClientSession phone = online("bob", Platform.ANDROID, "old");
        ClientSession desktop = online("bob", Platform.LINUX, "desk");
        online("bob", Platform.IOS, "new");
        assertThat(clients.of(phone)).endsWith(new Notice.Kicked("ios:new", now), CloseReason.KICKED);
        assertThat(clients.of(desktop)).isEmpty();
        assertThat(messaging.sessions().of("bob"))
                .extracting(session -> session.device().device())
                .containsExactly("linux:desk", "ios:new");
    }

    @Test
    void theSameDeviceReplacesItselfWithoutANotice() {
        ClientSession first = online("bob", Platform.ANDROID, "x");
        ClientSession second = online("bob", Platform.ANDROID, "x");
        assertThat(clients.of(first)).containsExactly(CloseReason.REPLACED);
        messaging.sessions().close(first);
        assertThat(messaging.sessions().of("bob"))
                .extracting(session -> session.connection())
                .containsExactly(second.connection());
    }

    @Test
    void aKeptSessionGoesOnWithItsFiltersUntilItExpires() {
        var filters = List.of(new KeptSession.Filter("u/bob/#", 1, 0));
        Opened first = login("bob", Platform.IOS, "c", false, 60);
        assertThat(first.sessionPresent()).isFalse();
        done(first.session().keepFilters(filters));
        messaging.sessions().close(first.session());
        now += 59 * SECOND;
        Opened second = login("bob", Platform.IOS, "c", false, 60);
        assertThat(second.sessionPresent()).isTrue();
        assertThat(second.filters()).isEqualTo(filters);
        messaging.sessions().close(second.session());
        now += 61 * SECOND;
        assertThat(login("bob", Platform.IOS, "c", false, 60).sessionPresent()).isFalse();
    }

    @Test
    void aCleanStartForgetsTheFilters() {
        Opened first = login("bob", Platform.IOS, "c", false, 60);
        done(first.session().keepFilters(List.of(new KeptSession.Filter("u/bob/#", 1, 0))));
        messaging.sessions().close(first.session());
        Opened second = login("bob", Platform.IOS, "c", true, 60);
        assertThat(second.sessionPresent()).isFalse();
        messaging.sessions().close(second.session());
        Opened third = login("bob", Platform.IOS, "c", false, 60);
        assertThat(third.sessionPresent()).isTrue();
        assertThat(third.filters()).isEmpty();
    }

    @Test
    void aClientMayChangeHowLongItsSessionIsKeptWhenItLeaves() {
        Opened first = login("bob", Platform.IOS, "c", false, 60);
        messaging.sessions().close(first.session(), 600, SessionEnd.BY_CLIENT);
        now += 599 * SECOND;
        Opened second = login("bob", Platform.IOS, "c", false, 60);
        assertThat(second.sessionPresent()).isTrue();
        messaging.sessions().close(second.session(), 0, SessionEnd.BY_CLIENT);
        assertThat(login("bob", Platform.IOS, "c", false, 60).sessionPresent()).isFalse();
    }

    @Test
    void nothingIsKeptAfterALogout() {
        Opened first = login("bob", Platform.IOS, "c", false, 60);
        done(messaging.sessions().logOut(first.session()));
        messaging.sessions().close(first.session());
        assertThat(login("bob", Platform.IOS, "c", false, 60).sessionPresent()).isFalse();
    }

    @Test
    void aLoginFailsWhereTheStorageCannotTakeIt() {
        blocking = work -> {
            throw new RejectedExecutionException();
        };
        messaging = start();
        var login = messaging
                .sessions()
                .open(new Login(new ConnectionKey("g", 1), "bob", Platform.IOS, "c", true, 0, 10))
                .toCompletableFuture();
        assertThatThrownBy(login::join).hasCauseInstanceOf(StorageException.class);
        assertThat(messaging.sessions().openSessions()).isZero();
    }

    @Test
    void aLoginWhoseClientDidNotWaitForItDisplacesNobody() {
        ClientSession bob = login("bob", Platform.ANDROID, "a", true, 0).session();
        Login late = new Login(new ConnectionKey("g", ++connections), "bob", Platform.IOS, "b", true, 0, 10);

        var login = messaging.sessions().open(late, () -> false).toCompletableFuture();

        assertThatThrownBy(login::join).hasCauseInstanceOf(CancellationException.class);
        assertThat(messaging.sessions().openSessions()).isEqualTo(1);
        assertThat(clients.of(bob)).isEmpty();
        assertThat(messaging.counters().sessionsUnwanted.sum()).isEqualTo(1);
    }

    @Test
    void pullingAcknowledgesWhatCameBeforeAndEndsWithAnEmptyPage() {
        ClientSession alice = online("alice", Platform.ANDROID, "a");
        ClientSession bob = login("bob", Platform.IOS, "c", true, 0).session();
        LongStream.rangeClosed(1, 5).forEach(i -> send(alice, "m" + i));
        assertThat(pull(bob, 0, 3)).containsExactly(1L, 2L, 3L);
        assertThat(pull(bob, 3, 3)).containsExactly(4L, 5L);
        assertThat(pull(bob, 5, 3)).isEmpty();
        assertThat(pull(bob, 0, 1)).containsExactly(1L);
        done(bob.startInbox(true));
        assertThat(clients.pushed(bob)).isEmpty();
    }

    @Test
    void whatAPullAcknowledgesIsMarkedDelivered() {
        ClientSession alice = online("alice", Platform.ANDROID, "a");
        ClientSession bob = login("bob", Platform.IOS, "c", true, 0).session();
        LongStream.rangeClosed(1, 3).forEach(i -> send(alice, "m" + i));
        pull(bob, 0, 2);
        assertThat(conversations("alice", 0).items().get(0).peer().deliveredSeq())
                .isZero();
        pull(bob, 2, 2);
        assertThat(conversations("alice", 0).items().get(0).peer().deliveredSeq())
                .isEqualTo(2);
        runTasks();
        assertThat(clients.of(alice)).contains(new Notice.Receipt("bob", CONVERSATION, 2, 0));
    }

    @Test
    void aPullBeyondTheHeadDoesNotMoveTheCursorThere() {
        ClientSession alice = online("alice", Platform.ANDROID, "a");
        ClientSession bob = login("bob", Platform.IOS, "c", true, 0).session();
        assertThat(pull(bob, 1_000, 3)).isEmpty();
        send(alice, "m1");
        assertThat(pull(bob, 0, 3)).containsExactly(1L);
        done(bob.startInbox(true));
        assertThat(clients.pushed(bob)).containsExactly(1L);
    }

    @Test
    void negativeNumbersInAPullAreRefused() {
        ClientSession bob = online("bob", Platform.IOS, "c");
        assertThat(done(messaging.pullInbox().pull(bob.device(), -1, 3)))
                .isEqualTo(new Answer.Refused<InboxPage>(Refusal.MALFORMED));
        assertThat(done(messaging.pullInbox().pull(bob.device(), 0, -3)))
                .isEqualTo(new Answer.Refused<InboxPage>(Refusal.MALFORMED));
    }

    /** Whatever number a client gives, it is told of nothing trimmed, and nothing fails. */
    @Test
    void theHighestNumbersAreNumbersLikeOthers() {
        ClientSession alice = online("alice", Platform.ANDROID, "a");
        ClientSession bob = online("bob", Platform.IOS, "c");
        send(alice, "m1");
        for (long highest : new long[] {Long.MAX_VALUE, Long.MAX_VALUE - 1, 1L << 62, Integer.MAX_VALUE}) {
            assertThat(pull(bob, highest, 3)).isEmpty();
            assertThat(history(highest, 0, 2)).containsExactly(1L);
            assertThat(history(0, highest, 2)).isEmpty();
            assertThat(done(messaging.readReceipts().read("alice", CONVERSATION, highest)))
                    .isEqualTo(new Answer.Refused<>(Refusal.UNKNOWN_CONVERSATION));
            assertThat(done(messaging.listConversations().list("bob", highest, "", 0)))
                    .isInstanceOfSatisfying(
                            Answer.Given.class,
                            given -> assertThat(given.value())
                                    .isInstanceOfSatisfying(
                                            ConversationList.Page.class,
                                            page -> assertThat(page.items()).isEmpty()));
            assertThat(markRead(bob, highest)).isEqualTo(new Answer.Given<>(1L));
        }
        assertThat(pull(bob, 0, Integer.MAX_VALUE)).containsExactly(1L);
    }

    /** More devices than are kept: those that are online keep their places, and nobody misses anything without a sign. */
    @Test
    void anOnlineDeviceIsNeverForgottenAndOneThatWasIsTold() {
        int most = MessagingLimits.DEFAULT.sessions().devicesMax();
        ClientSession alice = online("alice", Platform.ANDROID, "a");
        List<ClientSession> bobs = new ArrayList<>();
        for (int i = 0; i < most; i++) {
            bobs.add(online("bob", Platform.IOT, "d" + i));
            now += SECOND;
        }
        send(alice, "m1");
        ConnectionKey another = new ConnectionKey("g", ++connections);
        Login late = new Login(another, "bob", Platform.IOT, "late", true, 0, 100);
        assertThat(done(messaging.sessions().open(late))).isEqualTo(new LoginAnswer.DevicesOnline(most));
        assertThat(messaging.counters().loginsRefused.sum()).isEqualTo(1);

        // The one that was used least lately goes offline; the next one takes its place, and only its.
        messaging.sessions().close(bobs.get(5));
        bobs.forEach(bob -> bob.acknowledged(1));
        messaging.flush();
        ClientSession newcomer = online("bob", Platform.IOT, "late");
        assertThat(clients.of(newcomer).get(0)).isEqualTo(new Entry.OfEvent(1, new Event.Trimmed(2)));
        newcomer.acknowledged(1);
        send(alice, "m2");
        assertThat(clients.pushed(newcomer)).containsExactly(1L, 2L);
        for (ClientSession bob : bobs) {
            assertThat(clients.pushed(bob))
                    .as(bob.device().device())
                    .containsSubsequence(bob == bobs.get(5) ? List.of(1L) : List.of(1L, 2L));
            assertThat(storage.ports().devices().find(bob.device()).isPresent()).isEqualTo(bob != bobs.get(5));
        }

        // It comes back when another one has gone, and learns that it has missed something; again until it has said so.
        messaging.sessions().close(newcomer);
        for (int i = 0; i < 2; i++) {
            ClientSession back = online("bob", Platform.IOT, "d5");
            assertThat(clients.of(back).get(0))
                    .isInstanceOfSatisfying(
                            Entry.OfEvent.class,
                            told -> assertThat(told.event()).isInstanceOf(Event.Trimmed.class));
            messaging.sessions().close(back);
        }
        ClientSession back = online("bob", Platform.IOT, "d5");
        back.acknowledged(((Entry.OfEvent) clients.of(back).get(0)).seq());
        messaging.sessions().close(back);
        messaging.flush();
        send(alice, "m3");
        assertThat(clients.of(online("bob", Platform.IOT, "d5")))
                .allMatch(Long.class::isInstance)
                .isNotEmpty();
    }

    @Test
    void aPageThatNoAnswerHasNamedIsRefused() {
        online("bob", Platform.IOS, "c");
        for (String page : new String[] {"x", "-1", "+1", "\u0661", "1 ", "9".repeat(19), "9".repeat(500), "1.0"}) {
            assertThat(done(messaging.listConversations().list("bob", 0, page, 0)))
                    .as(page)
                    .isEqualTo(new Answer.Refused<>(Refusal.MALFORMED));
        }
    }

    @Test
    void historyPagesBothWays() {
        ClientSession alice = online("alice", Platform.ANDROID, "a");
        online("bob", Platform.IOS, "c");
        LongStream.rangeClosed(1, 5).forEach(i -> send(alice, "m" + i));
        assertThat(history(0, 0, 2)).containsExactly(4L, 5L);
        assertThat(history(4, 0, 2)).containsExactly(2L, 3L);
        assertThat(history(0, 1, 2)).containsExactly(2L, 3L);
        assertThat(done(messaging.readHistory().read("alice", CONVERSATION, 1, 1, 0)))
                .isEqualTo(new Answer.Refused<ReadHistory.Page>(Refusal.MALFORMED));
    }

    @Test
    void aReadMarkReachesTheOwnDevicesAsAnEventAndTheOtherSideAsANotice() {
        ClientSession alice = online("alice", Platform.ANDROID, "a");
        ClientSession bob = online("bob", Platform.IOS, "c");
        ClientSession web = online("bob", Platform.WEB, "d");
        send(alice, "m1");
        send(alice, "m2");
        bob.acknowledged(2);
        assertThat(markRead(bob, 99)).isEqualTo(new Answer.Given<>(2L));
        runTasks();
        assertThat(clients.of(alice)).contains(new Notice.Receipt("bob", CONVERSATION, 2, 2));
        assertThat(clients.of(web)).contains(new Entry.OfEvent(3, new Event.ReadUpTo(CONVERSATION, 2)));
        assertThat(markRead(bob, 1)).isEqualTo(new Answer.Given<>(2L));
        runTasks();
        assertThat(clients.pushed(web)).containsExactly(1L, 2L, 3L);
    }

    @Test
    void readMarksOfUnknownConversationsAndOfNothingAreRefused() {
        ClientSession bob = online("bob", Platform.IOS, "c");
        assertThat(markRead(bob, 1)).isEqualTo(new Answer.Refused<Long>(Refusal.UNKNOWN_CONVERSATION));
        assertThat(markRead(bob, 0)).isEqualTo(new Answer.Refused<Long>(Refusal.MALFORMED));
    }

    @Test
    void theConversationListShowsUnreadAndThePeersMarksBeforeTheyAreWritten() {
        ClientSession alice = online("alice", Platform.ANDROID, "a");
        ClientSession bob = online("bob", Platform.IOS, "c");
        send(alice, "m1");
        send(alice, "m2");
        bob.acknowledged(1);
        ConversationList.Item ofBob = conversations("bob", 0).items().get(0);
        assertThat(ofBob.headSeq() - ofBob.mine().readSeq()).isEqualTo(2);
        ConversationList.Page ofAlice = conversations("alice", 0);
        assertThat(ofAlice.items().get(0).peer().deliveredSeq()).isEqualTo(1);
        assertThat(ofAlice.items().get(0).mine().readSeq()).isEqualTo(2);
        assertThat(conversations("alice", ofAlice.inboxHead()).items()).isEmpty();
        send(alice, "m3");
        assertThat(conversations("alice", ofAlice.inboxHead()).items()).hasSize(1);
    }

    @Test
    void aTypingSignalReachesTheOnlineDevicesOfTheOtherSideOnly() {
        ClientSession alice = online("alice", Platform.ANDROID, "a");
        ClientSession bob = online("bob", Platform.IOS, "c");
        messaging.sendSignal().typing("alice", CONVERSATION, true);
        assertThat(clients.of(bob)).containsExactly(new Notice.Typing("alice", CONVERSATION, true));
        assertThat(clients.of(alice)).isEmpty();
    }

    @Test
    void everyClientIsToldThatTheServerStops() {
        ClientSession alice = online("alice", Platform.ANDROID, "a");
        messaging.sessions().announceStop(500);
        assertThat(clients.of(alice)).containsExactly(new Notice.GoingAway(500));
    }

    private Messaging start() {
        return new Messaging(
                Surroundings.alone(
                        storage.ports(),
                        new LocalSessionDirectory(),
                        clients,
                        change -> change.toString().getBytes(StandardCharsets.UTF_8)),
                work -> blocking.execute(work),
                () -> Instant.ofEpochMilli(now),
                millis -> {},
                MessagingLimits.DEFAULT);
    }

    private Opened login(String uid, Platform platform, String device, boolean cleanStart, long expirySeconds) {
        ConnectionKey connection = new ConnectionKey("g", ++connections);
        return (Opened) done(messaging
                .sessions()
                .open(new Login(connection, uid, platform, device, cleanStart, expirySeconds, 100)));
    }

    private ClientSession online(String uid, Platform platform, String device) {
        ClientSession session = login(uid, platform, device, true, 0).session();
        done(session.startInbox(true));
        return session;
    }

    private SendOutcome send(ClientSession from, String id) {
        return send(from, id, new byte[10]);
    }

    private SendOutcome send(ClientSession from, String id, byte[] content) {
        return sendTo(from, CONVERSATION, id, content);
    }

    private SendOutcome sendTo(ClientSession from, Conversation to, String id, byte[] content) {
        var answer = messaging.sendMessage().send(from.origin(), from.device(), to, id, content);
        try {
            messaging.lane().runOnce(0);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
        return done(answer);
    }

    private List<Long> pull(ClientSession session, long after, int limit) {
        InboxPage page = given(done(messaging.pullInbox().pull(session.device(), after, limit)));
        return page.entries().stream().map(Entry::seq).toList();
    }

    private List<Long> history(long before, long after, int limit) {
        return given(done(messaging.readHistory().read("alice", CONVERSATION, before, after, limit)))
                .messages()
                .stream()
                .map(StoredMessage::seq)
                .toList();
    }

    private Answer<Long> markRead(ClientSession session, long seq) {
        return done(messaging.markRead().mark(session.uid(), CONVERSATION, seq));
    }

    private ConversationList.Page conversations(String uid, long afterVersion) {
        return given(done(messaging.listConversations().list(uid, afterVersion, "", 0)));
    }

    private void runTasks() {
        messaging.tasks().forEach(task -> task.work().run());
    }

    private static <T> T given(Answer<T> answer) {
        assertThat(answer).isInstanceOf(Answer.Given.class);
        return ((Answer.Given<T>) answer).value();
    }

    private static <T> T done(CompletionStage<T> stage) {
        assertThat(stage.toCompletableFuture()).isDone();
        return stage.toCompletableFuture().join();
    }

    /** Everything that was sent to each connection, in order; a pushed message stands as its number. */
    private static final class Recorder implements Downlink {
        private final Map<ConnectionKey, List<Object>> sent = new HashMap<>();

        List<Object> of(ClientSession session) {
            return sent.getOrDefault(session.connection(), List.of());
        }

        List<Long> pushed(ClientSession session) {
            return of(session).stream()
                    .filter(thing -> thing instanceof Long || thing instanceof Entry.OfEvent)
                    .map(thing -> thing instanceof Entry.OfEvent event ? Long.valueOf(event.seq()) : (Long) thing)
                    .toList();
        }

        private void add(ConnectionKey connection, Object thing) {
            sent.computeIfAbsent(connection, same -> new ArrayList<>()).add(thing);
        }

        @Override
        public OutgoingMessage prepare(StoredMessage message) {
            return (stream, seq) -> add(stream.connection(), seq);
        }

        @Override
        public Gathering gather() {
            return new HeldPushes(this::prepare);
        }

        @Override
        public void push(EntryStream stream, Entry.OfEvent entry) {
            add(stream.connection(), entry);
        }

        @Override
        public boolean notice(ConnectionKey connection, Notice notice) {
            add(connection, notice);
            return true;
        }

        @Override
        public void close(ConnectionKey connection, CloseReason reason) {
            add(connection, reason);
        }
    }
}
