package io.hongyan.im.adapter.sql.sqlite;

import io.hongyan.im.core.group.GroupInfo;
import io.hongyan.im.core.group.GroupMember;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The statements that write groups and their memberships, and read whom an entry is for. Writer's thread only. */
final class GroupRows {
    private final PreparedStatement insertGroup;
    private final PreparedStatement updateGroup;
    private final PreparedStatement insertMember;
    private final PreparedStatement insertMark;
    private final PreparedStatement endMember;
    private final PreparedStatement updateMember;
    private final PreparedStatement findPresent;
    private final PreparedStatement findRecipients;
    private final PreparedStatement findChanged;

    GroupRows(Connection connection) throws SQLException {
        insertGroup = connection.prepareStatement("""
                INSERT INTO im_group (name, announcement, owner, open, all_muted, member_count, members_max,
                    members_version, large_seq, dissolved, created_at, conversation_id)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""");
        updateGroup = connection.prepareStatement("""
                UPDATE im_group SET name = ?, announcement = ?, owner = ?, open = ?, all_muted = ?, member_count = ?,
                    members_max = ?, members_version = ?, large_seq = ?, dissolved = ?, created_at = ?
                    WHERE conversation_id = ?""");
        insertMember = connection.prepareStatement("""
                INSERT INTO im_group_member (conversation_id, uid, joined_seq, user_id, role, muted_until, joined_ordinal)
                    VALUES (?, ?, ?, ?, ?, ?, ?)""");
        insertMark = connection.prepareStatement(
                "INSERT INTO im_mark (user_id, conversation_id) VALUES (?, ?) ON CONFLICT DO NOTHING");
        endMember = connection.prepareStatement("""
                UPDATE im_group_member SET left_seq = ?
                    WHERE conversation_id = ? AND uid = ? AND left_seq IS NULL""");
        updateMember = connection.prepareStatement("""
                UPDATE im_group_member SET role = ?, muted_until = ?
                    WHERE conversation_id = ? AND uid = ? AND left_seq IS NULL""");
        findPresent = connection.prepareStatement("""
                SELECT uid FROM im_group_member WHERE conversation_id = ? AND left_seq IS NULL ORDER BY uid""");
        findRecipients = connection.prepareStatement("""
                SELECT uid FROM im_group_member
                    WHERE conversation_id = ?1 AND uid > ?3 AND joined_seq <= ?2 AND (left_seq IS NULL OR left_seq >= ?2)
                    ORDER BY uid LIMIT ?4""");
        findChanged = connection.prepareStatement("""
                SELECT uid FROM im_group_member WHERE conversation_id = ?1 AND joined_seq = ?2 AND uid > ?3
                UNION
                SELECT uid FROM im_group_member WHERE conversation_id = ?1 AND left_seq = ?2 AND uid > ?3
                ORDER BY uid LIMIT ?4""");
    }

    void insert(long conversationId, GroupInfo group) throws SQLException {
        write(insertGroup, conversationId, group);
    }

    void update(long conversationId, GroupInfo group) throws SQLException {
        write(updateGroup, conversationId, group);
    }

    private static void write(PreparedStatement statement, long conversationId, GroupInfo group) throws SQLException {
        statement.setString(1, group.name());
        statement.setString(2, group.announcement());
        statement.setString(3, group.owner());
        statement.setBoolean(4, group.open());
        statement.setBoolean(5, group.allMuted());
        statement.setInt(6, group.memberCount());
        statement.setInt(7, group.membersMax());
        statement.setLong(8, group.membersVersion());
        statement.setLong(9, group.largeSeq());
        statement.setBoolean(10, group.dissolved());
        statement.setLong(11, group.createdAtMillis());
        statement.setLong(12, conversationId);
        statement.executeUpdate();
    }

    /** Begins a membership; the mark makes the group one of the user's conversations. */
    void insertMember(long conversationId, long userId, GroupMember member, long joinedOrdinal) throws SQLException {
        insertMember.setLong(1, conversationId);
        insertMember.setString(2, member.uid());
        insertMember.setLong(3, member.joinedSeq());
        insertMember.setLong(4, userId);
        insertMember.setInt(5, member.role().number());
        insertMember.setLong(6, member.mutedUntilMillis());
        insertMember.setLong(7, joinedOrdinal);
        insertMember.executeUpdate();
        insertMark.setLong(1, userId);
        insertMark.setLong(2, conversationId);
        insertMark.executeUpdate();
    }

    /** Ends the present membership. */
    void endMember(long conversationId, String uid, long leftSeq) throws SQLException {
        endMember.setLong(1, leftSeq);
        endMember.setLong(2, conversationId);
        endMember.setString(3, uid);
        endMember.executeUpdate();
    }

    /** Role and mute of the present membership. */
    void updateMember(long conversationId, GroupMember member) throws SQLException {
        updateMember.setInt(1, member.role().number());
        updateMember.setLong(2, member.mutedUntilMillis());
        updateMember.setLong(3, conversationId);
        updateMember.setString(4, member.uid());
        updateMember.executeUpdate();
    }

    /** All who are in the group now; only for groups that are not large. */
    List<String> present(long conversationId) throws SQLException {
        findPresent.setLong(1, conversationId);
        return uids(findPresent);
    }

    /** The next of those who were members at an entry, by rising uid. */
    List<String> recipients(long conversationId, long seq, String afterUid, int limit) throws SQLException {
        return page(findRecipients, conversationId, seq, afterUid, limit);
    }

    /** The next of those whom an entry has added or removed, by rising uid. */
    List<String> changed(long conversationId, long seq, String afterUid, int limit) throws SQLException {
        return page(findChanged, conversationId, seq, afterUid, limit);
    }

    private static List<String> page(
            PreparedStatement statement, long conversationId, long seq, String afterUid, int limit)
            throws SQLException {
        statement.setLong(1, conversationId);
        statement.setLong(2, seq);
        statement.setString(3, afterUid);
        statement.setInt(4, limit);
        return uids(statement);
    }

    private static List<String> uids(PreparedStatement statement) throws SQLException {
        List<String> uids = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                uids.add(rows.getString(1));
            }
        }
        return uids;
    }
}
