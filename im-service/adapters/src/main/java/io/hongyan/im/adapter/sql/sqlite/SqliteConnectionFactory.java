package io.hongyan.im.adapter.sql.sqlite;

import io.hongyan.im.adapter.sql.Mappers;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.apache.ibatis.session.ExecutorType;
import org.apache.ibatis.session.SqlSessionFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteOpenMode;

/** Opens the connections of one database, each for one kind of work. */
final class SqliteConnectionFactory {
    /** Nobody but the writer writes, so waiting for a lock means that something else has opened the file. */
    private static final int BUSY_TIMEOUT_MILLIS = 5_000;

    private final SqliteSettings settings;
    private final String url;
    private final SqlSessionFactory sessions;

    SqliteConnectionFactory(SqliteSettings settings) {
        this.settings = settings;
        this.url = "jdbc:sqlite:" + settings.databaseFile().toAbsolutePath();
        this.sessions = Mappers.sessions(null, new SQLiteDataSource(), ExecutorType.REUSE, null);
    }

    String url() {
        return url;
    }

    WriterSession openWriter() throws SQLException {
        SQLiteConfig config = config(settings.writerCacheBytes());
        Connection connection = config.createConnection(url);
        if (settings.databasePagesMax() > 0) {
            execute(connection, "PRAGMA max_page_count=" + settings.databasePagesMax());
        }
        return new WriterSession(connection, sessions);
    }

    SqliteReadConnection openReader() throws SQLException {
        SQLiteConfig config = config(settings.readerCacheBytes());
        config.setReadOnly(true);
        return new SqliteReadConnection(config.createConnection(url), sessions);
    }

    /** For a connection that moves pages of the log into the database and holds none itself. */
    Connection openCheckpointer() throws SQLException {
        return config(settings.readerCacheBytes()).createConnection(url);
    }

    /** For filling a database that nobody uses: a power cut may undo some of it. */
    WriterSession openBulkWriter() throws SQLException {
        SQLiteConfig config = config(settings.writerCacheBytes());
        config.setSynchronous(SynchronousMode.OFF);
        return new WriterSession(config.createConnection(url), sessions);
    }

    /** What must be said before the first table is made. */
    void createDatabase() throws SQLException {
        SQLiteConfig config = config(settings.readerCacheBytes());
        try (Connection connection = config.createConnection(url)) {
            execute(connection, "PRAGMA auto_vacuum=NONE");
            execute(connection, "PRAGMA journal_mode=WAL");
        }
    }

    private static SQLiteConfig config(long cacheBytes) {
        SQLiteConfig config = new SQLiteConfig();
        // Each connection is used by one thread at a time: SQLite need not lock it again.
        config.setOpenMode(SQLiteOpenMode.NOMUTEX);
        config.setJournalMode(JournalMode.WAL);
        config.setSynchronous(SynchronousMode.FULL);
        config.setCacheSize((int) (-cacheBytes / 1024));
        config.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
        config.setPragma(SQLiteConfig.Pragma.WAL_AUTOCHECKPOINT, "0");
        // Else every INSERT is followed by a SELECT for a key that nobody asks for.
        config.setGetGeneratedKeys(false);
        return config;
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
