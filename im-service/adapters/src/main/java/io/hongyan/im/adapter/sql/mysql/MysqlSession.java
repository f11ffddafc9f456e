package io.hongyan.im.adapter.sql.mysql;

import io.hongyan.im.adapter.sql.EntryRows;
import io.hongyan.im.adapter.sql.LoginRows;
import io.hongyan.im.adapter.sql.ReadConnection;
import io.hongyan.im.adapter.sql.Transaction;
import java.sql.Connection;
import java.sql.SQLException;
import org.apache.ibatis.session.ExecutorType;
import org.apache.ibatis.session.SqlSession;
import org.apache.ibatis.session.SqlSessionFactory;

/** A borrowed connection for the time of one transaction. Used by one thread at a time. */
final class MysqlSession implements ReadConnection, Transaction {
    /** How the driver is told to hand rows over as they come: pages end by bytes, and the rest is not to fill memory. */
    static final int ROW_BY_ROW = Integer.MIN_VALUE;

    private static final String RANGE_OF_HEAD = """
            SELECT u.id, h.head, u.trimmed_seq, u.uid FROM im_user u JOIN im_inbox_head h ON h.user_id = u.id""";

    private final Connection connection;
    private final SqlSessionFactory sessions;
    private SqlSession single;
    private SqlSession batch;
    private LoginRows loginRows;

    MysqlSession(Connection connection, SqlSessionFactory sessions) {
        this.connection = connection;
        this.sessions = sessions;
    }

    @Override
    public Connection connection() {
        return connection;
    }

    @Override
    public <M> M mapper(Class<M> type) {
        if (single == null) {
            single = sessions.openSession(ExecutorType.SIMPLE, connection);
        }
        return single.getMapper(type);
    }

    @Override
    public <M> M batching(Class<M> type) {
        if (batch == null) {
            batch = sessions.openSession(ExecutorType.BATCH, connection);
        }
        return batch.getMapper(type);
    }

    @Override
    public LoginRows loginRows() {
        if (loginRows == null) {
            loginRows = new LoginRows(connection, RANGE_OF_HEAD);
        }
        return loginRows;
    }

    @Override
    public EntryRows entryRows() throws SQLException {
        return new EntryRows(connection, ROW_BY_ROW);
    }

    /** Carries out what waits. */
    void flush() {
        if (batch != null) {
            batch.flushStatements();
        }
    }
}
