package io.hongyan.im.core.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.session.OnlineSession;
import io.hongyan.im.core.session.Platform;
import io.hongyan.im.core.session.SessionDirectory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a {@link SessionDirectory} promises, as one node sees it. */
@Timeout(60)
public abstract class SessionDirectoryContract {
    private SessionDirectory directory;
    private long connections = 1_000;

    /** An empty one. */
    protected abstract SessionDirectory newDirectory() throws Exception;

    @BeforeEach
    void open() throws Exception {
        directory = newDirectory();
    }

    @Test
    void aLoginOfTheSameClassDisplacesTheOlderOne() {
        OnlineSession android = session(1, Platform.ANDROID, "a");
        OnlineSession ios = session(2, Platform.IOS, "b");
        assertThat(directory.claim(android, 1)).isEmpty();
        assertThat(directory.claim(ios, 1)).containsExactly(android);
        assertThat(directory.of("alice")).containsExactly(ios);
    }

    @Test
    void differentClassesStayBesideEachOther() {
        OnlineSession phone = session(1, Platform.ANDROID, "a");
        OnlineSession desktop = session(2, Platform.LINUX, "a");
        OnlineSession web = session(3, Platform.WEB, "a");
        directory.claim(phone, 1);
        directory.claim(desktop, 1);
        assertThat(directory.claim(web, 1)).isEmpty();
        assertThat(directory.of("alice")).containsExactly(phone, desktop, web);
    }

    @Test
    void theOldestOnesAboveTheNumberOfTheClassGo() {
        List<OnlineSession> sessions = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            sessions.add(session(i, Platform.WEB, "tab" + i));
            assertThat(directory.claim(sessions.get(i - 1), 3)).isEmpty();
        }
        OnlineSession newest = session(4, Platform.WEB, "tab4");
        assertThat(directory.claim(newest, 2)).containsExactly(sessions.get(0), sessions.get(1));
        assertThat(directory.of("alice")).containsExactly(sessions.get(2), newest);
    }

    @Test
    void theSameDeviceIsDisplacedEvenWhereAnyNumberMayStay() {
        OnlineSession before = session(1, Platform.IOT, "lamp");
        OnlineSession beside = session(2, Platform.IOT, "fridge");
        OnlineSession again = session(3, Platform.IOT, "lamp");
        directory.claim(before, 0);
        directory.claim(beside, 0);
        assertThat(directory.claim(again, 0)).containsExactly(before);
        assertThat(directory.of("alice")).containsExactly(beside, again);
    }

    @Test
    void theEndOfADisplacedConnectionLeavesTheNewerOne() {
        OnlineSession before = session(1, Platform.IOS, "a");
        OnlineSession again = session(2, Platform.IOS, "a");
        directory.claim(before, 1);
        directory.claim(again, 1);
        directory.release("alice", before.connection());
        assertThat(directory.of("alice")).containsExactly(again);
        directory.release("alice", again.connection());
        assertThat(directory.of("alice")).isEmpty();
    }

    @Test
    void ofLoginsAtTheSameMomentExactlyOneStays() throws Exception {
        var threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<List<OnlineSession>>> logins = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                OnlineSession login = session(i, Platform.ANDROID, "d" + i);
                logins.add(() -> directory.claim(login, 1));
            }
            int displaced = 0;
            for (var done : threads.invokeAll(logins)) {
                displaced += done.get().size();
            }
            assertThat(displaced).isEqualTo(399);
            assertThat(directory.of("alice")).hasSize(1);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void whatWasHeardOfASessionIsSeenAndNeverGoesBack() {
        OnlineSession phone = session(1, Platform.ANDROID, "a");
        OnlineSession web = session(2, Platform.WEB, "a");
        directory.claim(phone, 1);
        directory.claim(web, 1);

        directory.lastSeen(List.of(
                new SessionDirectory.LastSeen("alice", phone.connection(), 900),
                new SessionDirectory.LastSeen("alice", new ConnectionKey("gone", 1), 901),
                new SessionDirectory.LastSeen("nobody", phone.connection(), 902)));
        directory.lastSeen(List.of(new SessionDirectory.LastSeen("alice", phone.connection(), 800)));

        assertThat(directory.of("alice"))
                .extracting(OnlineSession::lastPacketAtMillis)
                .containsExactly(900L, web.loginAtMillis());
        assertThat(directory.of("nobody")).isEmpty();
    }

    @Test
    void ownSessionsAreHereAndNowhereElse() {
        OnlineSession phone = session(1, Platform.ANDROID, "a");
        OnlineSession other = session(2, Platform.IOS, "b");
        directory.claim(phone, 1);
        assertThat(directory.here("alice")).containsExactly(phone);
        assertThat(directory.here("nobody")).isEmpty();
        assertThat(directory.onlineElsewhere(List.of("alice", "nobody"))).isEmpty();
        directory.claim(other, 1);
        assertThat(directory.here("alice")).containsExactly(other);
        directory.release("alice", other.connection());
        assertThat(directory.here("alice")).isEmpty();
    }

    @Test
    void whatStandsInNamesDoesNotMatter() {
        String odd = "|{}\"\\ \n\u00e9\u9d3b";
        DeviceKey device = new DeviceKey(odd, "web:" + odd);
        OnlineSession one = new OnlineSession(new ConnectionKey("gate/" + odd, 7), device, Platform.WEB, 5);
        OnlineSession two = new OnlineSession(new ConnectionKey("gate/" + odd, 8), device, Platform.WEB, 6);
        directory.claim(one, 1);
        assertThat(directory.of(odd)).containsExactly(one);
        assertThat(directory.claim(two, 1)).containsExactly(one);
        directory.release(odd, two.connection());
        assertThat(directory.of(odd)).isEmpty();
    }

    @Test
    void aSessionThatIsClaimedAgainTakesThePlaceOfItsLogin() {
        OnlineSession first = session(1, Platform.ANDROID, "a");
        OnlineSession second = session(2, Platform.IOS, "b");
        OnlineSession third = session(3, Platform.ANDROID, "c");
        OnlineSession web = session(9, Platform.WEB, "w");
        directory.claim(web, 1);
        assertThat(directory.reclaim(second, 1, 0)).isEmpty();
        assertThat(directory.reclaim(first, 1, 0)).containsExactly(first);
        assertThat(directory.of("alice")).containsExactly(second, web);
        assertThat(directory.reclaim(third, 1, 0)).containsExactly(second);
        assertThat(directory.of("alice")).containsExactly(third, web);
    }

    @Test
    void ofOneDeviceTheLaterLoginStaysWhicheverIsClaimedFirst() {
        OnlineSession before = session(1, Platform.IOT, "lamp");
        OnlineSession after = session(2, Platform.IOT, "lamp");
        assertThat(directory.reclaim(after, 0, 0)).isEmpty();
        assertThat(directory.reclaim(before, 0, 0)).containsExactly(before);
        assertThat(directory.of("alice")).containsExactly(after);
    }

    @Test
    void theStampOfALoginCountsAndNotTheClockOfTheNodeThatGrantedIt() {
        OnlineSession newer = session(2, Platform.IOS, "b");
        directory.claim(newer, 1);
        long stamp = directory.stamp("alice", newer.connection());
        assertThat(stamp).isPositive();
        assertThat(directory.stamp("alice", new ConnectionKey("g", 77))).isZero();
        // By a clock that was far ahead.
        OnlineSession older = session(1_000_000, Platform.ANDROID, "a");
        assertThat(directory.reclaim(older, 1, stamp - 1)).containsExactly(older);
        OnlineSession newest = session(1, Platform.ANDROID, "c");
        assertThat(directory.reclaim(newest, 1, stamp + 1)).containsExactly(newer);
        assertThat(directory.of("alice")).containsExactly(newest);
    }

    private static final long START = 1_700_000_000_000L;
    private static final long SECOND = 1_000;
    private static final DeviceKey PHONE = new DeviceKey("alice", "android:a");
    private static final DeviceKey TABLET = new DeviceKey("alice", "ios:b");

    /** Logs in where it has not to wait. */
    private long comes(DeviceKey device, long issuedAt, long now) {
        long millis = directory.returning(device, issuedAt, now);
        if (millis == 0) {
            Platform platform = device.equals(PHONE) ? Platform.ANDROID : Platform.IOS;
            ConnectionKey connection = new ConnectionKey("g", ++connections);
            directory.claim(new OnlineSession(connection, device, platform, now, now, issuedAt), 1);
        }
        return millis;
    }

    @Test
    void whoWasDisplacedWaitsWithTheSameTokenAndNotWithANewerOne() {
        comes(PHONE, 100, START);
        assertThat(comes(TABLET, 100, START + SECOND)).isZero();
        assertThat(comes(PHONE, 100, START + SECOND)).isEqualTo(5 * SECOND);
        assertThat(comes(PHONE, 99, START + 3 * SECOND)).isEqualTo(3 * SECOND);
        assertThat(comes(PHONE, 0, START + 5 * SECOND)).isEqualTo(SECOND);
        assertThat(directory.returning(new DeviceKey("bob", PHONE.device()), 1, START + 5 * SECOND))
                .isZero();
        assertThat(comes(PHONE, 101, START + 5 * SECOND)).isZero();
        assertThat(comes(TABLET, 100, START + 5 * SECOND)).isEqualTo(5 * SECOND);
        assertThat(comes(TABLET, 100, START + 10 * SECOND)).isZero();
    }

    @Test
    void aDeviceThatComesAgainItselfDoesNotWait() {
        comes(PHONE, 100, START);
        assertThat(comes(PHONE, 100, START + 1)).isZero();
        assertThat(comes(PHONE, 100, START + 2)).isZero();
    }

    /** Each tries every second, as stock clients do. */
    @Test
    void aFightOfTwoStockClientsDiesDown() {
        List<Long> pauses = new ArrayList<>();
        DeviceKey online = PHONE;
        comes(PHONE, 100, START);
        comes(TABLET, 100, START + 1);
        online = TABLET;
        long wait = 0;
        for (int second = 1; second < 3_600; second++) {
            DeviceKey other = online.equals(PHONE) ? TABLET : PHONE;
            long millis = comes(other, 100, START + second * SECOND);
            if (wait == 0) {
                pauses.add(millis / SECOND);
            }
            wait = millis;
            if (millis == 0) {
                online = other;
            }
        }
        assertThat(pauses.get(0)).isBetween(4L, 5L);
        assertThat(pauses.subList(0, 4)).allMatch(seconds -> seconds <= 10);
        assertThat(pauses).hasSizeBetween(15, 30);
        assertThat(pauses.subList(pauses.size() - 5, pauses.size())).allMatch(seconds -> seconds >= 298);
        assertThat(comes(online.equals(PHONE) ? TABLET : PHONE, 200, START + 3_600 * SECOND))
                .isZero();
    }

    @Test
    void whoChangesDevicesByHandNeverWaitsLongerThanAtFirst() {
        comes(PHONE, 100, START);
        long now = START;
        for (int i = 0; i < 10; i++) {
            DeviceKey next = i % 2 == 0 ? TABLET : PHONE;
            now += 90 * SECOND;
            assertThat(comes(next, 100, now)).isZero();
            DeviceKey displaced = i % 2 == 0 ? PHONE : TABLET;
            // Looks whether it may come in, later than a client that does so by itself.
            assertThat(directory.returning(displaced, 100, now + 61 * SECOND)).isZero();
        }
        assertThat(comes(next(10), 100, now + 62 * SECOND)).isZero();
        assertThat(comes(next(11), 100, now + 62 * SECOND)).isEqualTo(5 * SECOND);
    }

    /** A client that does so by itself does not wait for a minute. */
    @Test
    void whoComesBackAfterMoreThanAMinuteIsNoClientThatFights() {
        comes(PHONE, 100, START);
        comes(TABLET, 100, START);
        assertThat(comes(PHONE, 100, START + 61 * SECOND)).isZero();
        assertThat(comes(TABLET, 100, START + 122 * SECOND)).isZero();
        assertThat(comes(PHONE, 100, START + 122 * SECOND)).isEqualTo(5 * SECOND);
    }

    private static DeviceKey next(int i) {
        return i % 2 == 0 ? TABLET : PHONE;
    }

    @Test
    void aFightIsForgottenAfterTenQuietMinutes() {
        long now = START;
        comes(PHONE, 100, now);
        int round = 0;
        for (long wait = 0; wait < 298 * SECOND; round++) {
            assertThat(round).as("returns until the pause is the longest").isLessThan(40);
            wait = comes(next(round), 100, now);
            now += wait;
            assertThat(comes(next(round), 100, now)).isZero();
            now += SECOND;
        }
        DeviceKey online = next(round - 1);
        now += 601 * SECOND;
        assertThat(comes(next(round), 100, now)).isZero();
        assertThat(comes(online, 100, now)).isBetween(1L, 5 * SECOND);
    }

    private static OnlineSession session(long connection, Platform platform, String device) {
        return new OnlineSession(
                new ConnectionKey("g", connection),
                new DeviceKey("alice", platform.wireName() + ":" + device),
                platform,
                connection);
    }
}
