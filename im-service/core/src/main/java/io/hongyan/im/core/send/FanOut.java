package io.hongyan.im.core.send;

import io.hongyan.im.core.cluster.OtherNodes;
import io.hongyan.im.core.group.GroupChange.BecameLarge;
import io.hongyan.im.core.inbox.Delivery;
import io.hongyan.im.core.inbox.Downlink.Gathering;
import io.hongyan.im.core.inbox.Downlink.OutgoingMessage;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.send.Appended.InboxPosition;
import io.hongyan.im.core.send.FanOutLog.Marker;
import io.hongyan.im.core.send.FanOutLog.Step;
import io.hongyan.im.core.send.FanOutLog.Written;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker that writes the inboxes of entries left as markers, in steps that take what waits, of one conversation or
 * many: under load the entries of a user share a transaction and a packet. The conversations take turns, so that a large
 * one does not hold up the others, and sends come between two steps. It finds what is open by itself, after a restart too.
 * {@link #wake} is for any thread, the rest for one.
 */
public final class FanOut {
    private static final Logger LOG = LoggerFactory.getLogger(FanOut.class);

    private final FanOutLog log;
    private final Delivery delivery;
    private final RecipientRefresh refresh;
    private final FanOutBacklog backlog;
    private final String worker;
    private final FanOutLimits limits;
    private final InstantSource clock;
    private final Pause pause;
    private final SendCounters counters;
    private final NodeAnnouncements otherNodes;

    private final Semaphore woken = new Semaphore(0);
    private volatile boolean leftElsewhere;
    /** Conversations with a step of which it is not known whether it was taken. */
    private final Set<Conversation> unsettled = new HashSet<>();

    private long nextLookMillis;
    /** Until then what comes waits for more of it; 0 = it does not. */
    private long gatherUntilMillis;

    private long retryPauseMillis;

    /** @param worker never two at the same time under one name, and after a restart the same */
    public FanOut(
            FanOutLog log,
            Delivery delivery,
            RecipientRefresh refresh,
            FanOutBacklog backlog,
            String worker,
            FanOutLimits limits,
            InstantSource clock,
            Pause pause,
            SendCounters counters,
            OtherNodes otherNodes) {
        this.log = log;
        this.delivery = delivery;
        this.refresh = refresh;
        this.backlog = backlog;
        this.worker = worker;
        this.limits = limits;
        this.clock = clock;
        this.pause = pause;
        this.counters = counters;
        this.otherNodes = new NodeAnnouncements(otherNodes);
        this.retryPauseMillis = limits.retryPauseMillis();
    }

    /** A marker has been left. */
    public void wake() {
        if (woken.availablePermits() == 0) {
            woken.release();
        }
    }

    /**
     * Another node has left a marker. Its own worker is the first to take it; this one looks a while later whether that
     * one has come to it.
     */
    public void leftElsewhere() {
        leftElsewhere = true;
    }

    /**
     * Waits for something to do, at most so long, and gives each conversation that has an open marker its turn.
     *
     * @return whether there was anything: then there may be more at once
     */
    public boolean runOnce(long waitMillis) throws InterruptedException {
        if (!isDue(waitMillis)) {
            return false;
        }
        try {
            boolean found = advanceAll();
            retryPauseMillis = limits.retryPauseMillis();
            return found;
        } catch (RuntimeException trouble) {
            // A mistake of the program too: the thread must live, and what stands in the way is seen in log and
            // metrics.
            LOG.warn("a step of a fan-out failed and is taken again: {}", trouble.toString());
            counters.increment(SendCounter.FAN_OUT_STEPS_FAILED);
            nextLookMillis = 0;
            pause.forMillis(retryPauseMillis);
            retryPauseMillis = Math.min(2 * retryPauseMillis, limits.retryPauseMillisMax());
            return true;
        }
    }

    private boolean isDue(long waitMillis) throws InterruptedException {
        long gathering = gatherUntilMillis - clock.millis();
        gatherUntilMillis = 0;
        if (gathering > 0) {
            // Not longer, where the clock has been set back.
            pause.forMillis(Math.min(gathering, limits.gatherMillis()));
        }
        if (leftElsewhere) {
            leftElsewhere = false;
            nextLookMillis = Math.min(nextLookMillis, clock.millis() + limits.lookElsewhereMillis());
        }
        long untilLook = nextLookMillis - clock.millis();
        if (untilLook <= 0) {
            woken.drainPermits();
            return true;
        }
        boolean wasWoken = woken.tryAcquire(Math.min(waitMillis, untilLook), TimeUnit.MILLISECONDS);
        woken.drainPermits();
        return wasWoken || nextLookMillis <= clock.millis();
    }

    /** @return whether there was anything */
    private boolean advanceAll() {
        long start = clock.millis();
        List<Marker> waiting = log.open(worker, limits.conversationsMax(), start);
        settle();
        if (waiting.isEmpty()) {
            nextLookMillis = start + limits.pollMillis();
            return false;
        }
        nextLookMillis = 0;
        boolean full = false;
        while (!waiting.isEmpty()) {
            Step step = advance(waiting);
            full = announce(step.written()) >= limits.stepMax();
            waiting = waiting.subList(step.served(), waiting.size());
        }
        gatherUntilMillis = full ? 0 : start + limits.gatherMillis();
        return true;
    }

    private Step advance(List<Marker> markers) {
        try {
            return log.advance(markers, worker, limits.stepMax(), clock.millis(), limits.leaseMillis());
        } catch (RuntimeException trouble) {
            markers.forEach(marker -> unsettled.add(marker.conversation()));
            throw trouble;
        }
    }

    /** The failed steps may have been taken all the same, the last one of a marker too, and nobody was told. */
    private void settle() {
        unsettled.forEach(refresh::all);
        unsettled.clear();
    }

    /** @return inbox rows */
    private long announce(List<Written> written) {
        if (written.isEmpty()) {
            return 0;
        }
        long rows = 0;
        long entries = 0;
        Gathering gathering = delivery.gather();
        try {
            for (Written entry : written) {
                announce(entry, gathering.add(entry.message()));
                rows += entry.positions().size();
                entries += entry.done() ? 1 : 0;
            }
        } finally {
            gathering.flush();
        }
        Set<Conversation> untold = new HashSet<>();
        for (Written entry : written) {
            if (entry.untold()) {
                untold.add(entry.message().conversation());
            }
            if (entry.reached()) {
                backlog.done(entry.message().conversation(), entry.message().seq());
            }
            if (entry.done() && BecameLarge.is(entry.message())) {
                // Streams wait for it that nobody could begin before.
                refresh.all(entry.message().conversation());
            }
        }
        untold.forEach(refresh::all);
        counters.increment(SendCounter.FAN_OUT_STEPS);
        counters.add(SendCounter.FAN_OUT_ENTRIES, entries);
        counters.add(SendCounter.FAN_OUT_ROWS, rows);
        return rows;
    }

    private void announce(Written entry, OutgoingMessage outgoing) {
        otherNodes.stored(
                entry.message(), entry.positions(), SendOrigin.server().connection());
        for (InboxPosition position : entry.positions()) {
            // To the sending connection too, whose answer has not named the place.
            delivery.announce(
                    position.uid(),
                    position.seq(),
                    entry.message(),
                    outgoing,
                    SendOrigin.server().connection());
        }
    }
}
