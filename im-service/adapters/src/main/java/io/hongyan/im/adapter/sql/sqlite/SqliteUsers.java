package io.hongyan.im.adapter.sql.sqlite;

import io.hongyan.im.adapter.sql.SqlDevices;
import io.hongyan.im.adapter.sql.SqlErasure;
import io.hongyan.im.adapter.sql.SqlStandings;
import io.hongyan.im.adapter.sql.UserMapper;
import io.hongyan.im.core.inbox.KeptSession;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.session.LoginFacts;
import io.hongyan.im.core.session.UserStanding;
import io.hongyan.im.core.session.Users;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Users are rows; an inbox needs none of its own. */
final class SqliteUsers implements Users {
    private final SqliteReadPool readPool;
    private final GroupCommit writes;
    private final SqliteWriter writer;
    private final SqlStandings standings;

    SqliteUsers(SqliteReadPool readPool, GroupCommit writes, SqliteWriter writer) {
        this.readPool = readPool;
        this.writes = writes;
        this.writer = writer;
        this.standings = new SqlStandings(readPool, new SqliteWriteExecutor(writes, writer));
    }

    @Override
    public UserStanding make(String uid) {
        return writes.write(() -> {
            writing().insert(uid);
            return writer.loginRows().standing(uid);
        });
    }

    @Override
    public Optional<LoginFacts> makeWithDevice(DeviceKey device, KeptSession session, long nowMillis) {
        return writes.write(() -> {
            if (writing().insert(device.uid()) == 0) {
                return SqlStandings.facts(writer.loginRows(), device);
            }
            SqlDevices.insertFirst(writer, device, session, nowMillis);
            return Optional.empty();
        });
    }

    @Override
    public Optional<LoginFacts> atLogin(DeviceKey device) {
        return standings.atLogin(device);
    }

    @Override
    public boolean exists(String uid) {
        return readPool.read(connection -> connection.loginRows().userId(uid) != null);
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
        return new SqlErasure(readPool, new SqliteWriteExecutor(writes, writer)).erase(uid, entriesMax);
    }

    @Override
    public List<String> changedSince(long atMillis, int usersMax) {
        return standings.changedSince(atMillis, usersMax);
    }

    /** Within a write. */
    private UserMapper writing() {
        return writer.mapper(UserMapper.class);
    }
}
