package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hongyan.im.adapter.sql.mysql.MysqlSettings;
import io.hongyan.im.adapter.sql.mysql.ShardedSettings;
import io.hongyan.im.adapter.sql.mysql.ShardedStorage;
import io.hongyan.im.app.client.Payloads;
import io.hongyan.im.app.client.RawClient;
import io.hongyan.im.core.MessagingLimits;
import io.hongyan.im.core.cluster.ProcessStall;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.starters.MariaDb;
import io.hongyan.starters.Names;
import io.hongyan.starters.Redis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes and a gate as processes. The process of the gate's node stalls, so that the gate asks the other one. */
@Tag("servers")
@Timeout(300)
final class NodeStallTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int NOT_AUTHORIZED = 0x87;

    private final String name = Names.unused("stands_still");
    private final List<RoleProcess> processes = new ArrayList<>();

    @TempDir
    Path directory;

    @AfterEach
    void endAll() throws IOException {
        Path kept = Files.createDirectories(Path.of("target", "stands-still"));
        for (int i = 0; i < processes.size(); i++) {
            processes.get(i).close();
            Files.writeString(kept.resolve(i + ".log"), processes.get(i).text());
        }
    }

    @Test
    void whatTheOtherNodeHasRefusedStaysRefusedWhenTheFirstWakesUp() throws Exception {
        RoleProcess asleep = node("one");
        RoleProcess awake = node("two");
        RoleProcess gate = started(RoleProcess.gate(directory, "gate", asleep.port("gates")));
        await().atMost(PATIENCE).until(() -> gate.metric("link_nodes_known") == 2);
        awake.token("alice");
        assertThat(awake.business("POST", "/v1/groups", "{\"id\":\"team\",\"name\":\"Team\",\"owner\":\"alice\"}")
                        .statusCode())
                .isEqualTo(201);
        try (RawClient bob = new RawClient(gate.port("MQTT"), true)) {
            assertThat(bob.connect("bob:iot:x", "bob", awake.token("bob"), null).reason())
                    .isZero();
            fallAsleepWhileItStores(asleep, () -> bob.sendPublish(1, 2, "im/send", new byte[0], toTheTeam("refused")));
            try {
                assertThat(bob.read().reason()).isEqualTo(NOT_AUTHORIZED);
                assertThat(awake.business("POST", "/v1/groups/team/members", "{\"uids\":[\"bob\"]}")
                                .statusCode())
                        .isEqualTo(200);
            } finally {
                asleep.resume();
            }
            await().atMost(PATIENCE).until(() -> asleep.metric("link_gates") == 0);
            assertThat(bob.publish(2, 1, "im/send", toTheTeam("stored")).reason())
                    .as("bob is connected all the time")
                    .isZero();
        }
        await().atMost(PATIENCE).until(() -> asleep.metric("messaging_sends_left_total") == 1);
        assertThat(log())
                .extracting(StoredMessage::clientMessageId)
                .contains("stored")
                .doesNotContain("refused");
        assertThat(asleep.metric("standstills_total")).isPositive();
    }

    /** Something that is sent. */
    private interface Sending {
        void send() throws IOException;
    }

    /** What is sent waits in the middle of its transaction. */
    private void fallAsleepWhileItStores(RoleProcess node, Sending sending) throws Exception {
        MariaDb server = MariaDb.shared();
        try (Connection connection =
                        DriverManager.getConnection(server.jdbcUrl(name), server.user(), server.password());
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.executeQuery("SELECT id FROM im_conversation FOR UPDATE").close();
            sending.send();
            await().atMost(PATIENCE).until(() -> {
                try (ResultSet waiting = statement.executeQuery(
                        "SELECT COUNT(*) FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'")) {
                    waiting.next();
                    return waiting.getLong(1) > 0;
                }
            });
            node.pause();
            connection.rollback();
        }
    }

    private static byte[] toTheTeam(String id) {
        return Payloads.sendToGroup(id, "team", "hello").toByteArray();
    }

    private List<StoredMessage> log() {
        MariaDb server = MariaDb.shared();
        MysqlSettings settings = MysqlSettings.defaults(server.jdbcUrl(name), server.user(), server.password());
        try (ShardedStorage storage = ShardedStorage.open(
                new ShardedSettings(Map.of("main", settings)),
                StorageChoice.rules(MessagingLimits.DEFAULT),
                InstantSource.system(),
                System::nanoTime,
                ProcessStall.never())) {
            return storage.ports()
                    .history()
                    .read(Conversation.group("team"), 0, Long.MAX_VALUE, false, 1_000, 1_000_000);
        }
    }

    private RoleProcess node(String own) throws IOException {
        Path data = Files.createDirectories(directory.resolve(own));
        if (!processes.isEmpty()) {
            // Nodes of one system share it.
            Files.copy(directory.resolve("one").resolve("token-secret"), data.resolve("token-secret"));
        }
        MariaDb database = MariaDb.shared();
        Redis redis = Redis.shared();
        return started(RoleProcess.server(
                directory,
                own,
                "HONGYAN_ROLE",
                "im-service",
                "HONGYAN_LINK_LISTEN",
                "127.0.0.1:0",
                "HONGYAN_STORAGE_ENGINE",
                "mysql",
                "HONGYAN_STORAGE_MYSQL_URL",
                database.jdbcUrl(name),
                "HONGYAN_STORAGE_MYSQL_USER",
                database.user(),
                "HONGYAN_REDIS_SERVERS",
                redis.host() + ':' + redis.port(),
                "HONGYAN_REDIS_PREFIX",
                name));
    }

    private RoleProcess started(RoleProcess process) {
        processes.add(process);
        return process;
    }
}
