package io.hongyan.starters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each server used by its own client: it works, and keeps its data and ports however it was ended. */
@Tag("servers")
@Timeout(300)
class RealServersTest {
    @Test
    void mariaDbKeepsItsData() throws Exception {
        try (MariaDb server = MariaDb.started()) {
            keepsWhatItHas(server);
            assertThat(sql(server, "select @@collation_server")).isEqualTo("utf8mb4_bin");
        }
    }

    @Test
    void mySqlKeepsItsData() throws Exception {
        try (MySql8 server = MySql8.started("--innodb-lock-wait-timeout=3")) {
            keepsWhatItHas(server);
            assertThat(sql(server, "select version()")).startsWith("8.0");
            assertThat(sql(server, "select @@innodb_lock_wait_timeout")).isEqualTo("3");
        }
    }

    private static void keepsWhatItHas(SqlServer server) throws Exception {
        assertThat(server.jdbcUrl("one")).startsWith("jdbc:mysql://127.0.0.1:" + server.port() + "/one?");
        sql(server, "create database one; create table one.t (x int) engine=InnoDB; insert into one.t values (7)");

        server.kill();
        assertThat(server.isAlive()).isFalse();
        assertThatThrownBy(() -> sql(server, "select 1")).isInstanceOf(AssertionError.class);
        int port = server.port();
        server.start();
        assertThat(server.isAlive()).isTrue();
        assertThat(server.port()).isEqualTo(port);
        assertThat(sql(server, "select x from one.t")).isEqualTo("7");

        server.restart();
        assertThat(sql(server, "select x from one.t")).isEqualTo("7");
    }

    @Test
    void aServerThatTestsShareIsNotClosedByOneOfThem() {
        Redis server = Redis.shared();
        assertThatThrownBy(server::close).isInstanceOf(IllegalStateException.class);
        assertThat(server.isAlive()).isTrue();
    }

    @Test
    void redisKeepsItsData() throws Exception {
        try (Redis server = Redis.started(null)) {
            InetSocketAddress address = new InetSocketAddress(server.host(), server.port());
            assertThat(redis(address, "set", "k", "v")).isEqualTo("OK");

            server.kill();
            assertThat(server.isAlive()).isFalse();
            server.start();
            assertThat(redis(address, "get", "k")).isEqualTo("v");

            server.pause();
            assertThat(server.isAlive()).isTrue();
            assertThatThrownBy(() -> client(1, "redis-cli", "-p", String.valueOf(server.port()), "ping"))
                    .isInstanceOf(AssertionError.class);
            server.resume();
            assertThat(redis(address, "ping")).isEqualTo("PONG");
        }
    }

    @Test
    void aClusterKeepsItsSlotsWhenOneNodeAndWhenAllAreKilled() throws Exception {
        try (RedisCluster server = RedisCluster.started(null)) {
            List<InetSocketAddress> nodes = server.nodes();
            assertThat(redis(nodes.get(0), "-c", "set", "k", "v")).isEqualTo("OK");
            assertThat(redis(nodes.get(1), "cluster", "info")).contains("cluster_slots_ok:16384");

            server.kill("node-2");
            server.start();
            assertThat(redis(nodes.get(1), "cluster", "info")).contains("cluster_state:ok");
            assertThat(redis(nodes.get(1), "-c", "get", "k")).isEqualTo("v");

            server.kill();
            server.start();
            assertThat(server.nodes()).isEqualTo(nodes);
            assertThat(redis(nodes.get(2), "-c", "get", "k")).isEqualTo("v");
        }
    }

    @Test
    void sentinelsMakeTheReplicaTheMaster() throws Exception {
        try (RedisSentinel server = RedisSentinel.started(null)) {
            assertThat(server.sentinels()).hasSize(3);
            InetSocketAddress first = master(server);
            // Waits until the replica has it.
            assertThat(redis(first, "set", "k", "v")).isEqualTo("OK");
            assertThat(redis(first, "wait", "1", "10000")).isEqualTo("1");

            server.kill("master");
            Awaitility.await()
                    .atMost(60, TimeUnit.SECONDS)
                    .until(() -> !master(server).equals(first));
            Awaitility.await()
                    .atMost(60, TimeUnit.SECONDS)
                    .untilAsserted(() -> assertThat(redis(master(server), "info", "replication"))
                            .contains("role:master"));
            assertThat(redis(master(server), "get", "k")).isEqualTo("v");

            server.start();
            assertThat(redis(first, "info", "replication")).contains("role:slave");
        }
    }

    private static InetSocketAddress master(RedisSentinel server) throws Exception {
        String[] answer = redis(server.sentinels().get(0), "sentinel", "get-master-addr-by-name", server.masterName())
                .split("\\s+");
        return new InetSocketAddress(answer[0], Integer.parseInt(answer[1]));
    }

    @Test
    void whatIsWrongIsSaid() throws IOException {
        try (RedisCluster server = RedisCluster.started(null)) {
            assertThatThrownBy(() -> server.kill("node-9"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("no member 'node-9'");
        }
        assertThatThrownBy(() -> MariaDb.started("--no-such-option"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no-such-option");
    }

    private static String sql(SqlServer server, String statements) throws Exception {
        return client(
                60,
                "mariadb",
                "--no-defaults",
                "--host=" + server.host(),
                "--port=" + server.port(),
                "--user=" + server.user(),
                "--skip-column-names",
                "--batch",
                "--execute=" + statements);
    }

    private static String redis(InetSocketAddress server, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(
                List.of("redis-cli", "-h", server.getHostString(), "-p", String.valueOf(server.getPort())));
        command.addAll(List.of(arguments));
        return client(60, command.toArray(String[]::new));
    }

    private static String client(int seconds, String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("no end of " + String.join(" ", command));
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }
}
