package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.session.Users;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Makes a user where the user's slot is. */
final class ShardedUsers implements Users {
    private final Shards shards;
    private final Slots slots;

    ShardedUsers(Shards shards, Slots slots) {
        this.shards = shards;
        this.slots = slots;
    }

    @Override
    public void ensure(String uid) {
        if (!exists(uid)) {
            int slot = Slots.ofUser(uid);
            shards.at(
                    slot,
                    place -> place.run(session -> {
                        insert(
                                session,
                                "INSERT INTO im_user (id, uid) VALUES (" + slots.newId(slot) + ", ?)"
                                        + " ON DUPLICATE KEY UPDATE id = im_user.id",
                                uid);
                        insert(
                                session,
                                "INSERT INTO im_inbox_head (user_id) SELECT id FROM im_user WHERE uid = ?"
                                        + " ON DUPLICATE KEY UPDATE head = im_inbox_head.head",
                                uid);
                        return null;
                    }));
        }
    }

    private static void insert(MysqlSession session, String sql, String uid) throws SQLException {
        try (PreparedStatement statement = session.connection().prepareStatement(sql)) {
            statement.setBytes(1, MysqlIds.bytes(uid));
            statement.executeUpdate();
        }
    }

    @Override
    public boolean exists(String uid) {
        return shards.at(
                Slots.ofUser(uid),
                place -> place.read(reader -> reader.loginRows().userId(uid) != null));
    }
}
