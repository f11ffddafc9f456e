package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.session.LoginFacts;
import io.hongyan.im.core.session.UserStanding;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** How users stand: columns of their rows, whatever the engine. */
public final class SqlStandings {
    private final ReadExecutor reads;
    private final WriteExecutor writes;

    public SqlStandings(ReadExecutor reads, WriteExecutor writes) {
        this.reads = reads;
        this.writes = writes;
    }

    public Optional<UserStanding> of(String uid) {
        return Optional.ofNullable(
                reads.readOne(connection -> connection.loginRows().standing(uid)));
    }

    public Optional<LoginFacts> atLogin(DeviceKey key) {
        return reads.readOne(connection -> facts(connection.loginRows(), key));
    }

    /** What a login needs to know, as of the transaction in which it is read. */
    public static Optional<LoginFacts> facts(LoginRows rows, DeviceKey key) throws SQLException {
        return Optional.ofNullable(rows.facts(key.uid(), key.device()))
                .map(facts -> new LoginFacts(
                        facts.standing(),
                        Optional.ofNullable(facts.device()).map(row -> SqlDevices.toDevice(key, row)),
                        facts.devices()));
    }

    public Optional<UserStanding> change(String uid, UnaryOperator<UserStanding> change, long nowMillis) {
        return writes.write(transaction -> {
            UserMapper users = transaction.mapper(UserMapper.class);
            // First, so that what is read behind it is the newest, and nobody else changes it.
            users.touch(uid, nowMillis);
            UserStanding before = transaction.loginRows().standing(uid);
            if (before == null) {
                return Optional.empty();
            }
            UserStanding after = change.apply(before);
            users.updateStanding(uid, StandingText.state(after), after.tokensRevokedAt(), StandingText.devices(after));
            return Optional.of(after);
        });
    }

    public List<String> changedSince(long atMillis, int usersMax) {
        return reads.readOne(connection -> connection.mapper(UserMapper.class).changedSince(atMillis, usersMax));
    }
}
