package io.hongyan.im.core.work;

import java.util.List;

/**
 * A part of the core with its own rules, limits, counters and tasks. Of another one it knows ports at most: interfaces, and
 * records that go over them.
 */
public interface Feature {
    /** What is due again and again. A run that throws is to be logged and repeated when it is due next. */
    default List<PeriodicTask> tasks() {
        return List.of();
    }

    /** Writes what has moved in memory only: the last thing before the storage is closed. Blocks. */
    default void flush() {}
}
