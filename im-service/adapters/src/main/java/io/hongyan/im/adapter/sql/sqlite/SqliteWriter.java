package io.hongyan.im.adapter.sql.sqlite;

import io.hongyan.im.adapter.sql.FanOutRows;
import io.hongyan.im.adapter.sql.LoginRows;
import io.hongyan.im.adapter.sql.MessageRows;
import io.hongyan.im.adapter.sql.Transaction;
import io.hongyan.im.core.message.StorageException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one connection that writes. Used by one thread at a time, the leader of {@link GroupCommit}. */
final class SqliteWriter implements WriteTransaction, Transaction, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SqliteWriter.class);

    private final Opener opener;
    private final List<Remembering> remembering = new ArrayList<>();

    /** Null after a failure, until the next transaction. */
    private WriterSession session;

    SqliteWriter(Opener opener) throws SQLException {
        this.opener = opener;
        this.session = opener.open();
    }

    /** Within a transaction, for this transaction. */
    @Override
    public Connection connection() {
        return session.connection();
    }

    /** Within a transaction, for this transaction. */
    @Override
    public <M> M mapper(Class<M> type) {
        return session.mapper(type);
    }

    /** A statement costs little here. */
    @Override
    public <M> M batching(Class<M> type) {
        return mapper(type);
    }

    /** Within a transaction, for this transaction. */
    MessageRows rows() {
        return session.rows();
    }

    /** Within a transaction, for this transaction. */
    DedupIndexRows dedupRows() {
        return session.dedupRows();
    }

    /** Within a transaction, for this transaction. */
    InboxRows inboxRows() {
        return session.inboxRows();
    }

    /** Within a transaction, for this transaction. */
    GroupRows groupRows() {
        return session.groupRows();
    }

    /** Within a transaction, for this transaction. */
    ChangeRows changeRows() throws SQLException {
        return session.changeRows();
    }

    /** Within a transaction, for this transaction. */
    FanOutRows fanOutRows() {
        return session.fanOutRows();
    }

    /** Within a transaction, for this transaction. */
    @Override
    public LoginRows loginRows() {
        return session.loginRows();
    }

    /** Something that keeps rows in memory and must be told whether they were committed. */
    void tell(Remembering one) {
        remembering.add(one);
    }

    @Override
    public void begin() throws SQLException {
        if (session == null) {
            session = opener.open();
        }
        session.begin();
    }

    @Override
    public void commit() throws SQLException {
        session.commit();
        remembering.forEach(Remembering::committed);
    }

    @Override
    public void rollback(Throwable failure) {
        remembering.forEach(Remembering::undone);
        if (session == null) {
            return;
        }
        try {
            if (survives(failure)) {
                session.rollback();
            } else {
                discard();
            }
        } catch (SQLException e) {
            log.warn("rollback: {}", e.getMessage());
            discard();
        }
    }

    /** An SQL error ends the driver's statement, and perhaps the transaction. */
    @Override
    public boolean survives(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException || cause instanceof Error) {
                return false;
            }
        }
        return true;
    }

    /** Closing rolls back. */
    private void discard() {
        WriterSession failed = session;
        session = null;
        try {
            failed.close();
        } catch (SQLException e) {
            log.warn("closing the writer after a failure: {}", e.getMessage());
        }
    }

    @Override
    public void close() {
        try {
            if (session != null) {
                session.close();
            }
        } catch (SQLException e) {
            throw new StorageException("the database did not close", e);
        }
    }

    @FunctionalInterface
    interface Opener {
        WriterSession open() throws SQLException;
    }

    /** Holds rows of the database in memory. */
    interface Remembering {
        void committed();

        /** Whatever was read or changed since the last commit is to be forgotten. */
        void undone();
    }
}
