package io.hongyan.broker.server;

import io.hongyan.broker.hook.BrokerHook;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;

/** Starts servers for tests. */
final class Servers {
    private static final int CONNECT_MILLIS = 60_000;

    /** The product's limits, but a busy machine has time to read a CONNECT. */
    static final FloodLimits FLOOD = FloodLimits.DEFAULT.withHandshakes(
            new FloodLimits.HandshakeLimits(8_000, 64 << 20, 16 << 10, CONNECT_MILLIS));

    static BrokerConfig config() {
        return patient(BrokerConfig.defaults("test", List.of("im/", "u/", "room/", "json/")))
                // Tests reconnect again and again with the same client id.
                .withFlood(FLOOD.withLogins(new FloodLimits.LoginLimits(3, 60, 20, 60_000, 0)))
                .withListeners(new BrokerConfig.Listeners("127.0.0.1", 0, 0, "/mqtt"));
    }

    /** The product's deadlines, but time to answer a CONNECT and a publish. */
    private static BrokerConfig patient(BrokerConfig config) {
        BrokerConfig.Deadlines product = config.deadlines();
        return config.withDeadlines(new BrokerConfig.Deadlines(
                CONNECT_MILLIS,
                60_000,
                product.acknowledgeMillis(),
                product.readPausedMillis(),
                product.closeMillis(),
                product.keepAliveDefaultSeconds(),
                product.keepAliveMaxSeconds(),
                product.sessionExpiryMaxSeconds(),
                product.lastSeenMillis()));
    }

    static BrokerServer start(BrokerConfig config, BrokerHook hook) {
        BrokerServer server = new BrokerServer(config, hook, Clock.systemUTC(), System::nanoTime, new SecureRandom());
        server.start();
        return server;
    }

    static BrokerServer start(BrokerConfig config, BrokerHook hook, TestClock clock) {
        BrokerServer server = new BrokerServer(config, hook, clock, clock, new SecureRandom());
        server.start();
        return server;
    }

    /** A metric with all its reasons. */
    static long count(BrokerServer server, String metric) {
        GateCounters counters = server.counters();
        return counters.all().stream()
                .filter(counter -> counter.metric().startsWith(metric + '{'))
                .mapToLong(counters::value)
                .sum();
    }

    private Servers() {}
}
