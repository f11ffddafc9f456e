package io.hongyan.im.core.cluster;

import static io.hongyan.im.core.cluster.TwoNodes.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.inbox.CloseReason;
import io.hongyan.im.core.inbox.Notice;
import io.hongyan.im.core.session.ClientSession;
import io.hongyan.im.core.session.LoginAnswer;
import io.hongyan.im.core.session.OnlineSession;
import io.hongyan.im.core.session.Platform;
import io.hongyan.im.core.session.ReturnPause;
import io.hongyan.im.core.session.SessionLimits;
import io.hongyan.im.core.session.Sessions.Opened;
import io.hongyan.im.core.session.ThrowOut;
import io.hongyan.im.core.session.UserStanding;
import io.hongyan.im.core.session.UserStanding.State;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Users are thrown out and kept out, whatever node they are at. */
@Timeout(60)
final class ThrowOutTest {
    /** http.md: a change takes effect at all nodes within this time. */
    private static final long PROMISED_MILLIS = 5_000;

    private final TwoNodes nodes = new TwoNodes();
    private final TwoNodes.Node one = nodes.one;
    private final TwoNodes.Node two = nodes.two;
    private final long second = nodes.now / 1_000;

    @Test
    void aKickEndsTheSessionsOfAllNodesAndTheyMayComeBack() {
        ClientSession here = one.logIn("ann", Platform.IOS, "phone");
        ClientSession there = two.logIn("ann", Platform.WEB, "tab");
        ClientSession bob = two.logIn("bob", Platform.WEB, "tab");

        ThrowOut.Thrown thrown = done(one.messaging.sessions().throwOut().kick("ann", null, false))
                .orElseThrow();
        nodes.exchange();

        assertThat(thrown.online())
                .extracting(OnlineSession::connection)
                .containsExactly(here.connection(), there.connection());
        for (ClientSession ended : new ClientSession[] {here, there}) {
            assertThat(nodes.clients.of(ended, Object.class))
                    .containsExactly(new Notice.Ended(CloseReason.BY_OPERATOR, nodes.now), CloseReason.BY_OPERATOR);
        }
        assertThat(nodes.clients.of(bob, Object.class)).isEmpty();
        assertThat(two.open("ann", Platform.WEB, "tab", 0)).isInstanceOf(Opened.class);
    }

    @Test
    void aKickOfOneDeviceLeavesTheOthers() {
        ClientSession phone = two.logIn("ann", Platform.IOS, "phone");
        ClientSession tab = two.logIn("ann", Platform.WEB, "tab");

        done(one.messaging.sessions().throwOut().kick("ann", "web:tab", true));
        nodes.exchange();
        nodes.passes(ThrowOut.LOOK_MILLIS);

        assertThat(nodes.clients.of(tab, CloseReason.class)).containsExactly(CloseReason.TOKEN_REVOKED);
        assertThat(nodes.clients.of(phone, Object.class)).isEmpty();
        assertThat(one.open("ann", Platform.WEB, "tab", second)).isEqualTo(new LoginAnswer.TokenRevoked(second));
        assertThat(one.open("ann", Platform.WEB, "tab", second + 1)).isInstanceOf(Opened.class);
        assertThat(one.open("ann", Platform.IOS, "phone", second)).isInstanceOf(Opened.class);
    }

    @Test
    void aTokenOfTheSecondOfTheRevocationOrBeforeIsRefusedAndALaterOneIsNot() {
        one.open("ann", Platform.IOS, "phone", second - 10);
        done(two.messaging.sessions().throwOut().kick("ann", null, true));

        for (long issuedAt : new long[] {0, second - 10, second}) {
            assertThat(one.open("ann", Platform.IOS, "phone", issuedAt))
                    .isEqualTo(new LoginAnswer.TokenRevoked(second));
        }
        assertThat(one.open("ann", Platform.IOS, "phone", second + 1)).isInstanceOf(Opened.class);
        nodes.exchange();
    }

    @Test
    void aDisplacedDeviceWaitsButNotWithANewerToken() {
        one.open("ann", Platform.IOS, "phone", second - 10);
        one.open("ann", Platform.ANDROID, "other", second - 10);
        nodes.exchange();
        assertThat(two.open("ann", Platform.IOS, "phone", second - 10))
                .isEqualTo(new LoginAnswer.ReturnsTooSoon(ReturnPause.FIRST_MILLIS));
        assertThat(two.open("ann", Platform.IOS, "phone", second - 9)).isInstanceOf(Opened.class);
    }

    @Test
    void aSessionThatALostNoticeHasLeftIsEndedAllTheSame() {
        ClientSession old = ((Opened) two.open("ann", Platform.IOS, "phone", second - 1)).session();
        done(one.messaging.sessions().throwOut().kick("ann", null, true));
        one.takeTold();
        assertThat(nodes.clients.of(old, Object.class)).isEmpty();

        nodes.passes(ThrowOut.LOOK_MILLIS);

        assertThat(nodes.clients.of(old, CloseReason.class)).containsExactly(CloseReason.TOKEN_REVOKED);
        two.messaging.sessions().logins().close(old);
        ClientSession anew = ((Opened) two.open("ann", Platform.IOS, "phone", second + 1)).session();
        nodes.passes(ThrowOut.LOOK_MILLIS);
        assertThat(nodes.clients.of(anew, Object.class)).isEmpty();
    }

    /** The documented time has room for two looks: one may have begun just before the change. */
    @Test
    void whatALostNoticeHasLeftIsLookedForOftenEnough() {
        assertThat(two.messaging.tasks())
                .filteredOn(task -> task.name().equals("end sessions of barred users"))
                .singleElement()
                .satisfies(task -> assertThat(2 * task.periodMillis()).isLessThan(PROMISED_MILLIS));
    }

    @Test
    void aDisabledUserIsOutUntilEnabled() {
        ClientSession phone = two.logIn("ann", Platform.IOS, "phone");
        assertThat(done(one.messaging.sessions().throwOut().disable("ann"))
                        .orElseThrow()
                        .standing()
                        .state())
                .isEqualTo(State.DISABLED);
        one.takeTold();
        assertThat(two.open("ann", Platform.IOS, "phone", second + 5))
                .isEqualTo(new LoginAnswer.UserBarred(State.DISABLED));
        nodes.passes(ThrowOut.LOOK_MILLIS);
        assertThat(nodes.clients.of(phone, CloseReason.class)).containsExactly(CloseReason.USER_DISABLED);
        two.messaging.sessions().logins().close(phone);

        assertThat(done(two.messaging.sessions().throwOut().enable("ann"))).contains(UserStanding.GOOD);

        ClientSession again = ((Opened) two.open("ann", Platform.IOS, "phone", second)).session();
        nodes.passes(ThrowOut.LOOK_MILLIS);
        assertThat(nodes.clients.of(again, Object.class)).isEmpty();
    }

    @Test
    void whoDoesNotExistCannotBeThrownOut() {
        assertThat(done(one.messaging.sessions().throwOut().kick("nobody", null, true)))
                .isEqualTo(Optional.empty());
        assertThat(done(one.messaging.sessions().throwOut().disable("nobody"))).isEqualTo(Optional.empty());
        assertThat(nodes.storage.exists("nobody")).isFalse();
    }

    @Test
    void aSessionEndsWithItsTokenWhereThatIsWanted() {
        for (boolean wanted : new boolean[] {true, false}) {
            TwoNodes these = new TwoNodes(new SessionLimits(SessionLimits.DEFAULT.perClass(), 32, wanted));
            ClientSession soon = ((Opened) these.one.open("ann", Platform.IOS, "phone", second, second + 10)).session();
            ClientSession never = ((Opened) these.one.open("bob", Platform.IOS, "phone", second)).session();
            these.passes(9_999);
            assertThat(these.clients.of(soon, Object.class)).isEmpty();
            these.passes(1);
            these.passes(1);
            Object[] ended = {new Notice.Ended(CloseReason.TOKEN_EXPIRED, these.now - 1), CloseReason.TOKEN_EXPIRED};
            assertThat(these.clients.of(soon, Object.class)).containsExactly(wanted ? ended : new Object[0]);
            assertThat(these.clients.of(never, Object.class)).isEmpty();
        }
    }

    @Test
    void oneDeviceTooManyRevokesForAll() {
        UserStanding standing = UserStanding.GOOD;
        for (int i = 0; i < UserStanding.DEVICES_MAX; i++) {
            standing = standing.revoke("iot:" + i, 100);
        }
        assertThat(standing.revokes("web:tab", 100)).isFalse();
        standing = standing.revoke("iot:one-more", 200);
        assertThat(standing).isEqualTo(new UserStanding(State.ACTIVE, 200, Map.of()));
        assertThat(standing.revokes("web:tab", 200)).isTrue();
    }
}
