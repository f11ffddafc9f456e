package io.hongyan.im.app;

import static org.awaitility.Awaitility.await;

import io.hongyan.starters.LossyRedis;
import io.hongyan.starters.MariaDb;
import io.hongyan.starters.Names;
import io.hongyan.starters.Redis;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Two servers as in the distribution that are one system: on one MariaDB, and on one Redis whose notices can be lost. */
final class PairOfServers implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String name = Names.unused("pair");
    private final LossyRedis redis = LossyRedis.before(Redis.shared());
    private final RunningServer one;
    private final RunningServer two;

    /**
     * Both hear of each other when this returns.
     *
     * @param settings pairs of environment variable and value, for both
     */
    PairOfServers(Path directory, String... settings) throws Exception {
        one = server(Files.createDirectories(directory.resolve("one")), settings);
        Path second = Files.createDirectories(directory.resolve("two"));
        // Nodes of one system share it.
        Files.copy(one.directory().resolve("token-secret"), second.resolve("token-secret"));
        two = server(second, settings);
        await().atMost(PATIENCE).until(() -> listens(one) && listens(two));
    }

    private RunningServer server(Path data, String... settings) throws Exception {
        MariaDb database = MariaDb.shared();
        List<String> all = new ArrayList<>(List.of(
                "HONGYAN_STORAGE_ENGINE",
                "mysql",
                "HONGYAN_STORAGE_MYSQL_URL",
                database.jdbcUrl(name),
                "HONGYAN_STORAGE_MYSQL_USER",
                database.user(),
                "HONGYAN_REDIS_SERVERS",
                "127.0.0.1:" + redis.port(),
                "HONGYAN_REDIS_PREFIX",
                name));
        all.addAll(List.of(settings));
        return RunningServer.start(data, all.toArray(String[]::new));
    }

    private static boolean listens(RunningServer server) {
        return server.metric("cluster_nodes") == 2 && server.metric("peer_subscriptions_total") == 1;
    }

    LossyRedis redis() {
        return redis;
    }

    RunningServer one() {
        return one;
    }

    RunningServer two() {
        return two;
    }

    @Override
    public void close() {
        one.close();
        two.close();
        redis.close();
    }
}
