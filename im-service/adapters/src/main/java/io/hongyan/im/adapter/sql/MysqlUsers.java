package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.session.Users;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** A user is a row, and another that is the head of the inbox. */
final class MysqlUsers implements Users {
    private final Reads readers;
    private final MysqlWrites writes;

    MysqlUsers(Reads readers, MysqlWrites writes) {
        this.readers = readers;
        this.writes = writes;
    }

    @Override
    public void ensure(String uid) {
        if (!exists(uid)) {
            writes.run(session -> {
                execute(session, "INSERT INTO im_user (uid) VALUES (?) ON DUPLICATE KEY UPDATE uid = VALUES(uid)", uid);
                execute(
                        session,
                        "INSERT INTO im_inbox_head (user_id) SELECT id FROM im_user WHERE uid = ?"
                                + " ON DUPLICATE KEY UPDATE head = im_inbox_head.head",
                        uid);
                return null;
            });
        }
    }

    private static void execute(MysqlSession session, String sql, String uid) throws SQLException {
        try (PreparedStatement statement = session.connection().prepareStatement(sql)) {
            statement.setBytes(1, MysqlIds.bytes(uid));
            statement.executeUpdate();
        }
    }

    @Override
    public boolean exists(String uid) {
        return readers.read(reader -> reader.loginRows().userId(uid) != null);
    }
}
