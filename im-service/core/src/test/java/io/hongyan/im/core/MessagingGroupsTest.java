package io.hongyan.im.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.group.GroupChange;
import io.hongyan.im.core.group.GroupChange.Created;
import io.hongyan.im.core.group.GroupChange.Dissolved;
import io.hongyan.im.core.group.GroupChange.Left;
import io.hongyan.im.core.group.GroupChange.MembersAdded;
import io.hongyan.im.core.group.GroupChange.MembersRemoved;
import io.hongyan.im.core.group.GroupInfo;
import io.hongyan.im.core.group.GroupLimits;
import io.hongyan.im.core.inbox.CloseReason;
import io.hongyan.im.core.inbox.Downlink;
import io.hongyan.im.core.inbox.Entry;
import io.hongyan.im.core.inbox.EntryStream;
import io.hongyan.im.core.inbox.HeldPushes;
import io.hongyan.im.core.inbox.Notice;
import io.hongyan.im.core.message.Answer;
import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.Refusal;
import io.hongyan.im.core.message.SendOutcome;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.message.SystemUser;
import io.hongyan.im.core.receipt.Marks.EntryReceipts;
import io.hongyan.im.core.receipt.ReceiptLimits;
import io.hongyan.im.core.send.FanOut;
import io.hongyan.im.core.send.MessageLimits;
import io.hongyan.im.core.send.SendCounter;
import io.hongyan.im.core.session.ClientSession;
import io.hongyan.im.core.session.LocalSessionDirectory;
import io.hongyan.im.core.session.Login;
import io.hongyan.im.core.session.Platform;
import io.hongyan.im.core.session.Sessions;
import io.hongyan.im.core.simulation.InMemoryStorage;
import io.hongyan.im.core.simulation.PlainContents;
import io.hongyan.im.core.sync.ConversationList;
import io.hongyan.im.core.sync.ReadHistory;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Groups in the core as a whole, on one thread: up to 3 recipients inline, large above 6. */
@Timeout(60)
final class MessagingGroupsTest {
    private static final GroupLimits GROUPS = new GroupLimits(20, 10, 6, 3, 2, 500, 64, 2_000);
    private static final Conversation GROUP = Conversation.group("g");
    private static final DeviceKey BUSINESS = new DeviceKey(SystemUser.UID, SystemUser.DEVICE);
    private static final MessagingLimits LIMITS = MessagingLimits.DEFAULT
            .withMessages(new MessageLimits(1_000))
            .withGroups(GROUPS)
            .withReceipts(new ReceiptLimits(200_000, 1, 3));

    private final InMemoryStorage storage = new InMemoryStorage(GROUPS);
    private final Clients clients = new Clients();
    private final long now = 1_000_000;
    private final Messaging messaging = new Messaging(
            Dependencies.alone(
                    storage.ports(),
                    new LocalSessionDirectory(),
                    clients,
                    change -> change.toString().getBytes(StandardCharsets.UTF_8),
                    new PlainContents()),
            Runnable::run,
            () -> Instant.ofEpochMilli(now),
            millis -> {},
            LIMITS);
    private final FanOut fanOut = messaging.messages().newFanOut("worker");
    private long connections;
    private int requests;

    @BeforeEach
    void makeUsers() {
        List.of("ann", "bob", "cid", "dan", "eve", "fay", "gus", "hal").forEach(storage::ensure);
    }

    @Test
    void messageOfASmallGroupIsPushedToAllOthersAtOnce() {
        ClientSession ann = online("ann");
        ClientSession bob = online("bob");
        group("ann", "bob", "cid");

        assertThat(send(ann, "m1")).isEqualTo(new SendOutcome.Stored(2, 1, now, 2));

        assertThat(clients.pushed(ann)).containsExactly(1L);
        assertThat(clients.pushed(bob)).containsExactly(1L, 2L);
        assertThat(storage.head("cid")).isEqualTo(2);
    }

    @Test
    void messageOfAGroupAboveTheInlineLimitComesByFanOutToItsOwnConnectionToo() {
        ClientSession ann = online("ann");
        ClientSession bob = online("bob");
        ClientSession tablet = online("ann", Platform.WEB);
        group("ann", "bob", "cid", "dan");
        fanOutAll();

        assertThat(send(ann, "m1")).isEqualTo(new SendOutcome.Stored(2, 1, now, 0));
        assertThat(clients.pushed(bob)).containsExactly(1L);
        fanOutAll();

        assertThat(clients.pushed(bob)).containsExactly(1L, 2L);
        assertThat(clients.pushed(tablet)).containsExactly(1L, 2L);
        assertThat(clients.pushed(ann)).containsExactly(1L, 2L);
        assertThat(storage.head("dan")).isEqualTo(2);
        assertThat(messaging.messages().counters().value(SendCounter.FAN_OUT_ROWS))
                .isEqualTo(8);
    }

    @Test
    void sendersWaitWhileTooManyMessagesWaitForTheirInboxesAndAreRefusedFarAbove() {
        ClientSession ann = online("ann");
        group("ann", "bob", "cid", "dan");
        fanOutAll();
        for (int i = 0; i < GROUPS.fanOutWaitingMax() / 2; i++) {
            assertThat(sending(ann, "m" + i))
                    .as("half of the limit for one alone")
                    .isDone();
        }
        CompletableFuture<SendOutcome> last = sending(ann, "last");
        assertThat(last).isNotDone();
        for (int i = messaging.messages().fanOutBacklog().waiting(); i < 5 * GROUPS.fanOutWaitingMax() / 2; i++) {
            assertThat(sending(ann, "more" + i)).isNotDone();
        }

        assertThat(send(ann, "refused")).isEqualTo(new SendOutcome.Refused(Refusal.RATE_LIMITED));
        fanOutAll();

        assertThat(last).isDone();
        assertThat(messaging.messages().fanOutBacklog().waiting()).isZero();
        assertThat(messaging.messages().fanOutBacklog().answersHeld()).isZero();
        assertThat(send(ann, "refused")).isInstanceOf(SendOutcome.Stored.class);
        assertThat(messaging.messages().counters().value(SendCounter.SENDS_SHED))
                .isEqualTo(1);
    }

    @Test
    void messageByMarkerSentAgainIsPushedOnce() {
        ClientSession ann = online("ann");
        group("ann", "bob", "cid", "dan");
        SendOutcome first = send(ann, "m1");
        assertThat(send(ann, "m1")).isEqualTo(first);

        fanOutAll();

        assertThat(clients.pushed(ann)).containsExactly(1L, 2L);
    }

    @Test
    void joinerIsSentTheOwnJoiningAndNothingOlder() {
        ClientSession ann = online("ann");
        ClientSession bob = online("bob");
        group("ann");
        send(ann, "m1");
        change("ann", new MembersAdded(List.of("bob")));
        send(ann, "m2");

        assertThat(clients.messages(bob)).containsExactly(3L, 4L);
        assertThat(history("bob", 0, 0)).containsExactly(3L, 4L);
        assertThat(history("ann", 0, 0)).containsExactly(1L, 2L, 3L, 4L);
    }

    @Test
    void historyHasHolesWhereTheUserWasNoMember() {
        ClientSession ann = online("ann");
        group("ann", "bob");
        change("bob", new Left());
        send(ann, "m1");
        change("ann", new MembersAdded(List.of("bob")));
        send(ann, "m2");
        change("ann", new MembersRemoved(List.of("bob")));
        send(ann, "m3");

        assertThat(history("bob", 0, 0)).containsExactly(1L, 2L, 4L, 5L, 6L);
        assertThat(history("bob", 5, 0)).containsExactly(1L, 2L, 4L);
        assertThat(history("bob", 0, 1)).containsExactly(2L, 4L, 5L, 6L);
        assertThat(history("bob", 3, 0)).containsExactly(1L, 2L);
        assertThat(page("bob", 0, 0).headSeq()).isEqualTo(6);
        assertThat(refusal(messaging.sync().readHistory().read("cid", GROUP, 0, 0, 0)))
                .isEqualTo(Refusal.NOT_A_MEMBER);
        assertThat(refusal(messaging.sync().readHistory().read("cid", Conversation.group("h"), 0, 0, 0)))
                .isEqualTo(Refusal.UNKNOWN_CONVERSATION);
    }

    @Test
    void readMarksGoAsFarAsTheMembership() {
        ClientSession ann = online("ann");
        group("ann", "bob");
        change("bob", new Left());
        send(ann, "m1");

        assertThat(given(done(messaging.receipts().markRead().mark("bob", GROUP, 9))))
                .isEqualTo(2);
        assertThat(given(done(messaging.receipts().markRead().mark("ann", GROUP, 9))))
                .isEqualTo(3);
        assertThat(refusal(messaging.receipts().markRead().mark("cid", GROUP, 1)))
                .isEqualTo(Refusal.NOT_A_MEMBER);
    }

    @Test
    void groupsHaveMarksButNoNotices() {
        ClientSession ann = online("ann");
        ClientSession bob = online("bob");
        // Of this name there is a user, too.
        ClientSession other = online("g");
        group("ann", "bob");
        send(ann, "m1");
        bob.acknowledged(2);
        done(messaging.receipts().markRead().mark("bob", GROUP, 1));
        runTasks();

        assertThat(clients.notices(ann)).isEmpty();
        assertThat(clients.notices(other)).isEmpty();
        assertThat(storage.ports().marks().find("bob", GROUP).deliveredSeq()).isEqualTo(2);
        assertThat(storage.ports().marks().find("bob", GROUP).readSeq()).isEqualTo(1);
    }

    @Test
    void senderLearnsWhoHasReadTheMessage() {
        ClientSession ann = online("ann");
        ClientSession bob = online("bob");
        group("ann", "bob", "cid");
        send(ann, "m1");
        send(bob, "m2");
        bob.acknowledged(2);
        done(messaging.receipts().markRead().mark("bob", GROUP, 2));
        runTasks();

        assertThat(receipts("ann", 2)).isEqualTo(new Answer.Given<>(new EntryReceipts(2, 1, 1, List.of("bob"))));
        done(messaging.receipts().markRead().mark("cid", GROUP, 2));
        runTasks();
        assertThat(receipts("ann", 2))
                .as("more readers than are named")
                .isEqualTo(new Answer.Given<>(new EntryReceipts(2, 2, 2, List.of())));
        assertThat(receipts("bob", 2)).isEqualTo(new Answer.Refused<>(Refusal.NOT_ALLOWED));
        assertThat(receipts("ann", 99)).isEqualTo(new Answer.Refused<>(Refusal.UNKNOWN_CONVERSATION));
        assertThat(receipts("ann", 0)).isEqualTo(new Answer.Refused<>(Refusal.MALFORMED));
        assertThat(receipts("dan", 2)).isEqualTo(new Answer.Refused<>(Refusal.NOT_A_MEMBER));
    }

    @Test
    void receiptsOfAGroupWithTooManyMembersAreRefused() {
        ClientSession ann = online("ann");
        group("ann", "bob", "cid", "dan");
        send(ann, "m1");
        runTasks();

        assertThat(receipts("ann", 2)).isEqualTo(new Answer.Refused<>(Refusal.TOO_LARGE));
    }

    @Test
    void typingReachesTheOthersOfAGroupThatIsNotLarge() {
        ClientSession ann = online("ann");
        ClientSession bob = online("bob");
        ClientSession cid = online("cid");
        group("ann", "bob");
        messaging.sessions().sendSignal().send(new Notice.Typing("ann", GROUP, true));
        messaging.sessions().sendSignal().send(new Notice.Typing("cid", GROUP, true));
        messaging.sessions().sendSignal().send(new Notice.Typing("ann", Conversation.group("h"), true));

        assertThat(clients.notices(bob)).containsExactly(new Notice.Typing("ann", GROUP, true));
        assertThat(clients.notices(ann)).isEmpty();
        assertThat(clients.notices(cid)).isEmpty();
    }

    @Test
    void groupThatOutgrowsBecomesLargeOnce() {
        ClientSession ann = online("ann");
        group("ann", "bob", "cid", "dan", "eve", "fay");
        change("ann", new MembersAdded(List.of("gus")));
        lane();
        GroupInfo info = storage.ports().groups().find("g").orElseThrow();
        assertThat(info.largeSeq()).isEqualTo(3);
        change("ann", new MembersAdded(List.of("hal")));
        lane();
        send(ann, "m1");
        lane();
        fanOutAll();

        assertThat(storage.head(GROUP)).isEqualTo(5);
        assertThat(storage.head("bob")).isEqualTo(3);
        assertThat(storage.head("hal")).isEqualTo(1);
        assertThat(messaging.messages().counters().value(SendCounter.GROUP_ENTRIES_BY_STREAM))
                .isEqualTo(2);
    }

    @Test
    void listShowsGroupsFromTheJoining() {
        ClientSession ann = online("ann");
        group("ann");
        send(ann, "m1");
        change("ann", new MembersAdded(List.of("bob")));
        send(ann, "m2");
        messaging.flush();

        ConversationList.Item ofBob = given(
                        done(messaging.sync().listConversations().list("bob", 0, "", 0)))
                .items()
                .get(0);
        ConversationList.Item ofAnn = given(
                        done(messaging.sync().listConversations().list("ann", 0, "", 0)))
                .items()
                .get(0);
        assertThat(ofBob.unread()).isEqualTo(1);
        assertThat(ofAnn.unread()).isZero();
    }

    @Test
    void changesAreCheckedAndRepeatable() {
        SendOutcome first = change(BUSINESS, "g", "r1", new Created("ann", "n", false, 0, List.of("bob")));
        assertThat(first).isEqualTo(new SendOutcome.Stored(1, 0, now, 0));
        assertThat(change(BUSINESS, "g", "r1", new Created("ann", "n", false, 0, List.of("bob"))))
                .isEqualTo(first);
        assertThat(change(BUSINESS, "g/h", "r1", new Dissolved())).isEqualTo(refused(Refusal.MALFORMED));
        assertThat(change(BUSINESS, "g", "", new Dissolved())).isEqualTo(refused(Refusal.MALFORMED));
        assertThat(change(BUSINESS, "h", "r1", new Dissolved())).isEqualTo(refused(Refusal.UNKNOWN_CONVERSATION));
        assertThat(change(new DeviceKey("bob", "web:b"), "g", "r2", new Dissolved()))
                .isEqualTo(refused(Refusal.NOT_ALLOWED));
    }

    @Test
    void outsidersAndClientsOfOtherKindsAreRefused() {
        ClientSession cid = online("cid");
        group("ann", "bob");

        assertThat(send(cid, "m1")).isEqualTo(refused(Refusal.NOT_A_MEMBER));
        assertThat(sendTo(cid, Conversation.group("h"))).isEqualTo(refused(Refusal.UNKNOWN_CONVERSATION));
        assertThat(sendTo(cid, Conversation.system("news", "cid"))).isEqualTo(refused(Refusal.UNKNOWN_CONVERSATION));
    }

    private void group(String owner, String... members) {
        assertThat(change(owner, new Created(owner, "name", false, 0, List.of(members))))
                .isInstanceOf(SendOutcome.Stored.class);
    }

    private SendOutcome change(String actor, GroupChange change) {
        return change(new DeviceKey(actor, "web:b"), "g", "change-" + ++requests, change);
    }

    private SendOutcome change(DeviceKey actor, String group, String requestId, GroupChange change) {
        var answer = messaging.groups().changeGroup().change(actor, group, requestId, change);
        lane();
        return done(answer);
    }

    private SendOutcome send(ClientSession from, String id) {
        return done(sending(from, id));
    }

    private CompletableFuture<SendOutcome> sending(ClientSession from, String id) {
        var answer = messaging.messages().sendMessage().send(from.origin(), from.device(), GROUP, id, new byte[10], 0);
        lane();
        return answer.toCompletableFuture();
    }

    private SendOutcome sendTo(ClientSession from, Conversation to) {
        var answer = messaging.messages().sendMessage().send(from.origin(), from.device(), to, "m", new byte[10], 0);
        lane();
        return done(answer);
    }

    private void lane() {
        try {
            messaging.messages().lane().runOnce(0);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private void fanOutAll() {
        try {
            fanOut.wake();
            while (fanOut.runOnce(0)) {
                // There may be more.
            }
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private ReadHistory.Page page(String uid, long before, long after) {
        return given(done(messaging.sync().readHistory().read(uid, GROUP, before, after, 0)));
    }

    private List<Long> history(String uid, long before, long after) {
        return page(uid, before, after).messages().stream()
                .map(StoredMessage::seq)
                .toList();
    }

    private Answer<EntryReceipts> receipts(String uid, long seq) {
        return done(messaging.receipts().readReceipts().read(uid, GROUP, seq));
    }

    private ClientSession online(String uid) {
        return online(uid, Platform.ANDROID);
    }

    private ClientSession online(String uid, Platform platform) {
        ConnectionKey connection = new ConnectionKey("g", ++connections);
        Sessions.Opened opened = (Sessions.Opened)
                done(messaging.sessions().logins().open(new Login(connection, uid, platform, "device", true, 0, 100)));
        ClientSession session = opened.session();
        done(session.startInbox(true));
        return session;
    }

    private void runTasks() {
        messaging.tasks().forEach(task -> task.work().run());
    }

    private static SendOutcome refused(Refusal refusal) {
        return new SendOutcome.Refused(refusal);
    }

    private static <T> Refusal refusal(CompletionStage<Answer<T>> stage) {
        assertThat(done(stage)).isInstanceOf(Answer.Refused.class);
        return ((Answer.Refused<T>) done(stage)).refusal();
    }

    private static <T> T given(Answer<T> answer) {
        assertThat(answer).isInstanceOf(Answer.Given.class);
        return ((Answer.Given<T>) answer).value();
    }

    private static <T> T done(CompletionStage<T> stage) {
        assertThat(stage.toCompletableFuture()).isDone();
        return stage.toCompletableFuture().join();
    }

    /** Everything that was sent to each connection, in order. */
    private static final class Clients implements Downlink {
        private record Pushed(long inboxSeq, long seq) {}

        private final Map<ConnectionKey, List<Object>> sent = new HashMap<>();

        private <T> List<T> of(ClientSession session, Class<T> kind) {
            return sent.getOrDefault(session.connection(), List.of()).stream()
                    .filter(kind::isInstance)
                    .map(kind::cast)
                    .toList();
        }

        List<Long> pushed(ClientSession session) {
            return of(session, Pushed.class).stream().map(Pushed::inboxSeq).toList();
        }

        List<Long> messages(ClientSession session) {
            return of(session, Pushed.class).stream().map(Pushed::seq).toList();
        }

        List<Notice> notices(ClientSession session) {
            return of(session, Notice.class);
        }

        private void add(ConnectionKey connection, Object thing) {
            sent.computeIfAbsent(connection, same -> new ArrayList<>()).add(thing);
        }

        @Override
        public OutgoingMessage prepare(StoredMessage message) {
            return (stream, seq) -> add(stream.connection(), new Pushed(seq, message.seq()));
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
