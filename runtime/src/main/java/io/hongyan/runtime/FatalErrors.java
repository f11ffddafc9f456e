package io.hongyan.runtime;

import java.util.function.Consumer;

/**
 * Distinguishes errors after which a process must not go on from errors that the bytes of one client may cause. A full
 * heap, a fault of the virtual machine or a class that cannot be loaded may leave any state half changed, in any
 * thread. A stack overflow, or too little direct memory, ends with the task in which it happened.
 */
public final class FatalErrors {
    private static final int CAUSES_MAX = 8;
    private static final String DIRECT_MEMORY = "direct buffer memory";

    /** Whether the process must end; also checks the causes. */
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
     * For code that catches everything and goes on, or whose executor does: passes a failure for which {@link #isFatal}
     * is true to the default handler of uncaught exceptions, as if the thread had died of it, and ignores others. A
     * server sets that handler so that it ends the process.
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
     * A task that never throws, for executors that would drop a failure and, with it, all later runs of a periodic
     * task.
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
            // Netty has its own class for a lack of direct memory; the JDK has only the message.
            String message = failure.getMessage();
            return failure.getClass() == OutOfMemoryError.class
                    && (message == null || !message.contains(DIRECT_MEMORY));
        }
        return failure instanceof LinkageError
                || failure instanceof VirtualMachineError && !(failure instanceof StackOverflowError);
    }

    private FatalErrors() {}
}
