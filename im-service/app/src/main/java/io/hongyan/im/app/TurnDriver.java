package io.hongyan.im.app;

import io.hongyan.runtime.FatalErrors;
import io.hongyan.runtime.ThreadWatch;
import io.hongyan.runtime.WatchedThreads;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/** The thread of a component that works turn by turn. */
final class TurnDriver implements WatchedThreads {
    private static final long POLL_MILLIS = 5;

    private final Turn turn;
    private final long waitMillis;
    private final Consumer<String> onFault;
    private final Thread thread;
    private volatile boolean stopping;

    /** @return whether there was work; if not, it has waited, at most so long */
    @FunctionalInterface
    interface Turn {
        boolean runOnce(long waitMillis) throws InterruptedException;
    }

    /**
     * @param waitMillis how long a turn may wait for work
     * @param onFault told why the thread died
     */
    TurnDriver(String name, Turn turn, long waitMillis, Consumer<String> onFault) {
        this.turn = turn;
        this.waitMillis = waitMillis;
        this.onFault = onFault;
        this.thread = new Thread(this::drive, name);
    }

    /** Gives itself. */
    TurnDriver start() {
        thread.start();
        return this;
    }

    @Override
    public void watch(ThreadWatch watch) {
        watch.mustLive("the thread " + thread.getName(), this::alive);
    }

    boolean alive() {
        return thread.isAlive();
    }

    /** Waits until no work waits, at most so long. */
    void drain(IntSupplier waiting, long millisMax) throws InterruptedException {
        for (long waited = 0; waited < millisMax && alive() && waiting.getAsInt() > 0; waited += POLL_MILLIS) {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    /** Does the waiting work, then ends; aborts what takes too long. */
    void close() throws InterruptedException {
        stopping = true;
        thread.join(TimeUnit.SECONDS.toMillis(2));
        thread.interrupt();
        thread.join(TimeUnit.SECONDS.toMillis(1));
    }

    private void drive() {
        try {
            while (turn.runOnce(waitMillis) || !stopping) {
                // A turn that found work may be followed by another at once.
            }
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error fault) {
            FatalErrors.escalate(fault);
            onFault.accept("the thread " + thread.getName() + " has died of " + fault);
        }
    }
}
