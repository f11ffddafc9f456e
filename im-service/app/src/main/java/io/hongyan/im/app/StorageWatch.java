package io.hongyan.im.app;

import java.util.function.LongSupplier;

/** Decides from the storage's counters, checked periodically, whether it accepts writes. */
final class StorageWatch {
    private final LongSupplier commits;
    private final LongSupplier failures;
    private final LongSupplier waiting;
    private final int patience;

    private long commitsBefore;
    private long failuresBefore;
    private int looksWithoutProgress;
    private volatile boolean good = true;

    /**
     * @param waiting writes that wait
     * @param patience how many checks in a row may find waiting writes and no commit
     */
    StorageWatch(LongSupplier commits, LongSupplier failures, LongSupplier waiting, int patience) {
        this.commits = commits;
        this.failures = failures;
        this.waiting = waiting;
        this.patience = patience;
    }

    /** One thread checks. */
    void look() {
        long commitsNow = commits.getAsLong();
        long failuresNow = failures.getAsLong();
        if (commitsNow != commitsBefore) {
            good = true;
            looksWithoutProgress = 0;
        } else if (failuresNow != failuresBefore) {
            good = false;
        } else if (waiting.getAsLong() == 0) {
            looksWithoutProgress = 0;
        } else if (++looksWithoutProgress >= patience) {
            good = false;
        }
        commitsBefore = commitsNow;
        failuresBefore = failuresNow;
    }

    boolean good() {
        return good;
    }
}
