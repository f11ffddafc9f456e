package io.hongyan.im.adapter.sql.mysql;

import io.hongyan.im.core.group.GroupInfo;
import io.hongyan.im.core.group.GroupInfo.Members;
import io.hongyan.im.core.group.GroupInfo.Profile;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads groups whose conversations a transaction has locked. */
final class LockedGroups {
    private final MemberCache cache;

    LockedGroups(MemberCache cache) {
        this.cache = cache;
    }

    /** @param names of conversations that are groups' and locked, by their rows; by the same the answer */
    Map<Long, LockedGroup> read(Connection connection, Map<Long, String> names) throws SQLException {
        Map<Long, LockedGroup> groups = new HashMap<>();
        MysqlGroupRows rows = new MysqlGroupRows(connection);
        try (Statement statement = connection.createStatement()) {
            for (List<Long> some : MysqlIds.pages(List.copyOf(names.keySet()))) {
                String ids = NumberRows.list(some);
                String sql = "SELECT conversation_id, name, announcement, owner, open, all_muted, member_count,"
                        + " members_max, members_version, large_seq, dissolved, created_at"
                        + " FROM im_group WHERE conversation_id IN (" + ids + ")";
                try (ResultSet row = statement.executeQuery(sql)) {
                    while (row.next()) {
                        long id = row.getLong(1);
                        groups.put(id, new LockedGroup(id, info(names.get(id), row), rows, cache));
                    }
                }
            }
        }
        return groups;
    }

    /** A group that this transaction makes, without its members. */
    LockedGroup make(Connection connection, long id, GroupInfo info) throws SQLException {
        MysqlGroupRows rows = new MysqlGroupRows(connection);
        rows.insert(id, info);
        return new LockedGroup(id, info, rows, cache);
    }

    private static GroupInfo info(String name, ResultSet row) throws SQLException {
        return new GroupInfo(
                name,
                new Profile(row.getString(2), row.getString(3), row.getBoolean(5)),
                MysqlIds.text(row.getBytes(4)),
                row.getBoolean(6),
                new Members(row.getInt(7), row.getInt(8), row.getLong(9)),
                row.getLong(10),
                row.getBoolean(11),
                row.getLong(12));
    }
}
