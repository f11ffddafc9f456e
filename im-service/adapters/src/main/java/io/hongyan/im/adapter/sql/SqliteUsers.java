package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.session.Users;

/** Users are rows; an inbox needs none of its own. */
final class SqliteUsers implements Users {
    private final Readers readers;
    private final GroupCommit writes;
    private final SqliteWriter writer;

    SqliteUsers(Readers readers, GroupCommit writes, SqliteWriter writer) {
        this.readers = readers;
        this.writes = writes;
        this.writer = writer;
    }

    @Override
    public void ensure(String uid) {
        // Whoever logs in exists already, but for once: that must not cost a sync.
        if (!exists(uid)) {
            writes.write(() -> {
                writing().insert(uid);
                return null;
            });
        }
    }

    @Override
    public boolean exists(String uid) {
        return readers.read(reader -> reader.loginRows().userId(uid) != null);
    }

    /** Within a write. */
    private UserMapper writing() {
        return writer.mapper(UserMapper.class);
    }
}
