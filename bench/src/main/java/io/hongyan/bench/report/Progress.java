package io.hongyan.bench.report;

import io.hongyan.bench.time.BenchTime;
import java.io.PrintStream;

/**
 * One line on standard error that shows the progress: rewritten in place on a terminal, a new line every few seconds
 * elsewhere. Safe for many threads.
 */
public final class Progress {
    private static final long TERMINAL_NANOS = 500_000_000L;
    private static final long LOG_NANOS = 5_000_000_000L;
    private static final int LINE_WIDTH = 110;

    private final PrintStream out;
    private final boolean terminal;
    private final BenchTime time;
    private long nextNanos;
    private boolean midLine;

    public Progress(PrintStream out, boolean terminal, BenchTime time) {
        this.out = out;
        this.terminal = terminal;
        this.time = time;
        this.nextNanos = time.nanos();
    }

    /** Shows the state, if enough time has passed. */
    public synchronized void at(String status) {
        long now = time.nanos();
        if (now < nextNanos) {
            return;
        }
        nextNanos = now + (terminal ? TERMINAL_NANOS : LOG_NANOS);
        if (terminal) {
            out.printf("\r%-" + LINE_WIDTH + "s", status);
            out.flush();
            midLine = true;
        } else {
            out.println(status);
        }
    }

    /** Prints something that stays on the screen. */
    public synchronized void note(String line) {
        if (midLine) {
            out.printf("\r%-" + LINE_WIDTH + "s\r", "");
            midLine = false;
        }
        out.println(line);
        nextNanos = time.nanos();
    }
}
