package io.hongyan.im.app.fault;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** Faults as triggers in the database, because there is no port where the rows of a group are written. */
final class SpoiledTables {
    /** A third of the markers is there again when it is done, once: its rows are written a second time. */
    static final List<String> REFANOUT = List.of("""
            CREATE TABLE IF NOT EXISTS fault_fanout (
                conversation_id INTEGER NOT NULL,
                seq             INTEGER NOT NULL,
                PRIMARY KEY (conversation_id, seq))""", """
            CREATE TRIGGER IF NOT EXISTS fault_refanout AFTER DELETE ON im_fanout
                WHEN OLD.seq % 3 = 0 AND NOT EXISTS (
                    SELECT 1 FROM fault_fanout WHERE conversation_id = OLD.conversation_id AND seq = OLD.seq)
                BEGIN
                    INSERT INTO fault_fanout (conversation_id, seq) VALUES (OLD.conversation_id, OLD.seq);
                    INSERT INTO im_fanout (conversation_id, seq) VALUES (OLD.conversation_id, OLD.seq);
                END""");

    /** A change of membership takes effect two entries later than the log says. */
    static final List<String> LATE_MEMBER = List.of("""
            CREATE TRIGGER IF NOT EXISTS fault_late_joining AFTER INSERT ON im_group_member
                WHEN NEW.joined_seq > 1
                BEGIN
                    UPDATE im_group_member SET joined_seq = NEW.joined_seq + 2
                        WHERE conversation_id = NEW.conversation_id AND uid = NEW.uid
                            AND joined_seq = NEW.joined_seq;
                END""", """
            CREATE TRIGGER IF NOT EXISTS fault_late_leaving AFTER UPDATE OF left_seq ON im_group_member
                WHEN OLD.left_seq IS NULL
                BEGIN
                    UPDATE im_group_member SET left_seq = NEW.left_seq + 2
                        WHERE conversation_id = NEW.conversation_id AND uid = NEW.uid
                            AND joined_seq = NEW.joined_seq;
                END""");

    /** The ordinal of every second message of a conversation is one too high. */
    static final List<String> UNREAD_DRIFT = List.of("""
            CREATE TRIGGER IF NOT EXISTS fault_unread_drift AFTER INSERT ON im_message
                WHEN NEW.seq % 2 = 0
                BEGIN
                    UPDATE im_message SET ordinal = NEW.ordinal + 1 WHERE id = NEW.id;
                END""");

    private SpoiledTables() {}

    /** Once the tables are there, before anything else is done to them. */
    static void spoil(Path database, List<String> statements) {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the fault cannot be put in: " + e.getMessage(), e);
        }
    }
}
