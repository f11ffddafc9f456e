package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.session.Users;

/** Makes a user where the user's slot is. */
final class ShardedUsers implements Users {
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
                        MysqlUsers.make(
                                session,
                                "INSERT INTO im_user (id, uid) VALUES (" + slots.newId(slot) + ", ?)"
                                        + " ON DUPLICATE KEY UPDATE id = im_user.id",
                                uid);
                        return null;
                    }));
        }
    }

    @Override
    public boolean exists(String uid) {
        return ids.user(uid) != null;
    }
}
