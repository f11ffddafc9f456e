package io.hongyan.im.core.inbox;

import io.hongyan.im.core.message.StorageException;
import io.hongyan.im.core.metrics.MessagingCounters;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds what nobody has announced here: compares what the streams of this node know with the heads of the inboxes and
 * logs, in pages, and has those look that are behind. One at a time; asked for again meanwhile, it starts once more.
 */
public final class HeadComparison {
    private static final Logger LOG = LoggerFactory.getLogger(HeadComparison.class);
    private static final int USERS_PAGE = 500;

    private final Delivery delivery;
    private final Executor blocking;
    private final MessagingCounters counters;
    private final AtomicBoolean wanted = new AtomicBoolean();
    private final AtomicBoolean running = new AtomicBoolean();

    /** @param blocking runs the comparison; bounded: rejects what it cannot take */
    public HeadComparison(Delivery delivery, Executor blocking, MessagingCounters counters) {
        this.delivery = delivery;
        this.blocking = blocking;
        this.counters = counters;
    }

    /** Something may have been stored elsewhere that was not announced here. Does not block. */
    public void want() {
        wanted.set(true);
        startIfWanted();
    }

    /** Starts what could not be started, or has failed: to be called again and again. Does not block. */
    public void startIfWanted() {
        if (!wanted.get() || !running.compareAndSet(false, true)) {
            return;
        }
        try {
            blocking.execute(this::run);
        } catch (RejectedExecutionException full) {
            running.set(false);
        }
    }

    private void run() {
        wanted.set(false);
        try {
            counters.headComparisons.increment();
            counters.streamsBehind.add(compare());
        } catch (StorageException trouble) {
            LOG.warn("heads could not be compared, it is tried again: {}", trouble.toString());
            wanted.set(true);
        } finally {
            running.set(false);
        }
    }

    private int compare() {
        int behind = 0;
        List<String> page = new ArrayList<>(USERS_PAGE);
        for (String uid : delivery.usersHere()) {
            page.add(uid);
            if (page.size() == USERS_PAGE) {
                behind += compare(page);
                page.clear();
            }
        }
        if (!page.isEmpty()) {
            behind += compare(page);
        }
        return behind + delivery.groups().refreshThoseBehind();
    }

    private int compare(List<String> uids) {
        int behind = 0;
        List<Long> heads = delivery.inboxHeads(List.copyOf(uids));
        for (int i = 0; i < uids.size(); i++) {
            for (ConnectionStreams connection : delivery.connectionsOf(uids.get(i))) {
                behind += connection.refreshIfBehind(heads.get(i)) ? 1 : 0;
                if (connection.takesGroups()) {
                    // The user may have come into a large group.
                    delivery.groups().openAll(connection);
                }
            }
        }
        return behind;
    }
}
