package io.hongyan.im.app;

import io.hongyan.broker.server.BrokerServer;
import io.hongyan.im.core.work.PeriodicTask;
import io.hongyan.runtime.RateLimitedLog;
import java.util.List;

/** Periodic tasks of every process with a gate. */
final class GateTasks {
    private static final long DRAIN_STEP_MILLIS = 100;
    private static final long MEMORY_MILLIS = 250;
    private static final long FORGET_MILLIS = 5_000;

    static List<PeriodicTask> of(BrokerServer broker) {
        return List.of(
                new PeriodicTask("move clients away", DRAIN_STEP_MILLIS, broker::drainStep),
                new PeriodicTask("check the memory", MEMORY_MILLIS, broker::shedMemory),
                new PeriodicTask("forget idle addresses", FORGET_MILLIS, broker::forgetIdle),
                new PeriodicTask("sum up the log of the gate", RateLimitedLog.PERIOD_MILLIS, broker::summarizeLog));
    }

    private GateTasks() {}
}
