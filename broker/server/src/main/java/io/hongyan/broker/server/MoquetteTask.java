package io.hongyan.broker.server;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.BiConsumer;

/**
 * A command in the queue of one of Moquette's session threads, which die of whatever a command throws. Here that is caught, and
 * the connection whose packet led to the command ends for it; the thread goes on with the commands of the others.
 */
final class MoquetteTask extends FutureTask<String> {
    /** Whose packet the current thread is working on; commands that lead to further ones hand it on. */
    private static final ThreadLocal<Connection> CAUSE = new ThreadLocal<>();
    /** Set while the current thread does what must reach Moquette. */
    private static final ThreadLocal<Boolean> SURELY = new ThreadLocal<>();
    /** Room for the retained message that the current thread hands on; the command that comes of it takes it over. */
    private static final ThreadLocal<LimitedRetained.Place> HANDED_ON = new ThreadLocal<>();
    /** The same of the command that the current thread runs. */
    private static final ThreadLocal<LimitedRetained.Place> CURRENT = new ThreadLocal<>();

    private final FutureTask<String> command;
    private final Connection cause;
    private final LimitedRetained.Place place;
    private final boolean surely;
    private final BiConsumer<Connection, Throwable> failed;
    private final Runnable then;

    /**
     * @param failed gets what the command threw, and the connection, null where none led to it
     * @param then is called when it has run
     */
    MoquetteTask(FutureTask<String> command, BiConsumer<Connection, Throwable> failed, Runnable then) {
        super(() -> null);
        this.command = command;
        this.then = then;
        this.cause = CAUSE.get();
        this.surely = SURELY.get() != null;
        this.place = HANDED_ON.get();
        if (place != null) {
            HANDED_ON.remove();
        }
        this.failed = failed;
    }

    /** Runs what Moquette does for this connection. */
    static void causedBy(Connection connection, Runnable work) {
        Connection before = CAUSE.get();
        CAUSE.set(connection);
        try {
            work.run();
        } finally {
            CAUSE.set(before);
        }
    }

    /** The same; commands that this leads to are run in any case, later where their queue is full. */
    static void surelyCausedBy(Connection connection, Runnable work) {
        SURELY.set(true);
        try {
            causedBy(connection, work);
        } finally {
            SURELY.remove();
        }
    }

    /** Whether it must not be dropped. */
    boolean surely() {
        return surely;
    }

    /**
     * Hands on a message that is to be retained. The command that comes of it has the place and gives it back when it has run;
     * where none comes of it, it is given back here.
     */
    static void with(LimitedRetained.Place place, Runnable handOn) {
        HANDED_ON.set(place);
        try {
            handOn.run();
        } finally {
            if (HANDED_ON.get() != null) {
                HANDED_ON.remove();
                place.giveBack();
            }
        }
    }

    /** That of the command which the current thread runs; null where it has none. */
    static LimitedRetained.Place place() {
        return CURRENT.get();
    }

    /** It will never run. */
    void dropped() {
        if (place != null) {
            place.giveBack();
        }
    }

    @Override
    public void run() {
        if (place == null) {
            causedBy(cause, command);
        } else {
            runWithPlace();
        }
        then.run();
        try {
            command.get();
        } catch (ExecutionException failure) {
            failed.accept(cause, failure.getCause());
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private void runWithPlace() {
        CURRENT.set(place);
        try {
            causedBy(cause, command);
        } finally {
            CURRENT.remove();
            place.giveBack();
        }
    }

    /** Moquette asks for the failure in order to die of it. */
    @Override
    public String get() {
        return null;
    }
}
