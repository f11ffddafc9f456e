package io.hongyan.im.adapter.sql.sqlite;

import io.hongyan.im.adapter.sql.EntryRows;
import io.hongyan.im.adapter.sql.LoginRows;
import io.hongyan.im.adapter.sql.ReadConnection;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.apache.ibatis.session.SqlSession;
import org.apache.ibatis.session.SqlSessionFactory;

/** A connection that only reads. Used by one thread at a time. */
final class SqliteReadConnection implements ReadConnection, AutoCloseable {
    private final Connection connection;
    private final SqlSession session;
    private final LoginRows loginRows;
    private final EntryRows entryRows;
    private final PreparedStatement begin;
    private final PreparedStatement commit;

    SqliteReadConnection(Connection connection, SqlSessionFactory sessions) throws SQLException {
        this.connection = connection;
        this.session = sessions.openSession(connection);
        this.loginRows = new LoginRows(connection, LoginRows.RANGE_OF_ROWS);
        this.entryRows = new EntryRows(connection, 0);
        this.begin = connection.prepareStatement("BEGIN");
        this.commit = connection.prepareStatement("COMMIT");
    }

    @Override
    public Connection connection() {
        return connection;
    }

    @Override
    public <M> M mapper(Class<M> type) {
        return session.getMapper(type);
    }

    @Override
    public LoginRows loginRows() {
        return loginRows;
    }

    @Override
    public EntryRows entryRows() {
        return entryRows;
    }

    /** From here to {@link #end()} everything is read as it stands at the first statement. */
    void begin() throws SQLException {
        begin.execute();
    }

    void end() throws SQLException {
        commit.execute();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
