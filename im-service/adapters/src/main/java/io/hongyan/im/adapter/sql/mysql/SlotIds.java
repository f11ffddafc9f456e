package io.hongyan.im.adapter.sql.mysql;

import io.hongyan.im.core.feed.FeedKeys;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.Conversation.Kind;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the rows of a database that was used without slots ids with slots: an id gets the slot into its highest bits and keeps
 * the others, so nobody else has it, and it stays in its partition of the feed. May be killed at any moment and begun
 * again, or done twice at once: whoever comes second finds no row by its old id. Nobody else may use the database.
 */
final class SlotIds {
    private static final Logger log = LoggerFactory.getLogger(SlotIds.class);

    /** Users, or conversations, whose rows one statement changes. */
    private static final int KEYS_AT_ONCE = 200;

    private static final int FEED_ROWS_AT_ONCE = 10_000;

    private static final String USER = "IF(u.id = 0, 0, u.id | (CRC32(CONCAT('" + FeedKeys.user("") + "', u.uid)) % "
            + Slots.COUNT + ") << " + Slots.SHIFT + ")";
    private static final String CONVERSATION =
            "c.id | (CRC32(CONCAT(" + kindWords() + ", c.name)) % " + Slots.COUNT + ") << " + Slots.SHIFT;
    private static final String WITH_USER = " STRAIGHT_JOIN im_user u ON u.id = t.";
    private static final String WITH_CONVERSATION = " STRAIGHT_JOIN im_conversation c ON c.id = t.conversation_id";

    /** What is found by its user. Both ids of a row change at once, or it would not be known which of them have. */
    private static final List<String> BY_USER = List.of(
            "UPDATE im_inbox t" + WITH_USER + "user_id" + WITH_CONVERSATION + " SET t.user_id = " + USER
                    + ", t.conversation_id = " + CONVERSATION + " WHERE t.user_id",
            "UPDATE im_mark t" + WITH_USER + "user_id" + WITH_CONVERSATION + " SET t.user_id = " + USER
                    + ", t.conversation_id = " + CONVERSATION + " WHERE t.user_id",
            "UPDATE im_group_cursor t" + WITH_USER + "user_id SET t.user_id = " + USER + " WHERE t.user_id",
            "UPDATE im_device t" + WITH_USER + "user_id SET t.user_id = " + USER + " WHERE t.user_id",
            "UPDATE im_inbox_head t" + WITH_USER + "user_id SET t.user_id = " + USER + " WHERE t.user_id");

    private static final List<String> BY_CONVERSATION = List.of(
            "UPDATE im_message t" + WITH_CONVERSATION + WITH_USER + "sender_id SET t.conversation_id = " + CONVERSATION
                    + ", t.sender_id = " + USER + " WHERE t.conversation_id",
            "UPDATE im_group_member t" + WITH_CONVERSATION + WITH_USER + "user_id SET t.conversation_id = "
                    + CONVERSATION + ", t.user_id = " + USER + " WHERE t.conversation_id",
            "UPDATE im_group t" + WITH_CONVERSATION + " SET t.conversation_id = " + CONVERSATION
                    + " WHERE t.conversation_id",
            "UPDATE im_fanout t" + WITH_CONVERSATION + " SET t.conversation_id = " + CONVERSATION
                    + " WHERE t.conversation_id");

    private static final String FEED =
            "UPDATE im_feed t" + WITH_CONVERSATION + " SET t.conversation_id = " + CONVERSATION + " WHERE t.id";

    private static final String CONVERSATIONS = "UPDATE im_conversation c"
            + " LEFT JOIN im_user u ON u.id = c.low_user_id LEFT JOIN im_user h ON h.id = c.high_user_id"
            + " SET c.low_user_id = COALESCE(" + USER + ", c.low_user_id), c.high_user_id = COALESCE("
            + USER.replace("u.", "h.") + ", c.high_user_id), c.id = " + CONVERSATION + " WHERE c.id";

    private static final String USERS = "UPDATE im_user u SET u.id = " + USER + " WHERE u.id";

    /** Numbers of the feed stay. */
    private static final String NUMBERED = "INSERT INTO im_shard_feed (feed_seq, conversation_id, seq)"
            + " SELECT feed_seq, conversation_id, seq FROM im_feed WHERE feed_seq IS NOT NULL AND id";

    private static final String NUMBERED_ARE_GONE = "DELETE FROM im_feed WHERE feed_seq IS NOT NULL AND id";

    /** Users have another order now: a push to everybody begins again, and whoever has it does not get it twice. */
    private static final String PUSHES = """
            UPDATE im_push SET place = 0, gone_through = 0, `stored` = 0, online = 0, offline = 0, `unknown` = 0,
                   offline_uids = '', unknown_uids = ''
             WHERE recipients IS NULL AND finished_at IS NULL""";

    private final Connection connection;
    private final Runnable before;

    /**
     * @param connection with transactions of one statement, on which nothing limits how long that takes
     * @param before called before each transaction
     */
    SlotIds(Connection connection, Runnable before) {
        this.connection = connection;
        this.before = before;
    }

    private static String kindWords() {
        StringBuilder words = new StringBuilder("CASE c.kind");
        for (Kind kind : Kind.values()) {
            words.append(" WHEN ").append(kind.number()).append(" THEN '");
            words.append(FeedKeys.conversation(new Conversation(kind, ""))).append('\'');
        }
        return words.append(" END").toString();
    }

    /** Gives all rows their ids, and the database all slots. */
    void giveOut() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
            // Devices and what refers to them change one after the other.
            statement.execute("SET SESSION foreign_key_checks = 0");
            each("im_user", KEYS_AT_ONCE, BY_USER);
            each("im_conversation", KEYS_AT_ONCE, BY_CONVERSATION);
            each("im_feed", FEED_ROWS_AT_ONCE, List.of(FEED));
            // All others are found by these.
            each("im_conversation", KEYS_AT_ONCE, List.of(CONVERSATIONS));
            each("im_user", KEYS_AT_ONCE, List.of(USERS));
            connection.setAutoCommit(false);
            moveNumbered(statement);
            finish(statement);
        }
    }

    /** Only the first time: the database is in use then. */
    private void finish(Statement statement) throws SQLException {
        before.run();
        if (statement.executeUpdate("UPDATE im_shard SET unsplit = 0 WHERE unsplit = 1") == 1) {
            statement.executeUpdate(PUSHES);
            SlotRows.insertAll(connection);
        }
        connection.commit();
    }

    /** Does the statements, each a transaction, for the rows of some keys after the others. */
    private void each(String table, int keys, List<String> statements) throws SQLException {
        long rows = 0;
        long after = 0;
        try (Statement statement = connection.createStatement()) {
            for (long upTo = next(statement, table, 0, keys);
                    upTo > after;
                    upTo = next(statement, table, after, keys)) {
                for (String sql : statements) {
                    before.run();
                    rows += statement.executeUpdate(between(sql, after, upTo));
                }
                after = upTo;
            }
        }
        log.info("{} rows found by {} have got ids with slots", rows, table);
    }

    /** The statement ends with the name of the key. */
    private static String between(String sql, long after, long upTo) {
        return sql + " > " + after + " AND " + sql.substring(sql.lastIndexOf(' ') + 1) + " <= " + upTo;
    }

    private void moveNumbered(Statement statement) throws SQLException {
        long after = 0;
        for (long upTo = next(statement, "im_feed", 0, FEED_ROWS_AT_ONCE);
                upTo > after;
                upTo = next(statement, "im_feed", after, FEED_ROWS_AT_ONCE)) {
            before.run();
            statement.executeUpdate(between(NUMBERED, after, upTo));
            statement.executeUpdate(between(NUMBERED_ARE_GONE, after, upTo));
            connection.commit();
            after = upTo;
        }
    }

    /** The last of the next keys that have no slot yet, or the lowest; 0 where there are none. */
    private static long next(Statement statement, String table, long after, int keys) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT MAX(id) FROM (SELECT id FROM " + table + " WHERE id > "
                + after + " AND id < " + Slots.firstId(1) + " ORDER BY id LIMIT " + keys + ") p")) {
            row.next();
            return row.getLong(1);
        }
    }
}
