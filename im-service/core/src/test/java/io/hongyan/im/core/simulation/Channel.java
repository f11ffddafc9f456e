package io.hongyan.im.core.simulation;

import java.util.ArrayDeque;
import java.util.Random;

/** One direction of a connection: packets arrive late, in order, and not at all once it is cut. */
final class Channel {
    private final Scheduler scheduler;
    private final Random random;
    private final int delayMillisMax;
    private final ArrayDeque<Runnable> packets = new ArrayDeque<>();

    private long lastArrivalMillis;
    private int arrivedWhilePaused;
    private boolean paused;
    private boolean cut;

    Channel(Scheduler scheduler, Random random, int delayMillisMax) {
        this.scheduler = scheduler;
        this.random = random;
        this.delayMillisMax = delayMillisMax;
    }

    /** @param arrival what the packet does at the other end */
    void send(Runnable arrival) {
        if (cut) {
            return;
        }
        packets.add(arrival);
        lastArrivalMillis = Math.max(lastArrivalMillis, scheduler.millis() + random.nextInt(delayMillisMax + 1));
        scheduler.after(lastArrivalMillis - scheduler.millis(), null, this::arrive);
    }

    private void arrive() {
        if (cut) {
            return;
        }
        if (paused) {
            arrivedWhilePaused++;
        } else {
            packets.remove().run();
        }
    }

    /** The other end stops reading. */
    void pause() {
        paused = true;
    }

    void resume() {
        if (!paused) {
            return;
        }
        paused = false;
        for (; arrivedWhilePaused > 0; arrivedWhilePaused--) {
            scheduler.after(0, null, this::arrive);
        }
    }

    void cut() {
        cut = true;
        packets.clear();
    }
}
