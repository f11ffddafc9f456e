package io.hongyan.im.adapter.sql.mysql;

import io.hongyan.im.adapter.sql.OpenStorage;
import io.hongyan.im.core.message.StorageException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Which nodes use the database. Nodes that do not share a Redis would not tell each other what they stored, so only one of them
 * may use it: it holds a row with a lease by the database's clock, and others that find it held do not start.
 */
final class MysqlNodes {
    static final long LEASE_MILLIS = 10_000;
    static final long RENEW_MILLIS = 2_000;
    private static final long LOOK_MILLIS = 500;
    private static final int START = 18;
    private static final char SEPARATOR = ':';
    private static final String NOW = "CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)";
    private static final String PAGE = " (docs/operating/mysql.md)";

    private final MysqlWriteExecutor writes;
    private final String server;

    /** Null before it has joined, and after it has left. */
    private volatile Member self;

    /** @param start of this start, and behind it what all must have alike */
    private record Member(String node, boolean meets, String start, Consumer<String> onConflict) {
        boolean goesWith(Other other) {
            return meets && other.meets && isAlike(other);
        }

        boolean isAlike(Other other) {
            return alike(start).equals(alike(other.start));
        }

        private static String alike(String start) {
            return start.substring(start.indexOf(SEPARATOR) + 1);
        }
    }

    /** Another node that may be running. */
    private record Other(String node, boolean meets, String start, long leaseUntil) {}

    /** @param server its name for messages */
    MysqlNodes(MysqlWriteExecutor writes, String server) {
        this.writes = writes;
        this.server = server;
    }

    /**
     * Waits until the lease of a node that no longer renews it has ended, but for no node that is running.
     *
     * @throws StorageException as {@link OpenStorage#join}
     */
    void join(String node, boolean meets, String alike, Consumer<String> onConflict) {
        Member member = new Member(
                node, meets, UUID.randomUUID().toString().substring(0, START) + SEPARATOR + alike, onConflict);
        Map<String, Long> seen = new HashMap<>();
        Other present = enter(member);
        while (present != null) {
            Long before = seen.put(present.node, present.leaseUntil);
            if (before != null && before != present.leaseUntil) {
                throw new StorageException(refusal(member, present), null);
            }
            pause();
            present = enter(member);
        }
        self = member;
    }

    /**
     * Waits until leases that are no longer renewed have ended.
     *
     * @throws StorageException a node uses the database
     */
    void awaitNobody() {
        Member nobody = new Member("", false, "" + SEPARATOR, conflict -> {});
        Map<String, Long> seen = new HashMap<>();
        for (Other other = living(nobody); other != null; other = living(nobody)) {
            Long before = seen.put(other.node, other.leaseUntil);
            if (before != null && before != other.leaseUntil) {
                throw new StorageException(
                        "the node " + other.node + " uses the database " + server
                                + ": before its data gets slots, all"
                                + " nodes must be stopped (docs/operating/mysql.md)",
                        null);
            }
            pause();
        }
    }

    private Other living(Member member) {
        return writes.run(session -> find(session, member));
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
        if (member.meets && other.meets) {
            return "the node " + other.node + " uses the database " + server
                    + " too, and has another token secret, so"
                    + " that tokens would be valid at one of the two only: copy the file token-secret of its data"
                    + " directory to this one" + PAGE;
        }
        return "the node " + other.node + " uses the database " + server + " too, and "
                + (member.meets ? "it has no Redis" : other.meets ? "this one has no Redis" : "neither has Redis")
                + " to tell the other what it stores: set redis.servers for all nodes of one database, or stop the"
                + " other one" + PAGE;
    }

    /** @return null once it has joined, else a node beside which it may not run */
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
                        .prepareStatement("REPLACE INTO im_node (node, start, meets, lease_until) VALUES (?, ?, ?, "
                                + NOW + " + " + LEASE_MILLIS + ")")) {
                    insert.setString(1, member.node);
                    insert.setString(2, member.start);
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
                        "SELECT node, meets, start, lease_until FROM im_node WHERE node <> '' AND node <> ? ORDER BY node")) {
            select.setString(1, member.node);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    Other other = new Other(row.getString(1), row.getInt(2) != 0, row.getString(3), row.getLong(4));
                    if (!member.goesWith(other)) {
                        return other;
                    }
                }
                return null;
            }
        }
    }

    /** Renews the lease. If it had ended and another node has taken the database, the conflict is reported. */
    void renew() {
        Member member = self;
        if (member == null || renewed(member)) {
            return;
        }
        if (isTaken(member)) {
            tell(
                    member,
                    "another node with the same node-id " + member.node + " has started on the database " + server
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
                update.setString(2, member.start);
                return update.executeUpdate() > 0;
            }
        });
    }

    private boolean isTaken(Member member) {
        return writes.run(session -> {
            try (PreparedStatement select = session.connection()
                    .prepareStatement("SELECT 1 FROM im_node WHERE node = ? AND start <> ? AND lease_until > " + NOW)) {
                select.setString(1, member.node);
                select.setString(2, member.start);
                try (ResultSet row = select.executeQuery()) {
                    return row.next();
                }
            }
        });
    }

    /** Ends the lease. */
    void leave() {
        Member member = self;
        self = null;
        if (member != null) {
            writes.run(session -> {
                try (PreparedStatement delete =
                        session.connection().prepareStatement("DELETE FROM im_node WHERE node = ? AND start = ?")) {
                    delete.setString(1, member.node);
                    delete.setString(2, member.start);
                    return delete.executeUpdate();
                }
            });
        }
    }
}
