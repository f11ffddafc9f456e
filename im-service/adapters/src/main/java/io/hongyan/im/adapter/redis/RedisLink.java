package io.hongyan.im.adapter.redis;

import java.time.Duration;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.BuilderFactory;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.CommandObject;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.RedisSentinelClient;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.util.JedisClusterCRC16;

/**
 * The connection to Redis, however it is run. It need not be up: a call then fails soon, and while it is known to be
 * away at once. Safe for many threads.
 */
final class RedisLink implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RedisLink.class);
    private static final long PAUSE_MILLIS = 500;
    private static final int CLUSTER_ATTEMPTS_MAX = 3;

    private final RedisOptions settings;
    private final RedisCounters counters;
    private final RedisCircuitBreaker circuit;
    private final JedisClientConfig config;

    /** Null while there is none. Guarded by the monitor, except for reading. */
    private volatile UnifiedJedis client;

    private boolean closed;

    RedisLink(RedisOptions settings, RedisCounters counters, LongSupplier nanos) {
        this.settings = settings;
        this.counters = counters;
        this.circuit = new RedisCircuitBreaker(nanos, PAUSE_MILLIS);
        this.config = DefaultJedisClientConfig.builder()
                .connectionTimeoutMillis(settings.limits().connectMillis())
                .socketTimeoutMillis(settings.limits().answerMillis())
                .user(settings.user())
                .password(settings.password())
                .database(settings.database())
                .sslOptions(settings.tls() ? SslOptions.defaults() : null)
                .protocol(RedisProtocol.RESP2)
                .clientName("hongyan")
                .build();
    }

    /**
     * @param commands how many it sends
     * @throws RedisAwayException it was not done, or perhaps it was
     */
    <T> T call(int commands, Function<UnifiedJedis, T> work) {
        if (!circuit.allows()) {
            throw new RedisAwayException("Redis is away", null);
        }
        UnifiedJedis used = null;
        try {
            used = client();
            T result = work.apply(used);
            counters.add(RedisCounter.COMMANDS, commands);
            circuit.succeeded();
            return result;
        } catch (JedisException trouble) {
            failed(used, trouble);
            throw new RedisAwayException("Redis has failed", trouble);
        }
    }

    private void failed(UnifiedJedis used, JedisException trouble) {
        counters.increment(RedisCounter.FAILURES);
        UnifiedJedis worn = null;
        synchronized (this) {
            if (used != null && used != client) {
                // The failed client is replaced already.
                return;
            }
            if (circuit.failed()) {
                counters.increment(RedisCounter.OUTAGES);
                LOG.warn("Redis fails or does not answer: {}", trouble.toString());
            }
            // Its connections may all be from before the outage.
            worn = client;
            client = null;
        }
        close(worn);
    }

    boolean isAway() {
        return circuit.isOpen();
    }

    /** How often Redis has recovered. */
    long recoveries() {
        return circuit.recoveries();
    }

    /**
     * A separate connection to the server of this channel.
     *
     * @throws JedisException there is none now
     */
    Connection subscriber(String channel) {
        UnifiedJedis present = client();
        if (present instanceof RedisClusterClient cluster) {
            return cluster.getConnectionFromSlot(JedisClusterCRC16.getSlot(channel));
        }
        HostAndPort server = present instanceof RedisSentinelClient sentinels
                ? sentinels.getCurrentMaster()
                : servers().iterator().next();
        return new Connection(server, config);
    }

    private UnifiedJedis client() {
        UnifiedJedis present = client;
        if (present != null) {
            return present;
        }
        synchronized (this) {
            if (closed) {
                throw new JedisException("closed");
            }
            if (client == null) {
                client = build();
            }
            return client;
        }
    }

    private UnifiedJedis build() {
        ConnectionPoolConfig pool = new ConnectionPoolConfig();
        pool.setMaxTotal(settings.limits().connectionsMax());
        pool.setMaxIdle(settings.limits().connectionsMax());
        pool.setMaxWait(Duration.ofMillis(settings.limits().answerMillis()));
        return switch (settings.mode()) {
            case SINGLE ->
                RedisClient.builder()
                        .hostAndPort(servers().iterator().next())
                        .clientConfig(config)
                        .poolConfig(pool)
                        .build();
            case SENTINEL ->
                RedisSentinelClient.builder()
                        .masterName(settings.master())
                        .sentinels(servers())
                        .sentinelClientConfig(DefaultJedisClientConfig.builder()
                                .connectionTimeoutMillis(settings.limits().connectMillis())
                                .socketTimeoutMillis(settings.limits().answerMillis())
                                .build())
                        .clientConfig(config)
                        .poolConfig(pool)
                        .build();
            case CLUSTER ->
                RedisClusterClient.builder()
                        .nodes(servers())
                        .clientConfig(config)
                        .poolConfig(pool)
                        .maxAttempts(CLUSTER_ATTEMPTS_MAX)
                        .maxTotalRetriesDuration(
                                Duration.ofMillis(settings.limits().answerMillis()))
                        .topologyRefreshPeriod(Duration.ofSeconds(5))
                        .build();
        };
    }

    private Set<HostAndPort> servers() {
        return settings.addresses().stream()
                .map(address -> new HostAndPort(address.host(), address.port()))
                .collect(Collectors.toSet());
    }

    /**
     * Publishes to the current listeners of a channel.
     *
     * @throws RedisAwayException it was not sent, or perhaps it was
     */
    void publish(byte[] channel, byte[] message) {
        call(
                1,
                redis -> redis instanceof RedisClusterClient cluster
                        ? cluster.spublish(channel, message)
                        : redis.executeCommand(new CommandObject<>(
                                new CommandArguments(Protocol.Command.SPUBLISH)
                                        .key(channel)
                                        .add(message),
                                BuilderFactory.LONG)));
    }

    @Override
    public void close() {
        UnifiedJedis last;
        synchronized (this) {
            closed = true;
            last = client;
            client = null;
        }
        close(last);
    }

    private static void close(UnifiedJedis client) {
        if (client != null) {
            try {
                client.close();
            } catch (JedisException trouble) {
                LOG.debug("a client of Redis could not be closed: {}", trouble.toString());
            }
        }
    }
}
