package io.hongyan.broker.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Three failures are free, then 1, 2, 4 … seconds up to 60. */
class LoginGuardTest {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();

    private final AtomicLong nanos = new AtomicLong();
    private final Gate gate = new Gate(
            Servers.config().withFlood(Servers.FLOOD.withLogins(new FloodLimits.LoginLimits(3, 60, 20, 60_000, 30))),
            new TestHook(),
            Clock.systemUTC(),
            nanos::get,
            new byte[] {1, 2, 3},
            id -> {});
    private final LoginGuard guard = gate.logins;

    private LoginGuard.Attempt attempt(String user, String clientId, String password) {
        return guard.attempt(HERE, user, clientId, password.getBytes(StandardCharsets.UTF_8));
    }

    private int waitSeconds(LoginGuard.Attempt attempt) {
        return guard.waiting(attempt).seconds();
    }

    private void pass(long millis) {
        nanos.addAndGet(millis * 1_000_000);
    }

    private void fail(LoginGuard.Attempt attempt, int times) {
        for (int i = 0; i < times; i++) {
            guard.failed(attempt);
        }
    }

    @Test
    void waitGrowsWithEachFailureUpToItsMaximum() {
        LoginGuard.Attempt bad = attempt("alice", "alice:ios:1", "bad");
        fail(bad, 3);
        assertThat(waitSeconds(bad)).isZero();
        int[] expected = {1, 2, 4, 8, 16, 32, 60, 60};
        for (int seconds : expected) {
            guard.failed(bad);
            assertThat(waitSeconds(bad)).isEqualTo(seconds);
            pass(seconds * 1_000L - 1);
            assertThat(waitSeconds(bad)).isEqualTo(1);
            pass(1);
            assertThat(waitSeconds(bad)).isZero();
        }
        fail(bad, 100);
        assertThat(guard.waiting(bad)).isEqualTo(new LoginGuard.Wait(60, false));
    }

    @Test
    void nobodyElseWaits() throws Exception {
        fail(attempt("alice", "alice:ios:1", "bad"), 1_000);
        assertThat(waitSeconds(attempt("bob", "alice:ios:1", "bad"))).isZero();
        assertThat(waitSeconds(attempt("alice", "alice:ios:2", "bad"))).isZero();
        assertThat(waitSeconds(attempt("alicea", "lice:ios:1", "bad"))).isZero();
        LoginGuard.Attempt elsewhere = guard.attempt(
                InetAddress.getByName("192.0.2.1"), "alice", "alice:ios:1", "bad".getBytes(StandardCharsets.UTF_8));
        assertThat(waitSeconds(elsewhere)).isZero();
    }

    @Test
    void otherCredentialsAreLetThroughUntilManyHaveFailed() {
        fail(attempt("alice", "alice:ios:1", "expired"), 10);
        assertThat(waitSeconds(attempt("alice", "alice:ios:1", "expired"))).isPositive();
        assertThat(waitSeconds(attempt("alice", "alice:ios:1", "new"))).isZero();
        for (int i = 0; i < 10; i++) {
            guard.failed(attempt("alice", "alice:ios:1", "guess" + i));
        }
        assertThat(waitSeconds(attempt("alice", "alice:ios:1", "guess"))).isPositive();
    }

    @Test
    void successAndQuietForgetFailures() {
        LoginGuard.Attempt bad = attempt("alice", "alice:ios:1", "bad");
        fail(bad, 4);
        guard.succeeded(attempt("alice", "alice:ios:1", "good"));
        assertThat(waitSeconds(bad)).isZero();
        guard.failed(bad);
        assertThat(waitSeconds(bad)).isZero();
        fail(bad, 10);
        pass(600_001);
        guard.failed(bad);
        assertThat(waitSeconds(bad)).isZero();
    }

    @Test
    void deviceThatComesAgainAndAgainHasToWait() {
        LoginGuard.Attempt good = attempt("alice", "alice:ios:1", "good");
        for (int i = 0; i < 30; i++) {
            assertThat(waitSeconds(good)).isZero();
            guard.succeeded(good);
        }
        guard.succeeded(good);
        assertThat(guard.waiting(good)).isEqualTo(new LoginGuard.Wait(2, true));
        assertThat(waitSeconds(attempt("alice", "alice:ios:2", "good"))).isZero();
        pass(2_000);
        assertThat(waitSeconds(good)).isZero();
    }
}
