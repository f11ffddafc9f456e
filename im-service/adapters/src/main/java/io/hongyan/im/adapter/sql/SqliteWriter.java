package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.message.StorageException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.apache.ibatis.session.SqlSession;
import org.apache.ibatis.session.SqlSessionFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteErrorCode;

/** The one connection that writes. Used by one thread at a time, the leader of {@link GroupCommit}. */
final class SqliteWriter implements WriteTransaction, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SqliteWriter.class);

    private final Connection connection;
    private final SqlSession session;
    private final PreparedStatement begin;
    private final PreparedStatement commit;
    private final PreparedStatement rollback;
    private final PreparedStatement savepoint;
    private final PreparedStatement rollbackToSavepoint;
    private final PreparedStatement releaseSavepoint;
    private final List<Remembering> remembering = new ArrayList<>();

    SqliteWriter(Connection connection, SqlSessionFactory sessions) throws SQLException {
        this.connection = connection;
        this.session = sessions.openSession(connection);
        this.begin = connection.prepareStatement("BEGIN IMMEDIATE");
        this.commit = connection.prepareStatement("COMMIT");
        this.rollback = connection.prepareStatement("ROLLBACK");
        this.savepoint = connection.prepareStatement("SAVEPOINT work");
        this.rollbackToSavepoint = connection.prepareStatement("ROLLBACK TO work");
        this.releaseSavepoint = connection.prepareStatement("RELEASE work");
    }

    Connection connection() {
        return connection;
    }

    <M> M mapper(Class<M> type) {
        return session.getMapper(type);
    }

    /** Something that keeps rows in memory and must hear whether they came to stay. */
    void tell(Remembering one) {
        remembering.add(one);
    }

    @Override
    public void begin() throws SQLException {
        begin.execute();
    }

    @Override
    public void savepoint() throws SQLException {
        savepoint.execute();
    }

    @Override
    public void rollbackToSavepoint() throws SQLException {
        rollbackToSavepoint.execute();
        remembering.forEach(Remembering::undone);
    }

    @Override
    public void releaseSavepoint() throws SQLException {
        releaseSavepoint.execute();
    }

    @Override
    public void commit() throws SQLException {
        commit.execute();
        remembering.forEach(Remembering::committed);
    }

    @Override
    public void rollback() {
        remembering.forEach(Remembering::undone);
        try {
            rollback.execute();
        } catch (SQLException e) {
            // SQLite has already rolled back by itself after most errors of the disk.
            log.debug("rollback: {}", e.getMessage());
        }
    }

    @Override
    public boolean survives(Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                int primary = sql.getErrorCode() & 0xff;
                return primary == SQLiteErrorCode.SQLITE_CONSTRAINT.code
                        || primary == SQLiteErrorCode.SQLITE_TOOBIG.code
                        || primary == SQLiteErrorCode.SQLITE_MISMATCH.code;
            }
        }
        return true;
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new StorageException("the database did not close", e);
        }
    }

    /** Holds rows of the database in memory. */
    interface Remembering {
        void committed();

        /** Whatever was read or changed since the last commit is to be forgotten. */
        void undone();
    }
}
