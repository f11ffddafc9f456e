package io.hongyan.im.adapter.sql.mysql;

import io.hongyan.im.adapter.sql.SqlErasure;
import io.hongyan.im.adapter.sql.SqlStandings;
import io.hongyan.im.adapter.sql.UserMapper;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.StorageException;
import io.hongyan.im.core.session.LoginFacts;
import io.hongyan.im.core.session.UserStanding;
import io.hongyan.im.core.session.Users;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

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
    public UserStanding make(String uid) {
        int slot = Slots.ofUser(uid);
        return shards.at(
                slot,
                slotSession -> slotSession.run(session -> {
                    for (int attempt = 1; !make(session, slot, uid); attempt++) {
                        if (attempt == ATTEMPTS_MAX) {
                            throw new StorageException("no id was free for a new user", null);
                        }
                    }
                    return session.loginRows().standing(uid);
                }));
    }

    /** @return false where the id was somebody else's already */
    private boolean make(MysqlSession session, int slot, String uid) throws SQLException {
        execute(
                session,
                "INSERT INTO im_user (id, uid) VALUES (" + slots.newId(slot) + ", ?)"
                        + " ON DUPLICATE KEY UPDATE id = im_user.id",
                uid);
        // The driver counts rows that were found, not those that were changed: it counts the user.
        return execute(
                        session,
                        "INSERT INTO im_inbox_head (user_id) SELECT id FROM im_user WHERE uid = ?"
                                + " ON DUPLICATE KEY UPDATE head = im_inbox_head.head",
                        uid)
                > 0;
    }

    private static int execute(MysqlSession session, String sql, String uid) throws SQLException {
        try (PreparedStatement statement = session.connection().prepareStatement(sql)) {
            statement.setBytes(1, MysqlIds.bytes(uid));
            return statement.executeUpdate();
        }
    }

    @Override
    public Optional<LoginFacts> atLogin(DeviceKey device) {
        return shards.at(
                Slots.ofUser(device.uid()), slotSession -> at(slotSession).atLogin(device));
    }

    @Override
    public boolean exists(String uid) {
        return ids.user(uid) != null;
    }

    private static SqlStandings at(SlotSession slotSession) {
        return new SqlStandings(slotSession, slotSession);
    }

    @Override
    public Optional<UserStanding> standing(String uid) {
        return shards.at(Slots.ofUser(uid), slotSession -> at(slotSession).of(uid));
    }

    @Override
    public boolean erase(String uid, int entriesMax) {
        return shards.at(
                Slots.ofUser(uid), slotSession -> new SqlErasure(slotSession, slotSession).erase(uid, entriesMax));
    }

    @Override
    public List<String> changedSince(long atMillis, int usersMax) {
        List<String> changed = new ArrayList<>();
        shards.sweep(true, reader -> reader.mapper(UserMapper.class).changedSince(atMillis, usersMax))
                .forEach(part -> changed.addAll(part.rows()));
        return changed;
    }

    @Override
    public Optional<UserStanding> change(String uid, UnaryOperator<UserStanding> change, long nowMillis) {
        return shards.at(Slots.ofUser(uid), slotSession -> at(slotSession).change(uid, change, nowMillis));
    }
}
