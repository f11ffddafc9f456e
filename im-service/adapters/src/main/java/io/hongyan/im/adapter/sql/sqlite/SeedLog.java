package io.hongyan.im.adapter.sql.sqlite;

import io.hongyan.im.adapter.sql.Schema;
import io.hongyan.im.core.message.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.LongConsumer;

/**
 * Fills a storage with made-up conversations between users of its own, {@code seed-1}, {@code seed-2} …, so that figures
 * can be taken with a long log present. The rows are those that sending would have made. Only while no server runs.
 */
public final class SeedLog {
    private static final int CONVERSATIONS_PER_TRANSACTION = 100;

    private final SqliteSettings settings;

    public SeedLog(SqliteSettings settings) {
        this.settings = settings;
    }

    /**
     * Adds conversations of two new users each.
     *
     * @param conversations how many
     * @param messagesEach messages in each, sent by both users in turn
     * @param content of every message
     * @param sentAtMillis time of every message
     * @param progress told the number of messages written so far, now and then
     * @throws StorageException it did not work; what was written stays
     */
    public void run(int conversations, int messagesEach, byte[] content, long sentAtMillis, LongConsumer progress) {
        DirectoryLock lock = DirectoryLock.acquire(settings.lockFile());
        SqliteConnectionFactory connections = new SqliteConnectionFactory(settings);
        try {
            connections.createDatabase();
            Schema.migrate(connections.url());
        } catch (SQLException | RuntimeException e) {
            lock.close();
            throw new StorageException("the database cannot be made: " + e.getMessage(), e);
        }
        try (SqliteWriter writer = new SqliteWriter(connections::openBulkWriter)) {
            String[] statements = statements();
            long firstUser = nextId(writer, "im_user");
            long firstConversation = nextId(writer, "im_conversation");
            for (int done = 0; done < conversations; done += CONVERSATIONS_PER_TRANSACTION) {
                int count = Math.min(CONVERSATIONS_PER_TRANSACTION, conversations - done);
                Slice slice = new Slice(firstUser + 2L * done, firstConversation + done, count);
                writer.begin();
                for (String statement : statements) {
                    insert(writer.connection(), statement, slice, messagesEach, content, sentAtMillis);
                }
                DedupIndex dedupIndex = new DedupIndex(writer, messagesEach * count);
                dedupIndex.load();
                dedupIndex.writeAll();
                writer.commit();
                checkpoint(writer.connection());
                progress.accept((long) (done + count) * messagesEach);
            }
        } catch (SQLException | IOException e) {
            throw new StorageException("seeding failed: " + e.getMessage(), e);
        } finally {
            lock.close();
        }
    }

    private static String[] statements() throws IOException {
        try (InputStream file = SeedLog.class.getResourceAsStream("seed-log.sql")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .strip()
                    .split(";\\s*\n?");
        }
    }

    private static void insert(
            Connection connection, String sql, Slice slice, int messagesEach, byte[] content, long sentAtMillis)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            int parameters = statement.getParameterMetaData().getParameterCount();
            statement.setLong(1, slice.firstUser());
            statement.setLong(2, slice.firstConversation());
            statement.setLong(3, slice.count());
            if (parameters > 3) {
                statement.setLong(4, messagesEach);
            }
            if (parameters > 4) {
                statement.setBytes(5, content);
                statement.setLong(6, sentAtMillis);
            }
            statement.executeUpdate();
        }
    }

    private static long nextId(SqliteWriter writer, String table) throws SQLException {
        try (Statement statement = writer.connection().createStatement();
                ResultSet row = statement.executeQuery("SELECT COALESCE(MAX(id), 0) + 1 FROM " + table)) {
            row.next();
            return row.getLong(1);
        }
    }

    private static void checkpoint(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA wal_checkpoint(PASSIVE)");
        }
    }

    /** Conversations made by one round. */
    private record Slice(long firstUser, long firstConversation, int count) {}
}
