package io.hongyan.im.adapter.sql.mysql;

import com.sun.management.ThreadMXBean;
import io.hongyan.im.core.group.GroupLimits;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.send.Appended;
import io.hongyan.im.core.send.Draft;
import io.hongyan.starters.MariaDb;
import io.hongyan.starters.MySql8;
import io.hongyan.starters.SqlServer;
import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/**
 * What one lane stores per second on a server of its own, which syncs each commit. Arguments: mariadb or mysql, pairs,
 * batch, seconds, and perhaps "statements" for where the server's time goes, which costs some itself.
 */
final class MysqlAppendBench {
    private final Random random = new Random(1);
    private final byte[] content = new byte[100];

    public static void main(String[] arguments) {
        boolean statements = arguments.length > 4;
        String[] options = {
            "--innodb-buffer-pool-size=512M",
            "--slow-query-log=" + (statements ? 1 : 0),
            "--long-query-time=0",
            "--log-output=TABLE"
        };
        try (SqlServer server = arguments[0].equals("mysql") ? MySql8.started(options) : MariaDb.started(options);
                ShardedStorage storage =
                        MysqlFixture.open(MysqlFixture.settings(server, "bench"), GroupLimits.DEFAULT)) {
            new MysqlAppendBench()
                    .run(
                            server,
                            storage,
                            Integer.parseInt(arguments[1]),
                            Integer.parseInt(arguments[2]),
                            Integer.parseInt(arguments[3]));
            if (statements) {
                printStatements(MysqlFixture.settings(server, "bench"));
            }
        }
    }

    private static void printStatements(MysqlSettings settings) {
        String sql = "SELECT LEFT(CONVERT(sql_text USING utf8mb4), 45) AS what, COUNT(*), AVG(query_time) * 1000"
                + " FROM mysql.slow_log GROUP BY what ORDER BY SUM(query_time) DESC LIMIT 20";
        try (Connection connection = DriverManager.getConnection(settings.url(), settings.user(), settings.password());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                System.out.printf("%8d times %8.2f ms  %s%n", rows.getLong(2), rows.getDouble(3), rows.getString(1));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void run(SqlServer server, ShardedStorage storage, int pairs, int batch, int seconds) {
        random.nextBytes(content);
        for (int user = 0; user < 2 * pairs; user++) {
            storage.ports().users().ensure("u" + user);
        }
        append(storage, pairs, batch, seconds / 3.0);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long serverBefore = serverNanos(server);
        long cpu = threads.getCurrentThreadCpuTime();
        long start = System.nanoTime();
        int done = append(storage, pairs, batch, seconds);
        long wall = System.nanoTime() - start;
        System.out.printf(
                "pairs %d batch %d: %.0f messages/s, a batch %.1f ms; lane %.1f us of CPU each, server %.1f us, %s%n",
                pairs,
                batch,
                done / (wall / 1e9),
                wall / 1e6 / (done / batch),
                (threads.getCurrentThreadCpuTime() - cpu) / 1e3 / done,
                (serverNanos(server) - serverBefore) / 1e3 / done,
                storage.counters());
    }

    private static long serverNanos(SqlServer server) {
        return server.process("mariadb")
                .or(() -> server.process("mysql"))
                .flatMap(process -> process.info().totalCpuDuration())
                .orElseThrow()
                .toNanos();
    }

    private int append(ShardedStorage storage, int pairs, int batch, double seconds) {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        int done = 0;
        while (System.nanoTime() < end) {
            List<Draft> drafts = new ArrayList<>(batch);
            for (int i = 0; i < batch; i++) {
                drafts.add(draft(random.nextInt(pairs), random.nextInt(2)));
            }
            List<Appended> results = storage.ports().log().append(drafts, 1_800_000_000_000L + done);
            if (!(results.get(0) instanceof Appended.Stored)) {
                throw new IllegalStateException(results.get(0).toString());
            }
            done += batch;
        }
        return done;
    }

    private Draft draft(int pair, int side) {
        String from = "u" + (2 * pair + side);
        String to = "u" + (2 * pair + 1 - side);
        String id = new UUID(random.nextLong(), random.nextLong()).toString();
        return new Draft(Conversation.direct(from, to), from, "android:phone", id, content);
    }
}
