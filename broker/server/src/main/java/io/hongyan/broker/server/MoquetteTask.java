package io.hongyan.broker.server;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.BiConsumer;

/**
 * A command in the queue of one of Moquette's session threads, which die of any exception of a command. This class
 * catches it and ends the connection whose packet led to the command; the thread goes on with other commands.
 */
final class MoquetteTask extends FutureTask<String> {
    /** The connection whose packet the current thread handles; commands pass it to further commands. */
    private static final ThreadLocal<Connection> CAUSE = new ThreadLocal<>();
    /** Set while the current thread does something that must reach Moquette. */
    private static final ThreadLocal<Boolean> SURELY = new ThreadLocal<>();
    /** Space for the retained message that the current thread passes on; the command for it takes it over. */
    private static final ThreadLocal<LimitedRetained.Place> HANDED_ON = new ThreadLocal<>();
    /** The same for the command that the current thread runs. */
    private static final ThreadLocal<LimitedRetained.Place> CURRENT = new ThreadLocal<>();

    private final FutureTask<String> command;
    private final Connection cause;
    private final LimitedRetained.Place place;
    private final boolean surely;
    private final BiConsumer<Connection, Throwable> failed;
    private final Runnable then;

    /**
     * @param failed gets the exception of the command, and the connection, null if none led to it
     * @param then runs after it
     */
    MoquetteTask(FutureTask<String> command, BiConsumer<Connection, Throwable> failed, Runnable then) {
        super(() -> null);
        this.command = command;
        this.then = then;
        this.cause = CAUSE.get();
        if (cause != null) {
            cause.moquette().commands.begins();
        }
        this.surely = SURELY.get() != null;
        this.place = HANDED_ON.get();
        if (place != null) {
            HANDED_ON.remove();
        }
        this.failed = failed;
    }

    /** Runs an action of Moquette for this connection. */
    static void causedBy(Connection connection, Runnable work) {
        Connection before = CAUSE.get();
        CAUSE.set(connection);
        try {
            work.run();
        } finally {
            CAUSE.set(before);
        }
    }

    /** The same; commands that it causes are always run, later if their queue is full. */
    static void surelyCausedBy(Connection connection, Runnable work) {
        SURELY.set(true);
        try {
            causedBy(connection, work);
        } finally {
            SURELY.remove();
        }
    }

    /** The connection whose packet led to what the current thread does, null if none did. */
    static Connection cause() {
        return CAUSE.get();
    }

    /** Whether it must not be dropped. */
    boolean surely() {
        return surely;
    }

    /**
     * Passes on a message that is to be retained. The command for it holds the place and releases it when it has run;
     * if there is no command, it is released here.
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

    /** The place of the command which the current thread runs; null if it has none. */
    static LimitedRetained.Place place() {
        return CURRENT.get();
    }

    /** It will never run. */
    void dropped() {
        if (place != null) {
            place.giveBack();
        }
        ended();
    }

    private void ended() {
        if (cause != null) {
            cause.moquette().commands.ends();
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
        ended();
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

    /** Moquette asks for the failure in order to rethrow it. */
    @Override
    public String get() {
        return null;
    }
}
