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
 * @param tokens checks of signatures, by address: whoever sends a token may be anybody
 */
public record WorkQueues(FairQueue logins, FairQueue inbox, FairQueue calls, FairQueue service, FairQueue tokens) {
    public static WorkQueues on(Executor threads, WorkLimits limits, InstantSource clock) {
        return new WorkQueues(
                queue(threads, limits.threadsPerQueue(), limits, clock),
                queue(threads, limits.threadsPerQueue(), limits, clock),
                queue(threads, limits.threadsPerQueue(), limits, clock),
                queue(threads, limits.threadsPerQueue(), limits, clock),
                queue(threads, limits.threadsOfTokens(), limits, clock));
    }

    private static FairQueue queue(Executor threads, int concurrencyMax, WorkLimits limits, InstantSource clock) {
        return new FairQueue(threads, concurrencyMax, limits.waitingMax(), limits.waitingPerOwnerMax(), clock);
    }

    /** By the names that metrics have. */
    public Map<String, FairQueue> byName() {
        return Map.of("logins", logins, "inbox", inbox, "calls", calls, "service", service, "tokens", tokens);
    }
}
