package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.session.UserStanding;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What every login reads, and the device of a new user. By hand: MyBatis asks the driver at each query for names and types of all its columns, and
 * with that a login left 75 KB behind, of which thousands at once make the heap grow.
 */
public final class LoginRows {
    /** Where the head of an inbox is not stored but follows from the rows. */
    public static final String RANGE_OF_ROWS = """
                SELECT u.id, COALESCE((SELECT MAX(i.seq) FROM im_inbox i WHERE i.user_id = u.id), u.trimmed_seq),
                    u.trimmed_seq, u.uid FROM im_user u""";

    /** Names in one statement, rising: few lengths, so that few statements are kept prepared. */
    private static final int[] NAMES = {8, 64, 512, 1_000};

    private static final String USER_ID = "SELECT id FROM im_user WHERE uid = ?";

    private static final String STANDING = "SELECT state, revoked_at, revoked_devices FROM im_user WHERE uid = ?";

    private static final String DEVICE = """
            SELECT acknowledged_seq, session_filters, session_expires_at FROM im_device
                WHERE user_id = (SELECT id FROM im_user WHERE uid = ?) AND device = ?""";

    /** A row per device; the filters of one only. */
    private static final String FACTS = """
            SELECT u.state, u.revoked_at, u.revoked_devices, d.device, d.acknowledged_seq,
                    CASE WHEN d.device = ? THEN d.session_filters END, d.session_expires_at
                FROM im_user u LEFT JOIN im_device d ON d.user_id = u.id WHERE u.uid = ?""";

    private static final String FIRST_DEVICE = """
            INSERT INTO im_device (user_id, device, acknowledged_seq, last_used_at, session_filters, session_expires_at)
                SELECT id, ?, 0, ?, ?, ? FROM im_user WHERE uid = ?""";

    private static final String GROUP_CURSORS = """
            SELECT group_name, acknowledged_seq FROM im_group_cursor
                WHERE user_id = (SELECT id FROM im_user WHERE uid = ?) AND device = ?""";

    private static final String LARGE_GROUP = """
            SELECT 1 FROM im_group_member m JOIN im_group g ON g.conversation_id = m.conversation_id
                WHERE m.user_id = (SELECT id FROM im_user WHERE uid = ?) AND m.left_seq IS NULL AND g.large_seq > 0
                LIMIT 1""";

    private final Connection connection;
    private final String range;

    /** By their texts, each from its first use on: a login needs few of them. */
    private final Map<String, PreparedStatement> prepared = new HashMap<>(8);

    /** @param range reads row, inbox head, trimmed number and uid of all users {@code u} */
    public LoginRows(Connection connection, String range) {
        this.connection = connection;
        this.range = range;
    }

    private PreparedStatement prepared(String sql) throws SQLException {
        PreparedStatement present = prepared.get(sql);
        if (present == null) {
            present = connection.prepareStatement(sql);
            prepared.put(sql, present);
        }
        return present;
    }

    /** Null where the user does not exist. */
    public Long userId(String uid) throws SQLException {
        PreparedStatement findUserId = prepared(USER_ID);
        findUserId.setString(1, uid);
        try (ResultSet row = findUserId.executeQuery()) {
            return row.next() ? row.getLong(1) : null;
        }
    }

    /** Null where the user does not exist. */
    public UserStanding standing(String uid) throws SQLException {
        PreparedStatement findStanding = prepared(STANDING);
        findStanding.setString(1, uid);
        try (ResultSet row = findStanding.executeQuery()) {
            return row.next() ? StandingText.read(row.getInt(1), row.getLong(2), row.getString(3)) : null;
        }
    }

    /** Null where the device is not known. */
    DeviceRow device(String uid, String device) throws SQLException {
        PreparedStatement findDevice = prepared(DEVICE);
        findDevice.setString(1, uid);
        findDevice.setString(2, device);
        try (ResultSet row = findDevice.executeQuery()) {
            return row.next() ? new DeviceRow(row.getLong(1), row.getString(2), row.getLong(3)) : null;
        }
    }

    /** Of a user who has none. */
    void insertFirstDevice(String uid, String device, String filters, Long expiresAt, long now) throws SQLException {
        PreparedStatement insert = prepared(FIRST_DEVICE);
        insert.setString(1, device);
        insert.setLong(2, now);
        insert.setString(3, filters);
        insert.setObject(4, expiresAt, Types.BIGINT);
        insert.setString(5, uid);
        insert.executeUpdate();
    }

    /** Null where the user does not exist. */
    Facts facts(String uid, String device) throws SQLException {
        PreparedStatement find = prepared(FACTS);
        find.setString(1, device);
        find.setString(2, uid);
        try (ResultSet row = find.executeQuery()) {
            if (!row.next()) {
                return null;
            }
            UserStanding standing = StandingText.read(row.getInt(1), row.getLong(2), row.getString(3));
            DeviceRow found = null;
            Set<String> devices = new HashSet<>();
            do {
                String one = row.getString(4);
                if (one != null) {
                    devices.add(one);
                }
                if (device.equals(one)) {
                    found = new DeviceRow(row.getLong(5), row.getString(6), row.getLong(7));
                }
            } while (row.next());
            return new Facts(standing, found, devices);
        }
    }

    /** Null where the user does not exist. */
    public Range range(String uid) throws SQLException {
        PreparedStatement findRange = prepared(range + " WHERE u.uid = ?");
        findRange.setString(1, uid);
        try (ResultSet row = findRange.executeQuery()) {
            return row.next() ? new Range(row.getLong(1), row.getLong(2), row.getLong(3)) : null;
        }
    }

    /** Inbox heads of those users that exist, by uid; for each thousand of them with one statement. */
    Map<String, Long> heads(List<String> uids) throws SQLException {
        Map<String, Long> heads = new HashMap<>();
        int most = NAMES[NAMES.length - 1];
        for (int from = 0; from < uids.size(); from += most) {
            readHeads(uids.subList(from, Math.min(uids.size(), from + most)), heads);
        }
        return heads;
    }

    private void readHeads(List<String> uids, Map<String, Long> into) throws SQLException {
        int names = Arrays.stream(NAMES)
                .filter(size -> size >= uids.size())
                .findFirst()
                .orElseThrow();
        String sql = range + " WHERE u.uid IN (?" + ", ?".repeat(names - 1) + ')';
        try (PreparedStatement find = connection.prepareStatement(sql)) {
            for (int i = 0; i < names; i++) {
                // What is not needed repeats the last one.
                find.setString(i + 1, uids.get(Math.min(i, uids.size() - 1)));
            }
            try (ResultSet row = find.executeQuery()) {
                while (row.next()) {
                    into.put(row.getString(4), row.getLong(2));
                }
            }
        }
    }

    /** How far a device has come in large groups, by their names. */
    Map<String, Long> groupCursors(String uid, String device) throws SQLException {
        PreparedStatement findGroupCursors = prepared(GROUP_CURSORS);
        findGroupCursors.setString(1, uid);
        findGroupCursors.setString(2, device);
        try (ResultSet row = findGroupCursors.executeQuery()) {
            if (!row.next()) {
                return Map.of();
            }
            Map<String, Long> found = new HashMap<>();
            do {
                found.put(row.getString(1), row.getLong(2));
            } while (row.next());
            return found;
        }
    }

    /** Whether the user is a member of any large group now. */
    boolean isInLargeGroup(String uid) throws SQLException {
        PreparedStatement findLargeGroup = prepared(LARGE_GROUP);
        findLargeGroup.setString(1, uid);
        try (ResultSet row = findLargeGroup.executeQuery()) {
            return row.next();
        }
    }

    /** A device as stored; filters are null, and the expiry means nothing, where no session is kept. */
    record DeviceRow(long cursor, String filters, long expiresAt) {}

    /**
     * @param device null where it is not known
     * @param devices all that are known
     */
    record Facts(UserStanding standing, DeviceRow device, Set<String> devices) {}

    /** A user's inbox from end to end; {@code trimmed} is the highest number that is no longer kept. */
    public record Range(long userId, long head, long trimmed) {}
}
