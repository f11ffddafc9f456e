package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.Storage;
import io.hongyan.im.core.data.DataEpochs;
import io.hongyan.im.core.message.StorageException;
import io.hongyan.im.core.work.PeriodicTask;
import io.hongyan.runtime.ThreadWatch;
import io.hongyan.runtime.WatchedThreads;
import java.util.List;
import java.util.function.Consumer;

/** A storage in use, on whatever engine. Safe for many threads. */
public interface OpenStorage extends AutoCloseable, WatchedThreads {
    /** All ports. */
    Storage ports();

    /** Which history the data has. */
    DataEpochs dataEpochs();

    StorageCounters counters();

    /**
     * Registers this node at the storage, until it is closed. Nodes that share one must also share a Redis, or they do
     * not learn what the others store; an engine that only one process can open accepts any.
     *
     * @param node names this server over its restarts
     * @param meets whether it shares a Redis with the other nodes of the storage
     * @param alike what all servers of the storage must have alike; empty = nothing
     * @param onConflict told, on any thread, when another one has come that it does not go with; it is to end then
     * @throws StorageException another server uses the storage that it does not go with, or the same is there twice
     */
    void join(String node, boolean meets, String alike, Consumer<String> onConflict);

    /** Tasks that must run periodically while it is in use. */
    List<PeriodicTask> tasks();

    /** Where it has no threads of its own, nothing. */
    @Override
    default void watch(ThreadWatch watch) {}

    /** Ends after running work. Calls after this throw {@link StorageException}. */
    @Override
    void close();
}
