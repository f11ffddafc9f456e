package io.hongyan.im.adapter.sql.sqlite;

import io.hongyan.im.adapter.sql.FanOutRows;
import io.hongyan.im.adapter.sql.LoginRows;
import io.hongyan.im.adapter.sql.MessageRows;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.apache.ibatis.session.SqlSession;
import org.apache.ibatis.session.SqlSessionFactory;

/** A writing connection with its prepared statements. After an SQL error it is thrown away: the driver's statements end with it. */
final class WriterSession implements AutoCloseable {
    private final Connection connection;
    private final SqlSession session;
    private final MessageRows rows;
    private final DedupIndexRows dedupRows;
    private final InboxRows inboxRows;
    private final GroupRows groupRows;
    private final FanOutRows fanOutRows;
    private final LoginRows loginRows;
    private final PreparedStatement begin;
    private final PreparedStatement commit;
    private final PreparedStatement rollback;
    private ChangeRows changeRows;

    WriterSession(Connection connection, SqlSessionFactory sessions) throws SQLException {
        this.connection = connection;
        this.session = sessions.openSession(connection);
        this.rows = new MessageRows(connection);
        this.dedupRows = new DedupIndexRows(connection);
        this.inboxRows = new InboxRows(connection);
        this.groupRows = new GroupRows(connection);
        this.fanOutRows = new FanOutRows(connection);
        this.loginRows = new LoginRows(connection, LoginRows.RANGE_OF_ROWS);
        this.begin = connection.prepareStatement("BEGIN IMMEDIATE");
        this.commit = connection.prepareStatement("COMMIT");
        this.rollback = connection.prepareStatement("ROLLBACK");
    }

    <M> M mapper(Class<M> type) {
        return session.getMapper(type);
    }

    Connection connection() {
        return connection;
    }

    MessageRows rows() {
        return rows;
    }

    DedupIndexRows dedupRows() {
        return dedupRows;
    }

    InboxRows inboxRows() {
        return inboxRows;
    }

    GroupRows groupRows() {
        return groupRows;
    }

    /** Prepared by the first change of a message. */
    ChangeRows changeRows() throws SQLException {
        if (changeRows == null) {
            changeRows = new ChangeRows(connection);
        }
        return changeRows;
    }

    FanOutRows fanOutRows() {
        return fanOutRows;
    }

    LoginRows loginRows() {
        return loginRows;
    }

    void begin() throws SQLException {
        begin.execute();
    }

    void commit() throws SQLException {
        commit.execute();
    }

    void rollback() throws SQLException {
        rollback.execute();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
