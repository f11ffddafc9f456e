package io.hongyan.im.app;

import io.hongyan.im.core.send.Lane;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The thread of the lane. */
final class LaneDriver {
    private static final long WAIT_MILLIS = 100;
    private static final long POLL_MILLIS = 5;

    private final Lane lane;
    private final Consumer<String> onFault;
    private final Thread thread = new Thread(this::drive, "lane");
    private volatile boolean stopping;

    /** @param onFault told why the thread died */
    LaneDriver(Lane lane, Consumer<String> onFault) {
        this.lane = lane;
        this.onFault = onFault;
    }

    void start() {
        thread.start();
    }

    boolean alive() {
        return thread.isAlive();
    }

    /** Waits until nothing waits to be stored, at most so long. */
    void drain(long millisMax) throws InterruptedException {
        for (long waited = 0; waited < millisMax && alive() && lane.waiting() > 0; waited += POLL_MILLIS) {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    /** Stores what waits, then ends; breaks off a storage that does not answer. */
    void close() throws InterruptedException {
        stopping = true;
        thread.join(TimeUnit.SECONDS.toMillis(2));
        thread.interrupt();
        thread.join(TimeUnit.SECONDS.toMillis(1));
    }

    private void drive() {
        try {
            while (lane.runOnce(WAIT_MILLIS) || !stopping) {
                // A turn that found something may be followed by another at once.
            }
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error fault) {
            onFault.accept("the thread that stores messages has died of " + fault);
        }
    }
}
