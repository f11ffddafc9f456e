package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.session.UserStanding;
import io.hongyan.im.core.session.Users;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A user is a row, and another that is the head of the inbox. */
final class MysqlUsers implements Users {
    private final Reads readers;
    private final MysqlWrites writes;
    private final MysqlIds ids;
    private final SqlStandings standings;

    MysqlUsers(Reads readers, MysqlWrites writes, MysqlIds ids) {
        this.readers = readers;
        this.writes = writes;
        this.ids = ids;
        this.standings = new SqlStandings(readers, writes);
    }

    @Override
    public UserStanding ensure(String uid) {
        return standings
                .of(uid)
                .orElseGet(() -> writes.run(session -> {
                    make(
                            session,
                            "INSERT INTO im_user (uid) VALUES (?) ON DUPLICATE KEY UPDATE uid = im_user.uid",
                            uid);
                    return session.loginRows().standing(uid);
                }));
    }

    /**
     * The user and the empty inbox.
     *
     * @param insert makes the row of the user with this uid unless there is one
     */
    static void make(MysqlSession session, String insert, String uid) throws SQLException {
        execute(session, insert, uid);
        execute(
                session,
                "INSERT INTO im_inbox_head (user_id) SELECT id FROM im_user WHERE uid = ?"
                        + " ON DUPLICATE KEY UPDATE head = im_inbox_head.head",
                uid);
    }

    private static void execute(MysqlSession session, String sql, String uid) throws SQLException {
        try (PreparedStatement statement = session.connection().prepareStatement(sql)) {
            statement.setBytes(1, MysqlIds.bytes(uid));
            statement.executeUpdate();
        }
    }

    @Override
    public boolean exists(String uid) {
        return ids.knownUser(uid) != null
                || readers.readOne(reader -> ids.user(((MysqlSession) reader).connection(), uid) != null);
    }

    @Override
    public Optional<UserStanding> standing(String uid) {
        return standings.of(uid);
    }

    @Override
    public Optional<UserStanding> change(String uid, UnaryOperator<UserStanding> change, long nowMillis) {
        return standings.change(uid, change, nowMillis);
    }

    @Override
    public boolean erase(String uid, int entriesMax) {
        return new SqlErasure(readers, writes).erase(uid, entriesMax);
    }

    @Override
    public List<String> changedSince(long atMillis, int usersMax) {
        return standings.changedSince(atMillis, usersMax);
    }
}
