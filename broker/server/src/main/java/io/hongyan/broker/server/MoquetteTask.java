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

    private final FutureTask<String> command;
    private final Connection cause;
    private final BiConsumer<Connection, Throwable> failed;

    /** @param failed gets what the command threw, and the connection, null where none led to it */
    MoquetteTask(FutureTask<String> command, BiConsumer<Connection, Throwable> failed) {
        super(() -> null);
        this.command = command;
        this.cause = CAUSE.get();
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

    @Override
    public void run() {
        causedBy(cause, command);
        try {
            command.get();
        } catch (ExecutionException failure) {
            failed.accept(cause, failure.getCause());
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    /** Moquette asks for the failure in order to die of it. */
    @Override
    public String get() {
        return null;
    }
}
