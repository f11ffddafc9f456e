package io.hongyan.im.adapter.sql.mysql;

import io.hongyan.im.adapter.sql.GroupMapper.MemberRow;
import io.hongyan.im.core.group.GroupInfo;
import io.hongyan.im.core.group.GroupMember;
import io.hongyan.im.core.send.AppendPlan;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The statements that write groups and their memberships, and read whom an entry is for. Under the group's lock. */
final class MysqlGroupRows {
    private static final RowInserts MEMBERS = new RowInserts(
            "im_group_member (conversation_id, uid, joined_seq, user_id, role, muted_until, joined_ordinal)", 7, "");

    private final Connection connection;

    MysqlGroupRows(Connection connection) {
        this.connection = connection;
    }

    /** Somebody whose inbox an entry goes to. */
    record Recipient(String uid, long userId) implements AppendPlan.Recipient {}

    void insert(long conversationId, GroupInfo group) throws SQLException {
        write("""
                INSERT INTO im_group (name, announcement, owner, open, all_muted, member_count, members_max,
                    members_version, large_seq, dissolved, created_at, conversation_id)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""", conversationId, group);
    }

    void update(long conversationId, GroupInfo group) throws SQLException {
        write("""
                UPDATE im_group SET name = ?, announcement = ?, owner = ?, open = ?, all_muted = ?, member_count = ?,
                    members_max = ?, members_version = ?, large_seq = ?, dissolved = ?, created_at = ?
                    WHERE conversation_id = ?""", conversationId, group);
    }

    private void write(String sql, long conversationId, GroupInfo group) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
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
    }

    /** Begins memberships. */
    void insertMembers(long conversationId, List<GroupMember> members, long joinedOrdinal, Map<String, Long> userIds)
            throws SQLException {
        List<Object[]> rows = new ArrayList<>(members.size());
        for (GroupMember member : members) {
            long userId = userIds.get(member.uid());
            rows.add(new Object[] {
                conversationId,
                MysqlIds.bytes(member.uid()),
                member.joinedSeq(),
                userId,
                member.role().number(),
                member.mutedUntilMillis(),
                joinedOrdinal
            });
        }
        MEMBERS.insert(connection, rows);
    }

    /** Ends present memberships. */
    void endMembers(long conversationId, List<String> uids, long leftSeq) throws SQLException {
        for (List<String> some : MysqlIds.pages(uids)) {
            String sql = "UPDATE im_group_member SET left_seq = ? WHERE conversation_id = ? AND left_seq IS NULL"
                    + " AND uid IN (" + MysqlIds.marks(some.size()) + ")";
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setLong(1, leftSeq);
                statement.setLong(2, conversationId);
                for (int i = 0; i < some.size(); i++) {
                    statement.setBytes(i + 3, MysqlIds.bytes(some.get(i)));
                }
                statement.executeUpdate();
            }
        }
    }

    /** Role and mute of the present membership. */
    void updateMember(long conversationId, GroupMember member) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                UPDATE im_group_member SET role = ?, muted_until = ?
                    WHERE conversation_id = ? AND uid = ? AND left_seq IS NULL""")) {
            statement.setInt(1, member.role().number());
            statement.setLong(2, member.mutedUntilMillis());
            statement.setLong(3, conversationId);
            statement.setBytes(4, MysqlIds.bytes(member.uid()));
            statement.executeUpdate();
        }
    }

    /** The present memberships of these users; those who are no members are missing. */
    Map<String, GroupMember> members(long conversationId, Collection<String> uids) throws SQLException {
        Map<String, GroupMember> found = new HashMap<>();
        for (List<String> some : MysqlIds.pages(List.copyOf(uids))) {
            String sql = "SELECT uid, role, joined_seq, muted_until FROM im_group_member WHERE conversation_id = ?"
                    + " AND left_seq IS NULL AND uid IN (" + MysqlIds.marks(some.size()) + ")";
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setLong(1, conversationId);
                for (int i = 0; i < some.size(); i++) {
                    statement.setBytes(i + 2, MysqlIds.bytes(some.get(i)));
                }
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        String uid = MysqlIds.text(rows.getBytes(1));
                        found.put(uid, new MemberRow(uid, rows.getInt(2), rows.getLong(3), rows.getLong(4)).toMember());
                    }
                }
            }
        }
        return found;
    }

    /** All who are in the group now, by rising uid; only for groups that are not large. */
    List<Recipient> present(long conversationId) throws SQLException {
        return recipients(
                "SELECT uid, user_id FROM im_group_member WHERE conversation_id = ? AND left_seq IS NULL ORDER BY uid",
                conversationId);
    }

    /** The next of those who were members at an entry, by rising uid. */
    List<Recipient> recipients(long conversationId, long seq, String afterUid, int limit) throws SQLException {
        return recipients("""
                SELECT uid, user_id FROM im_group_member
                    WHERE conversation_id = ? AND uid > ? AND joined_seq <= ? AND (left_seq IS NULL OR left_seq >= ?)
                    ORDER BY uid LIMIT ?""", conversationId, MysqlIds.bytes(afterUid), seq, seq, limit);
    }

    /** The next of those whom an entry has added or removed, by rising uid. */
    List<Recipient> changed(long conversationId, long seq, String afterUid, int limit) throws SQLException {
        byte[] after = MysqlIds.bytes(afterUid);
        return recipients("""
                SELECT uid, user_id FROM im_group_member WHERE conversation_id = ? AND joined_seq = ? AND uid > ?
                UNION
                SELECT uid, user_id FROM im_group_member WHERE conversation_id = ? AND left_seq = ? AND uid > ?
                ORDER BY uid LIMIT ?""", conversationId, seq, after, conversationId, seq, after, limit);
    }

    private List<Recipient> recipients(String sql, Object... parameters) throws SQLException {
        List<Recipient> found = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(new Recipient(MysqlIds.text(rows.getBytes(1)), rows.getLong(2)));
                }
            }
        }
        return found;
    }
}
