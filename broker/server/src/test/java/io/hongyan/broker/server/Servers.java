package io.hongyan.broker.server;

import io.hongyan.broker.hook.BrokerHook;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;

/** Starts servers for tests. */
final class Servers {
    /** The product's limits, but as much time for CONNECT as a busy machine may need. */
    static final FloodLimits.HandshakeLimits PATIENT =
            new FloodLimits.HandshakeLimits(8_000, 64 << 20, 16 << 10, 60_000);

    static BrokerConfig config() {
        return BrokerConfig.defaults("test", List.of("im/", "u/", "room/", "json/"))
                // Tests reconnect again and again with the same client id.
                .withFlood(FloodLimits.DEFAULT
                        .withLogins(new FloodLimits.LoginLimits(3, 60, 20, 60_000, 0))
                        .withHandshakes(PATIENT))
                .withListeners(new BrokerConfig.Listeners("127.0.0.1", 0, 0, "/mqtt"));
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

    private Servers() {}
}
