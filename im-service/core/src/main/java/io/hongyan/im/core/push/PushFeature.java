package io.hongyan.im.core.push;

import io.hongyan.im.core.inbox.DeliveryListener;
import io.hongyan.im.core.message.BlockingWork;
import io.hongyan.im.core.work.Feature;
import io.hongyan.im.core.work.PeriodicTask;
import io.hongyan.metrics.Counters;
import java.time.InstantSource;
import java.util.List;

/** Brings messages of business lines to many users. */
public final class PushFeature implements Feature {
    private static final long RUN_MILLIS = 100;
    private static final long FORGET_MILLIS = 60_000;
    private static final int FORGOTTEN_MAX = 1_000;

    private final Pushes pushes;
    private final InstantSource clock;
    private final PushLimits limits;
    private final Counters<PushCounter> counters = new Counters<>(PushCounter.class);
    private final PushAcknowledgements acknowledgements;
    private final PushRunner runner;
    private final SubmitPush submitPush;
    private final TakePush takePush;

    /**
     * @param worker names this process among all that ever work on the storage
     * @param blocking where submissions wait
     */
    public PushFeature(PushRunner.Tools tools, String worker, BlockingWork blocking, PushLimits limits) {
        this.pushes = tools.pushes();
        this.clock = tools.clock();
        this.limits = limits;
        this.acknowledgements = new PushAcknowledgements(tools.events());
        this.runner = new PushRunner(tools, worker, limits, counters);
        this.submitPush = new SubmitPush(pushes, blocking, clock, limits, counters, runner::wake);
        this.takePush = new TakePush(submitPush, tools.events(), counters);
    }

    public Counters<PushCounter> counters() {
        return counters;
    }

    /** To be told of all that is delivered. */
    public DeliveryListener listener() {
        return acknowledgements;
    }

    public SubmitPush submitPush() {
        return submitPush;
    }

    /** For pushes that come by a queue. */
    public TakePush takePush() {
        return takePush;
    }

    @Override
    public List<PeriodicTask> tasks() {
        return List.of(
                new PeriodicTask("carry out pushes", RUN_MILLIS, runner::runOnce),
                new PeriodicTask(
                        "forget old pushes",
                        FORGET_MILLIS,
                        () -> pushes.forget(clock.millis() - limits.keptMillis(), FORGOTTEN_MAX)));
    }
}
