package io.hongyan.im.adapter.sql.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hongyan.im.adapter.mqtt.MessageChangeEncoder;
import io.hongyan.im.adapter.mqtt.MqttDownlink;
import io.hongyan.im.core.Dependencies;
import io.hongyan.im.core.Messaging;
import io.hongyan.im.core.MessagingLimits;
import io.hongyan.im.core.Storage;
import io.hongyan.im.core.feed.FeedOptions;
import io.hongyan.im.core.inbox.Device;
import io.hongyan.im.core.inbox.Devices.CursorMove;
import io.hongyan.im.core.inbox.GroupCursors.GroupCursorMove;
import io.hongyan.im.core.inbox.GroupSubscriptions;
import io.hongyan.im.core.inbox.KeptSession;
import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.StorageException;
import io.hongyan.im.core.receipt.Marks.Mark;
import io.hongyan.im.core.send.Appended;
import io.hongyan.im.core.send.Draft;
import io.hongyan.im.core.session.ClientSession;
import io.hongyan.im.core.session.LocalSessionDirectory;
import io.hongyan.im.core.session.Login;
import io.hongyan.im.core.session.LoginFacts;
import io.hongyan.im.core.session.Platform;
import io.hongyan.im.core.session.Sessions.Opened;
import io.hongyan.im.core.session.UserStanding;
import io.hongyan.starters.MariaDb;
import io.hongyan.starters.SqlServer;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a login, and the beginning of an inbox with nothing new in it, cost on one database: its parts, and the whole. */
@Tag("servers")
@Timeout(180)
class LoginStatementsTest {
    private static final long NOW = 1_800_000_000_000L;
    private static final DeviceKey PHONE = new DeviceKey("alice", "android:phone");

    private final SqlServer server = MariaDb.shared();
    private LostAnswers proxy;
    private ShardedStorage storage;
    private Storage ports;

    @BeforeEach
    void open() throws IOException {
        proxy = new LostAnswers(server.port(), true);
        storage = ShardedFixture.through(proxy, server, "statements_login");
        ports = storage.ports();
        ports.users().make("alice");
        ports.devices().register(PHONE, 32, NOW);
    }

    @AfterEach
    void close() throws IOException {
        storage.close();
        proxy.close();
    }

    /** With the commits. */
    private int statements(Runnable work) {
        proxy.lose(0);
        work.run();
        return proxy.statements();
    }

    @Test
    void aKnownUserAndTheDeviceAreReadByOneStatement() {
        assertThat(statements(() -> assertThat(
                                ports.users().atLogin(PHONE).orElseThrow().device())
                        .isPresent()))
                .isEqualTo(1);
        assertThat(proxy.commits()).isZero();
    }

    @Test
    void aNewUserIsMadeWithTheDeviceByOneTransaction() {
        DeviceKey device = new DeviceKey("bob", "android:phone");
        KeptSession kept = new KeptSession(List.of(), NOW + 1);

        assertThat(statements(() -> assertThat(ports.users().atLogin(device)).isEmpty()))
                .isEqualTo(1);
        assertThat(cost(() -> ports.users().makeWithDevice(device, kept, NOW))).isEqualTo(new Cost(5, 1));
        assertThat(cost(() -> ports.users().make("carol"))).isEqualTo(new Cost(5, 1));
    }

    @Test
    void aNewUserWhoseCommitIsNotAnsweredIsMadeOnce() {
        DeviceKey device = new DeviceKey("bob", "android:phone");

        proxy.lose(1);
        assertThatThrownBy(() -> ports.users().makeWithDevice(device, null, NOW))
                .isInstanceOf(StorageException.class);
        proxy.lose(0);

        LoginFacts stored =
                new LoginFacts(UserStanding.GOOD, Optional.of(new Device(device, 0, null)), Set.of("android:phone"));
        assertThat(ports.users().makeWithDevice(device, null, NOW)).contains(stored);
        assertThat(ports.users().atLogin(device)).contains(stored);
        assertThat(ports.inbox().head("bob")).isZero();
    }

    @Test
    void aDeviceThatHasMissedNothingBeginsWithoutATransaction() {
        assertThat(statements(() -> ports.devices().find(PHONE))).isEqualTo(1);
        assertThat(statements(() -> ports.inbox().read("alice", 0, 100, 1_000_000)))
                .isEqualTo(1);
        assertThat(statements(() -> ports.groupCursors().find(PHONE))).isEqualTo(1);
        assertThat(statements(() -> ports.groups().groupsOf("alice", "", true, 100)))
                .isEqualTo(1);
    }

    /** Many more than a statement each would be. */
    private static final int MANY = 300;

    private static Draft directMessage(String from, String to) {
        return new Draft(Conversation.direct(from, to), from, "android:phone", "id", new byte[] {1});
    }

    @Test
    void marksAndCursorsAreFlushedTogether() {
        List<Draft> drafts = new ArrayList<>();
        List<Mark> marks = new ArrayList<>();
        List<CursorMove> cursors = new ArrayList<>();
        List<GroupCursorMove> groupCursors = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            DeviceKey device = new DeviceKey("user" + i, "ios:phone");
            ports.users().makeWithDevice(device, null, NOW);
            drafts.add(directMessage("alice", device.uid()));
            marks.add(new Mark(device.uid(), drafts.get(i).conversation(), 1, 1, 1));
            cursors.add(new CursorMove(device, 1));
            groupCursors.add(new GroupCursorMove(device, "g", 1));
        }
        for (List<Draft> some : NumberRows.parts(drafts, 100)) {
            assertThat(ports.log().append(some, NOW)).allMatch(Appended.Stored.class::isInstance);
        }

        Cost ofMarks = cost(() -> assertThat(ports.marks().raise(marks).items()).isEmpty());
        Cost ofCursors = cost(() ->
                assertThat(ports.devices().moveCursors(cursors, NOW).items()).isEmpty());
        Cost ofGroupCursors = cost(() -> ports.groupCursors().move(groupCursors));
        Cost ofReadEvents = cost(() ->
                assertThat(ports.marks().appendReadEvents(marks).positions()).hasSize(MANY));

        // Hold the slots, all rows by one command, commit; for marks before that the ids of their users.
        assertThat(List.of(ofMarks, ofCursors, ofGroupCursors))
                .containsExactly(new Cost(4, 1), new Cost(3, 1), new Cost(3, 1));
        assertThat(ofReadEvents.statements()).isLessThan(15);
        for (int i = 0; i < MANY; i++) {
            DeviceKey device = cursors.get(i).key();
            assertThat(ports.marks().find(device.uid(), drafts.get(i).conversation()))
                    .isEqualTo(marks.get(i));
            assertThat(ports.devices().find(device)).map(Device::cursor).contains(1L);
            assertThat(ports.groupCursors().find(device)).containsEntry("g", 1L);
        }
    }

    /** @param statements with the commits */
    private record Cost(int statements, int transactions) {}

    private Cost cost(Runnable work) {
        return new Cost(statements(work), proxy.commits());
    }

    private Opened logIn(Messaging messaging, String uid) {
        Login login = new Login(new ConnectionKey("gate-of-" + uid, 1), uid, Platform.ANDROID, "phone", true, 0, 100);
        var answer = messaging.sessions().logins().open(login).toCompletableFuture();
        try {
            messaging.feed().eventWriter().runOnce(0);
        } catch (InterruptedException unexpected) {
            throw new AssertionError(unexpected);
        }
        assertThat(answer).isCompleted();
        return (Opened) answer.join();
    }

    private static void subscribe(ClientSession session) {
        assertThat(session.startInbox(true)).isCompleted();
        assertThat(session.startGroups(group -> GroupSubscriptions.Subscription.TRACKED))
                .isCompleted();
    }

    @Test
    void aWholeLoginWritesItsEventAndWhatIsNewOnly() {
        Messaging messaging = new Messaging(
                Dependencies.alone(
                        ports,
                        new LocalSessionDirectory(),
                        new MqttDownlink(),
                        change -> new byte[0],
                        new MessageChangeEncoder()),
                Runnable::run,
                InstantSource.fixed(Instant.ofEpochMilli(NOW)),
                millis -> {},
                MessagingLimits.DEFAULT.withFeed(FeedOptions.DEFAULT));
        List<ClientSession> opened = new ArrayList<>();

        Cost known = cost(() -> opened.add(logIn(messaging, "alice").session()));
        Cost knownSubscribes = cost(() -> subscribe(opened.get(0)));
        Cost made = cost(() -> opened.add(logIn(messaging, "bob").session()));
        Cost madeSubscribes = cost(() -> subscribe(opened.get(1)));

        assertThat(List.of(known, knownSubscribes, made, madeSubscribes))
                .containsExactly(new Cost(3, 1), new Cost(4, 0), new Cost(8, 2), new Cost(4, 0));
    }
}
