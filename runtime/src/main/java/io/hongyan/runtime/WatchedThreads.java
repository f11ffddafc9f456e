package io.hongyan.runtime;

/** Has threads of its own that a process depends on. */
public interface WatchedThreads {
    /** Has them watched; called once, after they were started. */
    void watch(ThreadWatch watch);
}
