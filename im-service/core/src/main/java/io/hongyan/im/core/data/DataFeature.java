package io.hongyan.im.core.data;

import io.hongyan.im.core.message.BlockingWork;
import io.hongyan.im.core.work.Feature;
import io.hongyan.im.core.work.PeriodicTask;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows the epoch of the data, and ends all sessions at this node when it is another one: their clients log in again and
 * are told it. A node finds an epoch that began elsewhere within {@link #LOOK_MILLIS}.
 */
public final class DataFeature implements Feature {
    public static final long LOOK_MILLIS = 2_000;

    private static final Logger LOG = LoggerFactory.getLogger(DataFeature.class);

    private final DataEpochs epochs;
    private final Runnable endSessions;
    private final BlockingWork blocking;
    private final InstantSource clock;
    private volatile DataEpoch current;
    private volatile long changes;

    /**
     * Asks for the epoch; blocks.
     *
     * @param endSessions ends all sessions at this node; does not block
     */
    public DataFeature(DataEpochs epochs, Runnable endSessions, BlockingWork blocking, InstantSource clock) {
        this.epochs = epochs;
        this.endSessions = endSessions;
        this.blocking = blocking;
        this.clock = clock;
        this.current = epochs.current();
    }

    /**
     * The epoch as this node knows it. Who is given numbers is to be told the epoch as it was before they were read, or as
     * it was at the login.
     */
    public DataEpoch current() {
        return current;
    }

    /** How often it was another one, since the process started. */
    public long changes() {
        return changes;
    }

    /** Begins another epoch, for all nodes. */
    public CompletionStage<DataEpoch> begin() {
        return blocking.submit(this::beginNow);
    }

    /** The same; blocks. */
    public synchronized DataEpoch beginNow() {
        take(epochs.begin(current, clock.millis()));
        return current;
    }

    /** Looks whether another epoch has begun. Blocks. */
    public synchronized void look() {
        take(epochs.current());
    }

    private void take(DataEpoch found) {
        if (!found.equals(current)) {
            LOG.warn(
                    "the data is of epoch {} now, before of {}: all clients log in again, and drop what they remember of"
                            + " numbers",
                    found.id(),
                    current.id());
            changes++;
            // First, so that a session that is opened meanwhile is told it, or is found.
            current = found;
            endSessions.run();
        }
    }

    @Override
    public List<PeriodicTask> tasks() {
        return epochs.isShared()
                ? List.of(new PeriodicTask("look for another epoch of the data", LOOK_MILLIS, this::look))
                : List.of();
    }
}
