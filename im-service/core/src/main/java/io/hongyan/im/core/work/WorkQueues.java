package io.hongyan.im.core.work;

import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * The queues of a process.
 *
 * @param logins the beginning and end of sessions, by user
 * @param inbox what is read to be pushed, by connection
 * @param calls what clients ask for, by user
 * @param service what is asked over HTTP, and what the server does by itself
 */
public record WorkQueues(FairQueue logins, FairQueue inbox, FairQueue calls, FairQueue service) {
    public static WorkQueues on(Executor threads, WorkLimits limits, InstantSource clock) {
        return new WorkQueues(
                queue(threads, limits, clock),
                queue(threads, limits, clock),
                queue(threads, limits, clock),
                queue(threads, limits, clock));
    }

    private static FairQueue queue(Executor threads, WorkLimits limits, InstantSource clock) {
        return new FairQueue(
                threads, limits.threadsPerQueue(), limits.waitingMax(), limits.waitingPerOwnerMax(), clock);
    }

    /** By the names that metrics have. */
    public Map<String, FairQueue> byName() {
        return Map.of("logins", logins, "inbox", inbox, "calls", calls, "service", service);
    }
}
