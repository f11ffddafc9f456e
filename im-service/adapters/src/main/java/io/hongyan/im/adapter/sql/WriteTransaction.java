package io.hongyan.im.adapter.sql;

import java.sql.SQLException;

/** The transaction that waiting works share. Called by one thread at a time. */
interface WriteTransaction {
    void begin() throws SQLException;

    void savepoint() throws SQLException;

    void rollbackToSavepoint() throws SQLException;

    void releaseSavepoint() throws SQLException;

    /** Durable on return. */
    void commit() throws SQLException;

    /** Undoes everything since {@link #begin()}, and whatever was remembered of it. Never throws. */
    void rollback(Throwable failure);

    /** Whether the transaction can go on, without the work that ended with this failure. */
    boolean survives(Throwable failure);
}
