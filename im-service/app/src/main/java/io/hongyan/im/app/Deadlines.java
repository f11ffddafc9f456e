package io.hongyan.im.app;

import io.hongyan.broker.server.BrokerServer;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/** What every process with a gate starts in the same way. */
final class Deadlines {
    private Deadlines() {}

    /** Watches the deadlines of questions to the node. Nearly all are met, so they leave the queue at once. */
    static ScheduledExecutorService start() {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, work -> new Thread(work, "deadlines"));
        timer.setRemoveOnCancelPolicy(true);
        return timer;
    }

    /** On return clients can connect. */
    static void listen(BrokerServer server) throws StartException {
        try {
            server.start();
        } catch (RuntimeException unable) {
            throw new StartException("cannot listen for MQTT clients: " + unable.getMessage(), unable);
        }
    }
}
