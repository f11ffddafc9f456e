package io.hongyan.im.adapter.sql.mysql;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.function.LongUnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far the clock of this node is from the database's, by which leases go: nodes whose clocks differ would else take
 * leases from each other, or leave those of a dead one alone for too long. Small differences are none.
 */
final class ServerClock implements LongUnaryOperator {
    private static final Logger log = LoggerFactory.getLogger(ServerClock.class);

    /** Below this nothing is corrected: leases last longer, and answers take time. */
    private static final long DIFFERENCE_MILLIS_MIN = 2_000;

    private final MysqlWriteExecutor writes;
    private final InstantSource clock;
    private volatile long difference;

    ServerClock(MysqlWriteExecutor writes, InstantSource clock) {
        this.writes = writes;
        this.clock = clock;
    }

    /** Asks the database what time it is. */
    void compare() {
        long found = writes.run(session -> {
            long before = clock.millis();
            long server = serverMillis(session);
            return server - (before + clock.millis()) / 2;
        });
        long now = Math.abs(found) < DIFFERENCE_MILLIS_MIN ? 0 : found;
        if ((now == 0) != (difference == 0)) {
            log.warn(
                    now == 0
                            ? "this node's clock agrees with the database's again"
                            : "this node's clock is {} ms behind the database's (negative: ahead); leases go by the latter",
                    found);
        }
        difference = now;
    }

    private static long serverMillis(MysqlSession session) throws SQLException {
        try (Statement statement = session.connection().createStatement();
                ResultSet row = statement.executeQuery("SELECT CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)")) {
            row.next();
            return row.getLong(1);
        }
    }

    /** Milliseconds to add to this node's time; 0 where the difference is too small to matter. */
    long differenceMillis() {
        return difference;
    }

    @Override
    public long applyAsLong(long nodeMillis) {
        return nodeMillis + difference;
    }
}
