package io.hongyan.im.adapter.redis;

import io.hongyan.im.adapter.redis.RedisOptions.Mode;
import io.hongyan.im.core.contract.SessionDirectoryContract;
import io.hongyan.im.core.session.SessionDirectory;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;

/** The contract kit on Redis, run in each of the ways that Redis is run. */
@Tag("servers")
final class RedisContractTest {
    private static final AtomicInteger PREFIXES = new AtomicInteger();

    @Nested
    class OnASingleServer extends OnRedis {
        @Override
        Mode mode() {
            return Mode.SINGLE;
        }
    }

    @Nested
    class OnRedisCluster extends OnRedis {
        @Override
        Mode mode() {
            return Mode.CLUSTER;
        }
    }

    @Nested
    class BehindASentinel extends OnRedis {
        @Override
        Mode mode() {
            return Mode.SENTINEL;
        }
    }

    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    abstract static class OnRedis extends SessionDirectoryContract {
        private RedisProcesses servers;
        private RedisLink link;

        abstract Mode mode();

        @BeforeAll
        void startServers() {
            servers = RedisProcesses.start(mode());
        }

        @AfterAll
        void endServers() {
            servers.close();
        }

        @Override
        protected SessionDirectory newDirectory() {
            RedisCounters counters = new RedisCounters();
            RedisOptions options = servers.options("test" + PREFIXES.incrementAndGet());
            String node = NodeInfo.name("node", 1);
            link = new RedisLink(options, counters, System::nanoTime);
            NodeRegistry registry = new NodeRegistry(link, options.prefix(), 5_000, 60_000);
            registry.renew(new NodeInfo(node, List.of(), Map.of(), 0, List.of()));
            registry.settle();
            SessionKeys keys = new SessionKeys(link, options.prefix(), node, 60_000);
            return new RedisSessionDirectory(keys, registry, node, counters, Clock.systemUTC());
        }

        @AfterEach
        void closeLink() {
            link.close();
        }
    }
}
