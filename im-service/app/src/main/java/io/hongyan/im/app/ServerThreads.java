package io.hongyan.im.app;

import io.hongyan.broker.server.BrokerServer;
import io.hongyan.im.core.PeriodicTask;
import io.hongyan.runtime.ThreadWatch;
import io.hongyan.runtime.WatchedThreads;
import java.util.List;
import java.util.concurrent.Executor;

/** The threads that a process depends on, all in one watch; what is null is not there and not watched. */
final class ServerThreads {
    /** An event loop, or a timer, that has not come round for so long serves nobody. */
    private static final long TURN_MILLIS_MAX = 5_000;

    private final ThreadWatch watch = new ThreadWatch(System::nanoTime);

    void of(WatchedThreads... parts) {
        for (WatchedThreads part : parts) {
            if (part != null) {
                part.watch(watch);
            }
        }
    }

    /** @param deadlines watches those of questions to the host */
    void of(BrokerServer broker, Executor deadlines) {
        if (broker != null) {
            watch.mustTurn("an event loop", broker::loopLagMillis, TURN_MILLIS_MAX);
            watch.mustRun("the timer of deadlines", deadlines, TURN_MILLIS_MAX);
        }
    }

    /** That they are not done any more shows in {@link #obstacles} too. */
    List<PeriodicTask> tasks() {
        return List.of(new PeriodicTask("watch threads", ThreadWatch.LOOK_MILLIS, watch::look));
    }

    /** What is wrong now, one sentence each. */
    List<String> obstacles() {
        return watch.obstacles();
    }
}
