package io.hongyan.im.adapter.sql.mysql;

import io.hongyan.im.adapter.sql.SqlDevices;
import io.hongyan.im.adapter.sql.SqlErasure;
import io.hongyan.im.adapter.sql.SqlStandings;
import io.hongyan.im.adapter.sql.UserMapper;
import io.hongyan.im.core.inbox.KeptSession;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.StorageException;
import io.hongyan.im.core.session.LoginFacts;
import io.hongyan.im.core.session.UserStanding;
import io.hongyan.im.core.session.Users;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Makes a user where the user's slot is. */
final class ShardedUsers implements Users {
    /** Ids that somebody else has, one after the other. */
    private static final int ATTEMPTS_MAX = 50;

    /** Nothing where there is such a user, or somebody else has the id. */
    private static final String INSERT = """
            INSERT INTO im_user (id, uid) SELECT ?, ? FROM DUAL
                WHERE NOT EXISTS (SELECT 1 FROM im_user WHERE uid = ?)
                  AND NOT EXISTS (SELECT 1 FROM im_user WHERE id = ?)""";

    private static final String INSERT_INBOX = """
            INSERT INTO im_inbox_head (user_id) SELECT id FROM im_user WHERE uid = ?
                ON DUPLICATE KEY UPDATE head = im_inbox_head.head""";

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
                    insert(session, slot, uid);
                    return session.loginRows().standing(uid);
                }));
    }

    @Override
    public Optional<LoginFacts> makeWithDevice(DeviceKey device, KeptSession kept, long nowMillis) {
        int slot = Slots.ofUser(device.uid());
        return shards.at(
                slot,
                slotSession -> slotSession.run(session -> {
                    if (!insert(session, slot, device.uid())) {
                        return SqlStandings.facts(session.loginRows(), device);
                    }
                    SqlDevices.insertFirst(session, device, kept, nowMillis);
                    return Optional.empty();
                }));
    }

    /**
     * Makes user and inbox unless they exist. Where another transaction makes the same user at this moment the database
     * refuses the row, and this transaction is repeated.
     *
     * @return whether the user was made
     */
    private boolean insert(MysqlSession session, int slot, String uid) throws SQLException {
        Connection connection = session.connection();
        byte[] name = MysqlIds.bytes(uid);
        for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
            long id = slots.newId(slot);
            boolean made = SlotRows.update(connection, INSERT, id, name, name, id) > 0;
            // The driver counts rows that were found, not those that were changed: it counts the user.
            if (SlotRows.update(connection, INSERT_INBOX, name) > 0) {
                return made;
            }
        }
        throw new StorageException("no id was free for a new user", null);
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
        shards.sweep(true, session -> session.mapper(UserMapper.class).changedSince(atMillis, usersMax))
                .forEach(part -> changed.addAll(part.rows()));
        return changed;
    }

    @Override
    public Optional<UserStanding> change(String uid, UnaryOperator<UserStanding> change, long nowMillis) {
        return shards.at(Slots.ofUser(uid), slotSession -> at(slotSession).change(uid, change, nowMillis));
    }
}
