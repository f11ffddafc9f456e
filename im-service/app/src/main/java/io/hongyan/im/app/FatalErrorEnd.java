package io.hongyan.im.app;

import io.hongyan.runtime.FatalErrors;
import java.io.PrintStream;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the process at once if a thread has met an error after which nothing can be relied on: without the threads that
 * such an error has killed, the process would accept connections and serve nobody. Any other end of a thread is logged.
 */
final class FatalErrorEnd implements Thread.UncaughtExceptionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(FatalErrorEnd.class);
    private static final int FAILED = 1;

    private final PrintStream err;
    private final IntConsumer halt;

    /** @param halt ends the process with an exit code, running nothing more */
    FatalErrorEnd(PrintStream err, IntConsumer halt) {
        this.err = err;
        this.halt = halt;
    }

    @Override
    public void uncaughtException(Thread thread, Throwable failure) {
        if (!FatalErrors.isFatal(failure)) {
            LOG.error("The thread {} has ended", thread.getName(), failure);
            return;
        }
        try {
            err.println("hongyan: the process ends at once: " + thread.getName() + ": " + failure);
            LOG.error("The process ends at once, because the thread {} cannot go on", thread.getName(), failure);
        } finally {
            halt.accept(FAILED);
        }
    }
}
