package io.hongyan.im.app;

import io.hongyan.broker.server.BrokerServer;
import io.hongyan.broker.server.FloodLimits;

/** What a process of the distribution runs. */
interface ServerProcess extends AutoCloseable {
    /** On return it serves. After a failure {@link #close} tidies up. */
    void start() throws StartException;

    /** Where clients, gates and operators connect. */
    String addresses();

    /** Null where no clients connect to this process. */
    BrokerServer gate();

    /** The configuration has been read again: these limits hold from now on, where this process has clients. */
    default void changeLimits(FloodLimits limits) {
        if (gate() != null) {
            gate().changeFloodLimits(limits);
        }
    }

    @Override
    void close();
}
