package io.hongyan.im.app;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A thread that does one thing, turn after turn. */
final class WorkerThread {
    private static final long WAIT_MILLIS = 100;

    private final Turn turn;
    private final Consumer<String> onFault;
    private final Thread thread;
    private volatile boolean stopping;

    /** Waits for work, at most so long; says whether there was any. */
    @FunctionalInterface
    interface Turn {
        boolean runOnce(long waitMillis) throws InterruptedException;
    }

    /** @param onFault told why the thread died */
    WorkerThread(String name, Turn turn, Consumer<String> onFault) {
        this.turn = turn;
        this.onFault = onFault;
        this.thread = new Thread(this::drive, name);
    }

    void start() {
        thread.start();
    }

    boolean alive() {
        return thread.isAlive();
    }

    /** No turn begins from now on; the one at hand is waited for, then broken off. */
    void close() throws InterruptedException {
        stopping = true;
        thread.join(TimeUnit.SECONDS.toMillis(2));
        thread.interrupt();
        thread.join(TimeUnit.SECONDS.toMillis(1));
    }

    private void drive() {
        try {
            while (!stopping) {
                turn.runOnce(WAIT_MILLIS);
            }
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error fault) {
            onFault.accept("the thread " + thread.getName() + " has died of " + fault);
        }
    }
}
