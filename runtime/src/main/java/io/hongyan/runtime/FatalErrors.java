package io.hongyan.runtime;

import java.util.function.Consumer;

/**
 * Tells the errors after which a process must not go on from those that one client's bytes may cause. The heap that is full, a
 * fault of the virtual machine or a class that cannot be loaded leave anything behind half done, in any thread; a stack that
 * was too small and direct memory that was not to be had end with the task that met them.
 */
public final class FatalErrors {
    private static final int CAUSES_MAX = 8;
    private static final String DIRECT_MEMORY = "direct buffer memory";

    /** Whether the process must end; looks at the causes too. */
    public static boolean isFatal(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < CAUSES_MAX; depth++) {
            if (ends(cause)) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    /**
     * For code that catches everything and goes on, or whose executor does: hands what {@link #isFatal} to the default handler
     * of uncaught exceptions, as if the thread had died of it, and passes over anything else. A server sets that handler so that
     * it ends the process.
     */
    public static void escalate(Throwable failure) {
        if (!isFatal(failure)) {
            return;
        }
        Thread thread = Thread.currentThread();
        Thread.UncaughtExceptionHandler handler = Thread.getDefaultUncaughtExceptionHandler();
        if (handler != null) {
            handler.uncaughtException(thread, failure);
        } else {
            thread.getThreadGroup().uncaughtException(thread, failure);
        }
    }

    /**
     * A task that never throws, for executors that would drop a failure, and all later runs of a periodic task with it.
     *
     * @param onFailure told of every failure
     */
    public static Runnable contain(Runnable task, Consumer<Throwable> onFailure) {
        return () -> {
            try {
                task.run();
            } catch (Throwable failure) {
                escalate(failure);
                onFailure.accept(failure);
            }
        };
    }

    private static boolean ends(Throwable failure) {
        if (failure instanceof OutOfMemoryError) {
            // Netty has a class of its own for its direct memory; the JDK only says so.
            String message = failure.getMessage();
            return failure.getClass() == OutOfMemoryError.class
                    && (message == null || !message.contains(DIRECT_MEMORY));
        }
        return failure instanceof LinkageError
                || failure instanceof VirtualMachineError && !(failure instanceof StackOverflowError);
    }

    private FatalErrors() {}
}
