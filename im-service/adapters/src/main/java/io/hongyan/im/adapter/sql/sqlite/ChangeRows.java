package io.hongyan.im.adapter.sql.sqlite;

import io.hongyan.im.adapter.sql.MessageStates;
import io.hongyan.im.core.message.MessageState;
import io.hongyan.im.core.send.MessageRules.Content;
import io.hongyan.im.core.send.MessageRules.Target;
import io.hongyan.im.core.send.MessageWrites;
import io.hongyan.im.core.send.MessageWrites.Copy;
import io.hongyan.im.core.send.MessageWrites.Replaced;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The statements that read and write what changes of messages concern. Writer's thread only. */
final class ChangeRows {
    private final PreparedStatement findTarget;
    private final PreparedStatement findContent;
    private final PreparedStatement findRecalled;
    private final PreparedStatement findReaction;
    private final PreparedStatement countPins;
    private final PreparedStatement findCopies;
    private final PreparedStatement writeState;
    private final PreparedStatement insertReaction;
    private final PreparedStatement deleteReaction;
    private final PreparedStatement replaceContent;
    private final PreparedStatement insertCopy;
    private final PreparedStatement deleteCopy;

    ChangeRows(Connection connection) throws SQLException {
        // What does not count has the ordinal of the entry before it.
        findTarget = connection.prepareStatement("SELECT s.uid, m.sent_at, " + MessageStates.COLUMNS
                + " FROM im_message m JOIN im_user s ON s.id = m.sender_id" + MessageStates.JOIN + " " + """
                WHERE m.conversation_id = ?1 AND m.seq = ?2 AND m.ordinal > COALESCE(
                    (SELECT p.ordinal FROM im_message p WHERE p.conversation_id = ?1 AND p.seq = ?2 - 1), 0)""");
        findContent =
                connection.prepareStatement("SELECT content FROM im_message WHERE conversation_id = ? AND seq = ?");
        findRecalled = connection.prepareStatement(
                "SELECT 1 FROM im_message_state WHERE conversation_id = ? AND seq = ? AND recalled = 1");
        findReaction = connection.prepareStatement(
                "SELECT 1 FROM im_reaction WHERE conversation_id = ? AND seq = ? AND user_id = ? AND emoji = ?");
        countPins = connection.prepareStatement(
                "SELECT COUNT(*) FROM im_message_state WHERE conversation_id = ? AND pinned = 1");
        findCopies = connection.prepareStatement("""
                SELECT o.in_seq, m.content
                FROM im_message_copy o
                JOIN im_message m ON m.conversation_id = o.conversation_id AND m.seq = o.in_seq
                WHERE o.conversation_id = ? AND o.of_seq = ?
                ORDER BY o.in_seq DESC
                LIMIT ?""");
        writeState = connection.prepareStatement("""
                INSERT OR REPLACE INTO im_message_state (conversation_id, seq, state_seq, edits, edited_at, recalled,
                    pinned, reactions, counted_at, due) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""");
        insertReaction = connection.prepareStatement(
                "INSERT INTO im_reaction (conversation_id, seq, user_id, emoji) VALUES (?, ?, ?, ?)");
        deleteReaction = connection.prepareStatement(
                "DELETE FROM im_reaction WHERE conversation_id = ? AND seq = ? AND user_id = ? AND emoji = ?");
        replaceContent =
                connection.prepareStatement("UPDATE im_message SET content = ? WHERE conversation_id = ? AND seq = ?");
        insertCopy = connection.prepareStatement("""
                INSERT INTO im_message_copy (conversation_id, of_seq, in_seq) VALUES (?, ?, ?) ON CONFLICT DO NOTHING""");
        deleteCopy = connection.prepareStatement(
                "DELETE FROM im_message_copy WHERE conversation_id = ? AND of_seq = ? AND in_seq = ?");
    }

    /** Null where there is none, or it does not count. */
    Target target(long conversationId, long seq) throws SQLException {
        set(findTarget, conversationId, seq);
        try (ResultSet row = findTarget.executeQuery()) {
            return row.next() ? new Target(row.getString(1), row.getLong(2), MessageStates.read(row, 3)) : null;
        }
    }

    /** Of a message that there is. */
    byte[] content(long conversationId, long seq) throws SQLException {
        set(findContent, conversationId, seq);
        try (ResultSet row = findContent.executeQuery()) {
            row.next();
            return row.getBytes(1);
        }
    }

    boolean isRecalled(long conversationId, long seq) throws SQLException {
        set(findRecalled, conversationId, seq);
        return isAny(findRecalled);
    }

    boolean hasReacted(long conversationId, long seq, long userId, String emoji) throws SQLException {
        set(findReaction, conversationId, seq, userId);
        findReaction.setString(4, emoji);
        return isAny(findReaction);
    }

    int pins(long conversationId) throws SQLException {
        set(countPins, conversationId);
        try (ResultSet row = countPins.executeQuery()) {
            row.next();
            return row.getInt(1);
        }
    }

    /** Entries that have copies of a message's content, by falling number, up to the one with which they have so many bytes. */
    List<Content> copies(long conversationId, long ofSeq, int limit, int bytesMax) throws SQLException {
        set(findCopies, conversationId, ofSeq, limit);
        List<Content> found = new ArrayList<>();
        long bytes = 0;
        try (ResultSet row = findCopies.executeQuery()) {
            while (bytes < bytesMax && row.next()) {
                Content copy = new Content(row.getLong(1), row.getBytes(2));
                bytes += copy.bytes().length;
                found.add(copy);
            }
        }
        return found;
    }

    private static boolean isAny(PreparedStatement find) throws SQLException {
        try (ResultSet row = find.executeQuery()) {
            return row.next();
        }
    }

    /** @param userId who reacts, where that is among them */
    void write(long conversationId, MessageWrites writes, long userId) throws SQLException {
        if (writes.state() != null) {
            write(conversationId, writes.targetSeq(), writes.state());
        }
        if (writes.reaction() != null) {
            PreparedStatement change = writes.reaction().present() ? insertReaction : deleteReaction;
            set(change, conversationId, writes.targetSeq(), userId);
            change.setString(4, writes.reaction().emoji());
            change.executeUpdate();
        }
        for (Replaced one : writes.replaced()) {
            replaceContent.setBytes(1, one.content());
            replaceContent.setLong(2, conversationId);
            replaceContent.setLong(3, one.seq());
            replaceContent.executeUpdate();
        }
        for (Copy one : writes.copies()) {
            set(insertCopy, conversationId, one.ofSeq(), one.inSeq());
            insertCopy.executeUpdate();
        }
        for (Copy one : writes.erased()) {
            set(deleteCopy, conversationId, one.ofSeq(), one.inSeq());
            deleteCopy.executeUpdate();
        }
    }

    private void write(long conversationId, long seq, MessageState state) throws SQLException {
        set(writeState, conversationId, seq, state.stateSeq(), state.edits(), state.editedAtMillis());
        writeState.setBoolean(6, state.recalled());
        writeState.setBoolean(7, state.pinned());
        writeState.setString(8, MessageStates.reactions(state));
        writeState.setLong(9, state.countedAtMillis());
        writeState.setBoolean(10, state.due());
        writeState.executeUpdate();
    }

    private static void set(PreparedStatement statement, long... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setLong(i + 1, values[i]);
        }
    }
}
