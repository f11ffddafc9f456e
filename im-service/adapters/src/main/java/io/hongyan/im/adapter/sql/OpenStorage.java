package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.PeriodicTask;
import io.hongyan.im.core.Storage;
import io.hongyan.im.core.message.StorageException;
import java.util.List;

/** A storage in use, on whatever engine. Safe for many threads. */
public interface OpenStorage extends AutoCloseable {
    /** All ports. */
    Storage ports();

    StorageCounters counters();

    /** What must be done now and then while it is in use. */
    List<PeriodicTask> tasks();

    /** Ends after the works in hand. Calls after this throw {@link StorageException}. */
    @Override
    void close();
}
