package io.hongyan.im.core.send;

import io.hongyan.im.core.group.GroupChange.BecameLarge;
import io.hongyan.im.core.inbox.Delivery;
import io.hongyan.im.core.inbox.Downlink.OutgoingMessage;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.StorageException;
import io.hongyan.im.core.metrics.MessagingCounters;
import io.hongyan.im.core.send.Appended.InboxPosition;
import io.hongyan.im.core.send.FanOutLog.Marker;
import io.hongyan.im.core.send.FanOutLog.Step;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker that writes the inboxes of entries left as markers, in small steps: the conversations take turns, so that a
 * large one does not hold up the others, and sends come between two steps. It finds what is open by itself, after a
 * restart too. {@link #wake} is for any thread, the rest for one.
 */
public final class FanOut {
    private static final Logger LOG = LoggerFactory.getLogger(FanOut.class);

    private final FanOutLog log;
    private final Delivery delivery;
    private final RecipientRefresh refresh;
    private final String worker;
    private final FanOutLimits limits;
    private final InstantSource clock;
    private final Pause pause;
    private final MessagingCounters counters;

    private final Semaphore woken = new Semaphore(0);
    /** Conversations with a step of which it is not known whether it was taken. */
    private final Set<Conversation> unsettled = new HashSet<>();

    private long nextLookMillis;
    private long retryPauseMillis;

    /** @param worker never two at the same time under one name, and after a restart the same */
    public FanOut(
            FanOutLog log,
            Delivery delivery,
            RecipientRefresh refresh,
            String worker,
            FanOutLimits limits,
            InstantSource clock,
            Pause pause,
            MessagingCounters counters) {
        this.log = log;
        this.delivery = delivery;
        this.refresh = refresh;
        this.worker = worker;
        this.limits = limits;
        this.clock = clock;
        this.pause = pause;
        this.counters = counters;
        this.retryPauseMillis = limits.retryPauseMillis();
    }

    /** A marker has been left. */
    public void wake() {
        if (woken.availablePermits() == 0) {
            woken.release();
        }
    }

    /**
     * Waits for something to do, at most so long, and takes one step of each conversation that has an open marker.
     *
     * @return whether there was anything: then there may be more at once
     */
    public boolean runOnce(long waitMillis) throws InterruptedException {
        if (!isDue(waitMillis)) {
            return false;
        }
        try {
            List<Marker> open = log.open(worker, limits.conversationsMax(), clock.millis());
            nextLookMillis = open.isEmpty() ? clock.millis() + limits.pollMillis() : 0;
            settle();
            for (Marker marker : open) {
                advance(marker);
            }
            retryPauseMillis = limits.retryPauseMillis();
            return !open.isEmpty();
        } catch (StorageException trouble) {
            LOG.warn("a step of a fan-out failed and is taken again: {}", trouble.toString());
            counters.fanOutStepsFailed.increment();
            nextLookMillis = 0;
            pause.forMillis(retryPauseMillis);
            retryPauseMillis = Math.min(2 * retryPauseMillis, limits.retryPauseMillisMax());
            return true;
        }
    }

    private boolean isDue(long waitMillis) throws InterruptedException {
        long untilLook = nextLookMillis - clock.millis();
        if (untilLook <= 0) {
            woken.drainPermits();
            return true;
        }
        boolean wasWoken = woken.tryAcquire(Math.min(waitMillis, untilLook), TimeUnit.MILLISECONDS);
        woken.drainPermits();
        return wasWoken || nextLookMillis <= clock.millis();
    }

    private void advance(Marker marker) {
        Step step;
        try {
            step = log.advance(marker, worker, limits.stepMax(), clock.millis(), limits.leaseMillis());
        } catch (StorageException trouble) {
            unsettled.add(marker.conversation());
            throw trouble;
        }
        if (step instanceof Step.Written written) {
            counters.fanOutSteps.increment();
            counters.fanOutRows.add(written.positions().size());
            announce(written);
            if (written.done() && BecameLarge.is(written.message())) {
                // Streams wait for it that nobody could begin before.
                refresh.all(marker.conversation());
            }
        }
    }

    /** The failed steps may have been taken all the same, the last one of a marker too, and nobody was told. */
    private void settle() {
        unsettled.forEach(refresh::all);
        unsettled.clear();
    }

    private void announce(Step.Written written) {
        if (written.positions().isEmpty()) {
            return;
        }
        OutgoingMessage outgoing =
                delivery.prepare(written.message(), written.positions().size());
        for (InboxPosition position : written.positions()) {
            // The sending connection knows its own entry by conversation and number.
            delivery.announce(
                    position.uid(),
                    position.seq(),
                    written.message(),
                    outgoing,
                    SendOrigin.server().connection());
        }
        delivery.flush(outgoing);
    }
}
