package io.hongyan.im.core.simulation;

import java.util.ArrayList;
import java.util.List;

/** Promises that a run has broken. */
final class Violations {
    private final List<String> all = new ArrayList<>();

    /** @param atMillis since the run began, 0 where it shows in the end state */
    void add(String promise, long atMillis, String how) {
        all.add(promise + " at " + atMillis + ": " + how);
    }

    List<String> all() {
        return List.copyOf(all);
    }
}
