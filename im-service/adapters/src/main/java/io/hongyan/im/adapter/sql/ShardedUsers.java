package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.message.StorageException;
import io.hongyan.im.core.session.Users;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Makes a user where the user's slot is. */
final class ShardedUsers implements Users {
    /** Ids that somebody else has, one after the other. */
    private static final int ATTEMPTS_MAX = 50;

    private final Shards shards;
    private final Slots slots;
    private final ShardedIds ids;

    ShardedUsers(Shards shards, Slots slots, ShardedIds ids) {
        this.shards = shards;
        this.slots = slots;
        this.ids = ids;
    }

    @Override
    public void ensure(String uid) {
        if (!exists(uid)) {
            int slot = Slots.ofUser(uid);
            shards.at(
                    slot,
                    place -> place.run(session -> {
                        for (int attempt = 1; !make(session, slot, uid); attempt++) {
                            if (attempt == ATTEMPTS_MAX) {
                                throw new StorageException("no id was free for a new user", null);
                            }
                        }
                        return null;
                    }));
        }
    }

    /** @return false where the id was somebody else's already */
    private boolean make(MysqlSession session, int slot, String uid) throws SQLException {
        MysqlUsers.make(
                session,
                "INSERT INTO im_user (id, uid) VALUES (" + slots.newId(slot) + ", ?)"
                        + " ON DUPLICATE KEY UPDATE id = im_user.id",
                uid);
        try (PreparedStatement find = session.connection().prepareStatement("SELECT 1 FROM im_user WHERE uid = ?")) {
            find.setBytes(1, MysqlIds.bytes(uid));
            try (ResultSet row = find.executeQuery()) {
                return row.next();
            }
        }
    }

    @Override
    public boolean exists(String uid) {
        return ids.user(uid) != null;
    }
}
