package io.hongyan.runtime;

/** Has its own threads, on which a process depends. */
public interface WatchedThreads {
    /** Adds them to the watch; called once, after they were started. */
    void watch(ThreadWatch watch);
}
