package io.hongyan.im.adapter.sql.sqlite;

import java.sql.SQLException;

/** The transaction that waiting works share. Called by one thread at a time. */
interface WriteTransaction {
    void begin() throws SQLException;

    /** Durable on return. */
    void commit() throws SQLException;

    /** Undoes everything since {@link #begin()}, and whatever was remembered of it. Never throws. */
    void rollback(Throwable failure);

    /** Whether it was the work that failed, and not the storage: other works may go on without it. */
    boolean survives(Throwable failure);
}
