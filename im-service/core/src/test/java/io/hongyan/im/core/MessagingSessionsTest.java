package io.hongyan.im.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hongyan.im.core.feed.SessionEnd;
import io.hongyan.im.core.inbox.CloseReason;
import io.hongyan.im.core.inbox.Device;
import io.hongyan.im.core.inbox.Entry;
import io.hongyan.im.core.inbox.Event;
import io.hongyan.im.core.inbox.KeptSession;
import io.hongyan.im.core.inbox.Notice;
import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.message.StorageException;
import io.hongyan.im.core.session.ClientSession;
import io.hongyan.im.core.session.Login;
import io.hongyan.im.core.session.LoginAnswer;
import io.hongyan.im.core.session.Platform;
import io.hongyan.im.core.session.SessionCounter;
import io.hongyan.im.core.session.Sessions.Opened;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The core as a whole: logins, what is kept of them, and devices. */
@Timeout(60)
final class MessagingSessionsTest extends MessagingOnOneThread {
    @Test
    void aLoginOfTheSameClassTellsAndClosesTheOlderDevice() {
        ClientSession phone = online("bob", Platform.ANDROID, "old");
        ClientSession desktop = online("bob", Platform.LINUX, "desk");
        online("bob", Platform.IOS, "new");
        assertThat(clients.of(phone)).endsWith(new Notice.Kicked("ios:new", now), CloseReason.KICKED);
        assertThat(clients.of(desktop)).isEmpty();
        assertThat(messaging.sessions().logins().of("bob"))
                .extracting(session -> session.device().device())
                .containsExactly("linux:desk", "ios:new");
    }

    @Test
    void theSameDeviceReplacesItselfWithoutANotice() {
        ClientSession first = online("bob", Platform.ANDROID, "x");
        ClientSession second = online("bob", Platform.ANDROID, "x");
        assertThat(clients.of(first)).containsExactly(CloseReason.REPLACED);
        messaging.sessions().logins().close(first);
        assertThat(messaging.sessions().logins().of("bob"))
                .extracting(session -> session.connection())
                .containsExactly(second.connection());
    }

    @Test
    void aKeptSessionGoesOnWithItsFiltersUntilItExpires() {
        var filters = List.of(new KeptSession.Filter("u/bob/#", 1, 0));
        Opened first = login("bob", Platform.IOS, "c", false, 60);
        assertThat(first.sessionPresent()).isFalse();
        done(first.session().keepFilters(filters));
        messaging.sessions().logins().close(first.session());
        now += 59 * SECOND;
        Opened second = login("bob", Platform.IOS, "c", false, 60);
        assertThat(second.sessionPresent()).isTrue();
        assertThat(second.filters()).isEqualTo(filters);
        messaging.sessions().logins().close(second.session());
        now += 61 * SECOND;
        assertThat(login("bob", Platform.IOS, "c", false, 60).sessionPresent()).isFalse();
    }

    @Test
    void aNewUserIsStoredWithTheDeviceAndWhatIsKeptOfIt() {
        Opened first = login("zoe", Platform.IOS, "c", false, 60);
        assertThat(first.sessionPresent()).isFalse();
        assertThat(storage.ports().devices().find(first.session().device()))
                .map(Device::kept)
                .contains(new KeptSession(List.of(), now + 60 * SECOND));
        messaging.sessions().logins().close(first.session());
        assertThat(login("zoe", Platform.IOS, "c", false, 60).sessionPresent()).isTrue();

        Opened other = login("yan", Platform.IOS, "c", true, 0);
        assertThat(storage.ports().devices().find(other.session().device()))
                .contains(new Device(other.session().device(), 0, null));
    }

    @Test
    void aCleanStartForgetsTheFilters() {
        Opened first = login("bob", Platform.IOS, "c", false, 60);
        done(first.session().keepFilters(List.of(new KeptSession.Filter("u/bob/#", 1, 0))));
        messaging.sessions().logins().close(first.session());
        Opened second = login("bob", Platform.IOS, "c", true, 60);
        assertThat(second.sessionPresent()).isFalse();
        messaging.sessions().logins().close(second.session());
        Opened third = login("bob", Platform.IOS, "c", false, 60);
        assertThat(third.sessionPresent()).isTrue();
        assertThat(third.filters()).isEmpty();
    }

    @Test
    void aClientMayChangeHowLongItsSessionIsKeptWhenItLeaves() {
        Opened first = login("bob", Platform.IOS, "c", false, 60);
        messaging.sessions().logins().close(first.session(), 600, SessionEnd.BY_CLIENT);
        now += 599 * SECOND;
        Opened second = login("bob", Platform.IOS, "c", false, 60);
        assertThat(second.sessionPresent()).isTrue();
        messaging.sessions().logins().close(second.session(), 0, SessionEnd.BY_CLIENT);
        assertThat(login("bob", Platform.IOS, "c", false, 60).sessionPresent()).isFalse();
    }

    @Test
    void nothingIsKeptAfterALogout() {
        Opened first = login("bob", Platform.IOS, "c", false, 60);
        done(messaging.sessions().logins().logOut(first.session()));
        messaging.sessions().logins().close(first.session());
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
                .logins()
                .open(new Login(new ConnectionKey("g", 1), "bob", Platform.IOS, "c", true, 0, 10))
                .toCompletableFuture();
        assertThatThrownBy(login::join).hasCauseInstanceOf(StorageException.class);
        assertThat(messaging.sessions().logins().openSessions()).isZero();
    }

    @Test
    void aLoginWhoseClientDidNotWaitForItDisplacesNobody() {
        ClientSession bob = login("bob", Platform.ANDROID, "a", true, 0).session();
        Login late = new Login(new ConnectionKey("g", ++connections), "bob", Platform.IOS, "b", true, 0, 10);

        var login = messaging.sessions().logins().open(late, () -> false).toCompletableFuture();

        assertThatThrownBy(login::join).hasCauseInstanceOf(CancellationException.class);
        assertThat(messaging.sessions().logins().openSessions()).isEqualTo(1);
        assertThat(clients.of(bob)).isEmpty();
        assertThat(messaging.sessions().counters().value(SessionCounter.SESSIONS_UNWANTED))
                .isEqualTo(1);
    }

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
        assertThat(done(messaging.sessions().logins().open(late))).isEqualTo(new LoginAnswer.DevicesOnline(most));
        assertThat(messaging.sessions().counters().value(SessionCounter.LOGINS_REFUSED))
                .isEqualTo(1);

        // The one that was used least lately goes offline; the next one takes its place, and only its.
        messaging.sessions().logins().close(bobs.get(5));
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
        messaging.sessions().logins().close(newcomer);
        for (int i = 0; i < 2; i++) {
            ClientSession back = online("bob", Platform.IOT, "d5");
            assertThat(clients.of(back).get(0))
                    .isInstanceOfSatisfying(
                            Entry.OfEvent.class,
                            told -> assertThat(told.event()).isInstanceOf(Event.Trimmed.class));
            messaging.sessions().logins().close(back);
        }
        ClientSession back = online("bob", Platform.IOT, "d5");
        back.acknowledged(((Entry.OfEvent) clients.of(back).get(0)).seq());
        messaging.sessions().logins().close(back);
        messaging.flush();
        send(alice, "m3");
        assertThat(clients.of(online("bob", Platform.IOT, "d5")))
                .allMatch(Long.class::isInstance)
                .isNotEmpty();
    }

    @Test
    void everyClientIsToldThatTheServerStops() {
        ClientSession alice = online("alice", Platform.ANDROID, "a");
        messaging.sessions().logins().announceStop(500);
        assertThat(clients.of(alice)).containsExactly(new Notice.GoingAway(500));
    }
}
