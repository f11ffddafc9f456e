package io.hongyan.bench.server;

import io.hongyan.starters.LocalServer;
import io.hongyan.starters.LossyRedis;
import io.hongyan.starters.MariaDb;
import io.hongyan.starters.Redis;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The shared stores of a cluster's nodes: a MariaDB and a Redis, each a separate process. */
public final class ClusterStores implements AutoCloseable {
    private final MariaDb mariaDb;
    private final Redis redis;
    private final Optional<LossyRedis> lossy;

    private ClusterStores(MariaDb mariaDb, Redis redis, Optional<LossyRedis> lossy) {
        this.mariaDb = mariaDb;
        this.redis = redis;
        this.lossy = lossy;
    }

    /** @param lossy whether notices between nodes can be lost on purpose; it costs a copy of all bytes */
    public static ClusterStores start(Path directory, boolean lossy) {
        MariaDb mariaDb = MariaDb.started(directory.resolve("mariadb"));
        try {
            Redis redis = Redis.started(directory.resolve("redis"));
            return new ClusterStores(mariaDb, redis, lossy ? Optional.of(LossyRedis.before(redis)) : Optional.empty());
        } catch (RuntimeException e) {
            mariaDb.close();
            throw e;
        }
    }

    /** Settings with which a node finds them; nodes with another name use other data. */
    Map<String, String> settings(String name) {
        int port = lossy.map(LossyRedis::port).orElse(redis.port());
        return Map.of(
                "storage.engine",
                "mysql",
                "storage.mysql.url",
                mariaDb.jdbcUrl(name),
                "storage.mysql.user",
                mariaDb.user(),
                "redis.servers",
                redis.host() + ':' + port,
                "redis.prefix",
                name);
    }

    RedisFigures redisFigures() {
        return new RedisFigures(redis.host(), redis.port());
    }

    long mariaDbPid() {
        return pid(mariaDb, "mariadb");
    }

    long redisPid() {
        return pid(redis, "redis");
    }

    /** Present if it was requested. */
    public Optional<LossyRedis> lossy() {
        return lossy;
    }

    private static long pid(LocalServer server, String member) {
        return server.process(member)
                .orElseThrow(() -> new IllegalStateException("there is no process of " + member))
                .pid();
    }

    @Override
    public void close() {
        lossy.ifPresent(LossyRedis::close);
        redis.close();
        mariaDb.close();
    }
}
