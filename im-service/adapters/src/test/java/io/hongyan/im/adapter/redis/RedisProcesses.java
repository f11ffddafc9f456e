package io.hongyan.im.adapter.redis;

import io.hongyan.im.adapter.redis.RedisOptions.Address;
import io.hongyan.im.adapter.redis.RedisOptions.Mode;
import io.hongyan.starters.LocalServer;
import io.hongyan.starters.Redis;
import io.hongyan.starters.RedisSentinel;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Real Redis servers of a test, in one of the ways that Redis is run.
 *
 * @param servers the one server, the nodes of the Redis Cluster, or the sentinels
 * @param master what the sentinels call it; null without
 */
record RedisProcesses(LocalServer process, Mode mode, List<InetSocketAddress> servers, String master)
        implements AutoCloseable {
    static RedisProcesses start(Mode mode) {
        switch (mode) {
            case SINGLE -> {
                Redis single = Redis.started(null);
                return new RedisProcesses(
                        single, mode, List.of(new InetSocketAddress(single.host(), single.port())), null);
            }
            case SENTINEL -> {
                RedisSentinel sentinel = RedisSentinel.started(null, 1);
                return new RedisProcesses(sentinel, mode, sentinel.sentinels(), sentinel.masterName());
            }
            default -> {
                io.hongyan.starters.RedisCluster cluster = io.hongyan.starters.RedisCluster.started(null);
                return new RedisProcesses(cluster, mode, cluster.nodes(), null);
            }
        }
    }

    /** How to reach them. */
    RedisOptions options(String prefix) {
        return options(prefix, 500);
    }

    RedisOptions options(String prefix, int answerMillis) {
        List<Address> addresses = servers.stream()
                .map(server -> new Address(server.getHostString(), server.getPort()))
                .toList();
        RedisLimits limits = new RedisLimits(500, answerMillis, 8);
        return new RedisOptions(mode, addresses, master, null, null, false, 0, prefix, limits);
    }

    /** The answer of the first of them as text. */
    String command(String command, String... arguments) {
        HostAndPort first =
                new HostAndPort(servers.get(0).getHostString(), servers.get(0).getPort());
        try (Connection connection = new Connection(
                first, DefaultJedisClientConfig.builder().timeoutMillis(2_000).build())) {
            connection.sendCommand(Command.valueOf(command), arguments);
            Object answer = connection.getOne();
            return answer instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : String.valueOf(answer);
        }
    }

    /** How often the single server has carried out commands of that name. */
    long calls(String name) {
        long calls = 0;
        for (String line : command("INFO", "commandstats").split("\r\n")) {
            if (line.startsWith("cmdstat_" + name + ":calls=")) {
                calls += Long.parseLong(line.substring(line.indexOf('=') + 1, line.indexOf(',')));
            }
        }
        return calls;
    }

    static void await(Callable<Boolean> condition) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(40))
                .pollInterval(Duration.ofMillis(20))
                .ignoreExceptionsMatching(trouble -> trouble instanceof JedisException)
                .until(condition);
    }

    @Override
    public void close() {
        process.close();
    }
}
