package io.hongyan.im.adapter.sql.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import io.hongyan.im.core.Storage;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.starters.MariaDb;
import io.hongyan.starters.SqlServer;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a login, and the beginning of an inbox with nothing new in it, cost on one database. */
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
    void aNewUserIsMadeByOneTransaction() {
        DeviceKey device = new DeviceKey("bob", "android:phone");

        assertThat(statements(() -> assertThat(ports.users().atLogin(device)).isEmpty()))
                .isEqualTo(1);
        assertThat(statements(() -> ports.users().make("bob"))).isEqualTo(5);
        assertThat(proxy.commits()).isEqualTo(1);
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
}
