package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.message.StorageException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Who uses the database. Servers that do not meet in Redis would not tell each other what they stored, so one of them is
 * alone here: it holds a row with a lease by the database's clock, and others that find it held do not start.
 */
final class MysqlNodes {
    static final long LEASE_MILLIS = 10_000;
    static final long RENEW_MILLIS = 2_000;
    private static final long LOOK_MILLIS = 500;
    private static final String NOW = "CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)";
    private static final String PAGE = " (docs/operating/mysql.md)";

    private final MysqlWrites writes;
    private final String server;
    private final String start = UUID.randomUUID().toString();

    /** Null before it has joined, and after it has left. */
    private volatile Member self;

    private record Member(String node, boolean meets, Consumer<String> onConflict) {}

    /** Another server that may be living. */
    private record Other(String node, boolean meets, long leaseUntil) {}

    /** @param server its name for messages */
    MysqlNodes(MysqlWrites writes, String server) {
        this.writes = writes;
        this.server = server;
    }

    /**
     * Waits for the lease of another one that no longer renews it, but for no one that lives.
     *
     * @throws StorageException as {@link OpenStorage#join}
     */
    void join(String node, boolean meets, Consumer<String> onConflict) {
        Member member = new Member(node, meets, onConflict);
        Other first = enter(member);
        Other present = first;
        while (present != null) {
            if (!present.equals(first)) {
                throw new StorageException(refusal(member, present), null);
            }
            pause();
            present = enter(member);
        }
        self = member;
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StorageException("interrupted", interrupted);
        }
    }

    private String refusal(Member member, Other other) {
        return "the server " + other.node + " uses the database " + server + " too, and "
                + (member.meets ? "it has no Redis" : other.meets ? "this one has no Redis" : "neither has Redis")
                + " to tell the other what it stores: set redis.servers for all servers of one database, or stop the"
                + " other one" + PAGE;
    }

    /** @return null once it has joined, else whom it does not go with */
    private Other enter(Member member) {
        return writes.run(session -> {
            try (PreparedStatement lock =
                            session.connection().prepareStatement("SELECT 1 FROM im_node WHERE node = '' FOR UPDATE");
                    ResultSet locked = lock.executeQuery()) {
                locked.next();
            }
            Other other = find(session, member);
            if (other == null) {
                try (PreparedStatement insert = session.connection()
                        .prepareStatement(
                                "REPLACE INTO im_node" + " (node, start, meets, lease_until) VALUES (?, ?, ?, " + NOW
                                        + " + " + LEASE_MILLIS + ")")) {
                    insert.setString(1, member.node);
                    insert.setString(2, start);
                    insert.setInt(3, member.meets ? 1 : 0);
                    insert.executeUpdate();
                }
            }
            return other;
        });
    }

    private static Other find(MysqlSession session, Member member) throws SQLException {
        try (PreparedStatement delete = session.connection()
                .prepareStatement("DELETE FROM im_node WHERE node <> '' AND lease_until <= " + NOW)) {
            delete.executeUpdate();
        }
        try (PreparedStatement select = session.connection()
                .prepareStatement(
                        "SELECT node, meets, lease_until"
                                + " FROM im_node WHERE node <> '' AND node <> ? AND (meets = 0 OR ? = 0) ORDER BY node LIMIT 1")) {
            select.setString(1, member.node);
            select.setInt(2, member.meets ? 1 : 0);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? new Other(row.getString(1), row.getInt(2) != 0, row.getLong(3)) : null;
            }
        }
    }

    /** Says that it is still there. Where it was taken for dead meanwhile, and another came, that is told. */
    void renew() {
        Member member = self;
        if (member == null || renewed(member)) {
            return;
        }
        if (isTaken(member)) {
            tell(
                    member,
                    "another server with the same node-id " + member.node + " has started on the database " + server
                            + ": was the data directory copied? Remove the file node-id from the copy");
            return;
        }
        Other other = enter(member);
        if (other != null) {
            tell(member, refusal(member, other));
        }
    }

    private void tell(Member member, String conflict) {
        self = null;
        member.onConflict.accept(conflict);
    }

    private boolean renewed(Member member) {
        return writes.run(session -> {
            try (PreparedStatement update = session.connection()
                    .prepareStatement("UPDATE im_node SET lease_until = " + NOW + " + " + LEASE_MILLIS
                            + " WHERE node = ? AND start = ? AND lease_until > " + NOW)) {
                update.setString(1, member.node);
                update.setString(2, start);
                return update.executeUpdate() > 0;
            }
        });
    }

    private boolean isTaken(Member member) {
        return writes.run(session -> {
            try (PreparedStatement select = session.connection()
                    .prepareStatement("SELECT 1 FROM im_node WHERE node = ? AND start <> ? AND lease_until > " + NOW)) {
                select.setString(1, member.node);
                select.setString(2, start);
                try (ResultSet row = select.executeQuery()) {
                    return row.next();
                }
            }
        });
    }

    /** Leaves the database to others. */
    void leave() {
        Member member = self;
        self = null;
        if (member != null) {
            writes.run(session -> {
                try (PreparedStatement delete =
                        session.connection().prepareStatement("DELETE FROM im_node WHERE node = ? AND start = ?")) {
                    delete.setString(1, member.node);
                    delete.setString(2, start);
                    return delete.executeUpdate();
                }
            });
        }
    }
}
