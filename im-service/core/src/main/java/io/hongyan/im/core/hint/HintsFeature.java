package io.hongyan.im.core.hint;

import io.hongyan.im.core.inbox.InboxListener;
import io.hongyan.im.core.work.Feature;
import io.hongyan.im.core.work.PeriodicTask;
import io.hongyan.metrics.Counters;
import java.time.InstantSource;
import java.util.List;

/** Tells a business line of users who have not received a message for a while. */
public final class HintsFeature implements Feature {
    private static final long RUN_MILLIS = 100;

    private final Counters<HintCounter> counters = new Counters<>(HintCounter.class);
    /** Null where nobody wants hints. */
    private final HintTimer timer;

    /** @param sender null = nobody wants hints */
    public HintsFeature(Hints hints, HintSender sender, InstantSource clock, HintLimits limits) {
        this.timer = sender == null ? null : new HintTimer(hints, sender, clock, limits, counters);
    }

    public Counters<HintCounter> counters() {
        return counters;
    }

    /** To be told of all inboxes. */
    public InboxListener listener() {
        return timer == null ? InboxListener.NONE : timer;
    }

    /** Users with an undelivered message whose hint is not due yet. */
    public int pending() {
        return timer == null ? 0 : timer.pending();
    }

    @Override
    public List<PeriodicTask> tasks() {
        return timer == null ? List.of() : List.of(new PeriodicTask("give hints", RUN_MILLIS, timer::run));
    }
}
