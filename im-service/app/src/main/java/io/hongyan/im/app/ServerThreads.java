package io.hongyan.im.app;

import io.hongyan.broker.server.BrokerServer;
import io.hongyan.im.core.work.PeriodicTask;
import io.hongyan.runtime.ThreadWatch;
import io.hongyan.runtime.WatchedThreads;
import java.util.List;
import java.util.concurrent.Executor;

/** Watches all threads that a process depends on; arguments that are null do not exist and are not watched. */
final class ServerThreads {
    /** An event loop or a timer that has not run for so long serves nobody. */
    private static final long TURN_MILLIS_MAX = 5_000;

    private final ThreadWatch watch = new ThreadWatch(System::nanoTime);

    void of(WatchedThreads... parts) {
        for (WatchedThreads part : parts) {
            if (part != null) {
                part.watch(watch);
            }
        }
    }

    /** @param deadlines watches the deadlines of questions to the node */
    void of(BrokerServer broker, Executor deadlines) {
        if (broker != null) {
            watch.mustTurn("an event loop", broker::loopLagMillis, TURN_MILLIS_MAX);
            watch.mustRun("the timer of deadlines", deadlines, TURN_MILLIS_MAX);
        }
    }

    /** If this task does not run any more, {@link #obstacles} shows it too. */
    List<PeriodicTask> tasks() {
        return List.of(new PeriodicTask("watch threads", ThreadWatch.LOOK_MILLIS, watch::look));
    }

    /** What is wrong now, one sentence each. */
    List<String> obstacles() {
        return watch.obstacles();
    }
}
