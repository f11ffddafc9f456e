package io.hongyan.broker.hook.grpc;

import io.hongyan.metrics.Counters;

/** Stops reading a stream while too many bytes that came are unanswered. Safe for many threads. */
final class ReadPause {
    private final long unansweredBytesMax;
    private final Counters<LinkCounter> counters;
    private final Runnable readNext;

    // Guarded by this.
    private long unansweredBytes;
    private boolean paused;

    ReadPause(long unansweredBytesMax, Counters<LinkCounter> counters, Runnable readNext) {
        this.unansweredBytesMax = unansweredBytesMax;
        this.counters = counters;
        this.readNext = readNext;
    }

    synchronized void begin(int bytes) {
        unansweredBytes += bytes;
    }

    synchronized void end(int bytes) {
        unansweredBytes -= bytes;
        if (paused && unansweredBytes <= unansweredBytesMax / 2) {
            paused = false;
            readNext.run();
        }
    }

    /** A message has been handled: the next one is requested, now or later. */
    synchronized void messageRead() {
        if (unansweredBytes > unansweredBytesMax) {
            paused = true;
            counters.increment(LinkCounter.READS_PAUSED);
        } else {
            readNext.run();
        }
    }

    synchronized boolean paused() {
        return paused;
    }
}
