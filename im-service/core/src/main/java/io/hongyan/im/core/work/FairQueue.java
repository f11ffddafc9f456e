package io.hongyan.im.core.work;

import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.LongAdder;

/**
 * Work of many owners on threads that are shared with other queues. Owners take turns, one piece of work each; what one owner
 * asks for is done in its order. After each piece the thread is given back, so that queues take turns too.
 */
public final class FairQueue {
    private final Executor threads;
    private final int concurrencyMax;
    private final int waitingMax;
    private final int waitingPerOwnerMax;
    private final InstantSource clock;
    private final LongAdder done = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder waitedMillis = new LongAdder();

    /** Whose turn is next stands first. Guarded by this, as is all below. */
    private final Map<Object, Queue<Piece>> owners = new LinkedHashMap<>();

    private int waiting;
    private int running;

    private record Piece(Runnable work, long sinceMillis) {}

    /**
     * @param threads may refuse work; what waits then is done by the threads that are at work
     * @param concurrencyMax pieces of work at the same time
     */
    public FairQueue(
            Executor threads, int concurrencyMax, int waitingMax, int waitingPerOwnerMax, InstantSource clock) {
        this.threads = threads;
        this.concurrencyMax = concurrencyMax;
        this.waitingMax = waitingMax;
        this.waitingPerOwnerMax = waitingPerOwnerMax;
        this.clock = clock;
    }

    /** As much as the executor takes, and refused where it refuses. */
    public static FairQueue over(Executor executor) {
        return new FairQueue(executor, Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE, InstantSource.system());
    }

    /**
     * Does not wait.
     *
     * @param owner who the work is for, with {@code equals}: work of one does not delay that of others
     * @throws RejectedExecutionException too much of this owner waits, or no thread can be had
     */
    public void execute(Object owner, Runnable work) {
        Piece piece = new Piece(work, clock.millis());
        synchronized (this) {
            Queue<Piece> own = owners.get(owner);
            if (own != null && own.size() >= share()) {
                refused.increment();
                throw new RejectedExecutionException("too much work waits for " + owner);
            }
            if (own == null) {
                own = new ArrayDeque<>(1);
                owners.put(owner, own);
            }
            own.add(piece);
            waiting++;
            if (running >= concurrencyMax) {
                return;
            }
            running++;
        }
        try {
            threads.execute(this::runOne);
        } catch (RejectedExecutionException full) {
            if (withdraw(owner, piece)) {
                throw full;
            }
        }
    }

    /** What one owner may have waiting: the more of them there are, the less. */
    private int share() {
        return Math.max(1, Math.min(waitingPerOwnerMax, waitingMax / owners.size()));
    }

    /** False where a thread that is at work has taken it by now. */
    private synchronized boolean withdraw(Object owner, Piece piece) {
        running--;
        Queue<Piece> own = owners.get(owner);
        if (own == null || !own.removeIf(other -> other == piece)) {
            return false;
        }
        refused.increment();
        waiting--;
        if (own.isEmpty()) {
            owners.remove(owner);
        }
        return true;
    }

    private void runOne() {
        Throwable trouble = null;
        boolean here = true;
        while (here) {
            Piece piece = next();
            if (piece == null) {
                break;
            }
            try {
                piece.work.run();
            } catch (RuntimeException | Error failed) {
                trouble = failed;
            }
            done.increment();
            here = goOnHere();
        }
        if (trouble instanceof RuntimeException failed) {
            throw failed;
        } else if (trouble instanceof Error failed) {
            throw failed;
        }
    }

    /** Null where nothing waits; then this thread is no longer counted. */
    private synchronized Piece next() {
        Iterator<Map.Entry<Object, Queue<Piece>>> turns = owners.entrySet().iterator();
        if (!turns.hasNext()) {
            running--;
            return null;
        }
        Map.Entry<Object, Queue<Piece>> first = turns.next();
        Object owner = first.getKey();
        Queue<Piece> own = first.getValue();
        turns.remove();
        Piece piece = own.remove();
        waiting--;
        if (!own.isEmpty()) {
            owners.put(owner, own);
        }
        waitedMillis.add(Math.max(0, clock.millis() - piece.sinceMillis));
        return piece;
    }

    /** Lets the other queues have their turn, where there is more to do. */
    private boolean goOnHere() {
        synchronized (this) {
            if (waiting == 0) {
                running--;
                return false;
            }
        }
        try {
            threads.execute(this::runOne);
            return false;
        } catch (RejectedExecutionException full) {
            return true;
        }
    }

    /** Pieces of work that wait now. */
    public synchronized int waiting() {
        return waiting;
    }

    /** Pieces of work done, or failed. */
    public long done() {
        return done.sum();
    }

    public long refused() {
        return refused.sum();
    }

    /** How long those done have waited, together. */
    public long waitedMillis() {
        return waitedMillis.sum();
    }
}
