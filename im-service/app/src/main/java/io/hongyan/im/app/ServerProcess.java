package io.hongyan.im.app;

import io.hongyan.broker.server.BrokerServer;
import io.hongyan.im.app.config.GateSettings;

/** A process of the distribution. */
interface ServerProcess extends AutoCloseable {
    /** When it returns, the process serves. After a failure {@link #close} cleans up. */
    void start() throws StartException;

    /** Where clients, gates and operators connect. */
    String addresses();

    /** Null if no clients connect to this process. */
    BrokerServer gate();

    /** The configuration has been read again: these limits apply from now on, if this process has clients. */
    default void changeLimits(GateSettings settings) {
        if (gate() != null) {
            gate().changeLimits(now -> settings.limits());
            gate().changeHandshakesPerAddressMax(settings.tls().handshakesPerAddressMax());
        }
    }

    @Override
    void close();
}
