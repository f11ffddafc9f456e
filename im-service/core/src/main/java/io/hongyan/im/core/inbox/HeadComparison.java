package io.hongyan.im.core.inbox;

import io.hongyan.im.core.message.StorageException;
import io.hongyan.im.core.work.FairQueue;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds what nobody has announced here: compares what the streams of this node know with the heads of the inboxes and
 * logs, in pages, and has those look that are behind. One at a time; asked for again meanwhile, it starts once more.
 */
public final class HeadComparison implements MissedEntries {
    private static final Logger LOG = LoggerFactory.getLogger(HeadComparison.class);
    private static final int USERS_PAGE = 500;

    /** So often at most it is done unasked. */
    private static final long ALONE_MILLIS = 2_000;

    /** And it rests so many times as long as it took. */
    private static final int RESTS = 3;

    private final Delivery delivery;
    private final FairQueue blocking;
    private final DeliveryCounters counters;
    private final InstantSource clock;
    private final AtomicBoolean wanted = new AtomicBoolean();
    /** Whether who has come into a large group is asked for as well, of everybody. */
    private final AtomicBoolean thorough = new AtomicBoolean();

    private final AtomicBoolean running = new AtomicBoolean();
    /** Users whose heads could not be read at the last comparison. */
    private volatile Set<String> unread = Set.of();

    private volatile long begunAtMillis;
    private volatile long endedAtMillis;

    /** @param blocking runs the comparison; bounded: rejects what it cannot take */
    public HeadComparison(Delivery delivery, FairQueue blocking, InstantSource clock, DeliveryCounters counters) {
        this.delivery = delivery;
        this.blocking = blocking;
        this.clock = clock;
        this.counters = counters;
    }

    @Override
    public void want() {
        thorough.set(true);
        wanted.set(true);
        startIfWanted();
    }

    /** Compares about every two seconds, more seldom where that takes long: it works a quarter of the time at most. */
    @Override
    public void alone() {
        long now = clock.millis();
        long took = Math.max(0, endedAtMillis - begunAtMillis);
        long due = Math.max(begunAtMillis + ALONE_MILLIS, endedAtMillis + RESTS * took);
        boolean clockWentBack = now < begunAtMillis;
        if (!running.get() && !wanted.get() && (now >= due || clockWentBack)) {
            wanted.set(true);
            startIfWanted();
        }
    }

    @Override
    public void startIfWanted() {
        if (!wanted.get() && unread.isEmpty() || !running.compareAndSet(false, true)) {
            return;
        }
        try {
            blocking.execute(HeadComparison.class, this::run);
        } catch (RejectedExecutionException full) {
            running.set(false);
        }
    }

    private void run() {
        boolean all = wanted.getAndSet(false);
        boolean ofEverybody = thorough.getAndSet(false);
        begunAtMillis = clock.millis();
        try {
            if (all) {
                counters.increment(DeliveryCounter.HEAD_COMPARISONS);
                counters.add(DeliveryCounter.STREAMS_BEHIND, compare(delivery.usersHere(), ofEverybody));
                counters.add(DeliveryCounter.STREAMS_BEHIND, delivery.groups().refreshThoseBehind());
            } else {
                counters.add(DeliveryCounter.STREAMS_BEHIND, compare(unread, true));
            }
        } catch (StorageException trouble) {
            LOG.warn("heads could not be compared, it is tried again: {}", trouble.toString());
            if (all) {
                thorough.compareAndSet(false, ofEverybody);
                wanted.set(true);
            }
        } finally {
            endedAtMillis = clock.millis();
            running.set(false);
        }
    }

    private int compare(Iterable<String> users, boolean ofEverybody) {
        int behind = 0;
        Set<String> unknown = new HashSet<>();
        List<String> page = new ArrayList<>(USERS_PAGE);
        for (String uid : users) {
            page.add(uid);
            if (page.size() == USERS_PAGE) {
                behind += compare(page, ofEverybody, unknown);
                page.clear();
            }
        }
        if (!page.isEmpty()) {
            behind += compare(page, ofEverybody, unknown);
        }
        unread = Set.copyOf(unknown);
        return behind;
    }

    private int compare(List<String> uids, boolean ofEverybody, Set<String> unknown) {
        int behind = 0;
        List<Long> heads = delivery.inboxHeads(List.copyOf(uids));
        for (int i = 0; i < uids.size(); i++) {
            if (heads.get(i) == Inbox.UNKNOWN) {
                unknown.add(uids.get(i));
                continue;
            }
            for (ConnectionStreams connection : delivery.connectionsOf(uids.get(i))) {
                boolean isBehind = connection.refreshIfBehind(heads.get(i));
                behind += isBehind ? 1 : 0;
                if (connection.takesGroups() && (isBehind || ofEverybody || !connection.takesInbox())) {
                    // The user may have come into a large group, which stands in the inbox too.
                    delivery.groups().openAll(connection);
                }
            }
        }
        return behind;
    }
}
