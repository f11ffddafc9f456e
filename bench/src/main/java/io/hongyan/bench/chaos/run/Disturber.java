package io.hongyan.bench.chaos.run;

import io.hongyan.bench.chaos.history.HistoryEvent;
import io.hongyan.bench.time.BenchTime;
import io.hongyan.starters.MariaDb;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** Kills the server and starts it again, and its database if that is a separate process. */
final class Disturber {
    private static final long WATCH_MILLIS = 20;
    private static final long PROGRESS_MILLIS = 5_000;
    /** A short run on a slow machine goes on until it has had so many kills. */
    private static final int KILLS_MIN = 2;

    /** … and so many acknowledgements, for at most so long. */
    private static final int ACKNOWLEDGED_MIN = 300;

    private static final long OVERTIME_MILLIS_MAX = 60_000;
    /** Kills with a database: it alone, or together with the server. */
    private static final double DATABASE_PART = 0.4;

    private static final double BOTH_PART = 0.2;
    private static final long DATABASE_DOWN_MILLIS_MAX = 3_000;

    private final ChaosServerProcess server;
    private final MariaDb database;
    private final KillSchedule schedule;
    private final RandomGenerator random;
    private final Journal journal;
    private final BenchTime time;
    private final Consumer<String> progress;
    private int kills;
    private int databaseKills;
    private long progressAtMillis = PROGRESS_MILLIS;

    /** @param database null if there is none */
    Disturber(
            ChaosServerProcess server,
            MariaDb database,
            KillSchedule schedule,
            RandomGenerator random,
            Journal journal,
            BenchTime time,
            Consumer<String> progress) {
        this.server = server;
        this.database = database;
        this.schedule = schedule;
        this.random = random;
        this.journal = journal;
        this.time = time;
        this.progress = progress;
    }

    /** Kills and restarts for so long; the server is ready when this returns. */
    void disturb(long millis) {
        long until = journal.millis() + millis;
        KillSchedule.Life life = schedule.first();
        while (live(life, until)) {
            double drawn = database == null ? 1 : random.nextDouble();
            if (drawn < DATABASE_PART) {
                // The server goes on without it.
                killDatabase();
                pass(random.nextLong(DATABASE_DOWN_MILLIS_MAX));
                startDatabase();
                life = new KillSchedule.Life(false, schedule.next().millis());
            } else {
                life = killServer(drawn < DATABASE_PART + BOTH_PART);
            }
        }
        server.awaitReady();
        journal.write(at -> new HistoryEvent.Ready(at, kills));
    }

    private KillSchedule.Life killServer(boolean databaseToo) {
        kills++;
        journal.write(at -> new HistoryEvent.Kill(at, kills));
        server.kill();
        if (databaseToo) {
            killDatabase();
            startDatabase();
        }
        server.start();
        KillSchedule.Life life = schedule.next();
        if (!life.whileStarting()) {
            server.awaitReady();
            journal.write(at -> new HistoryEvent.Ready(at, kills));
        }
        return life;
    }

    private void killDatabase() {
        databaseKills++;
        journal.write(at -> new HistoryEvent.DatabaseKill(at, databaseKills));
        database.kill();
    }

    private void startDatabase() {
        database.start();
        journal.write(at -> new HistoryEvent.DatabaseReady(at, databaseKills));
    }

    /** Lets the server run for its time; false if the run's time was up before. */
    private boolean live(KillSchedule.Life life, long until) {
        long end = journal.millis() + life.millis();
        while (journal.millis() < end) {
            if (isOver(until)) {
                return false;
            }
            server.failIfEnded();
            tell();
            time.pause(WATCH_MILLIS);
        }
        return !isOver(until);
    }

    private void pass(long millis) {
        long end = journal.millis() + millis;
        while (journal.millis() < end) {
            server.failIfEnded();
            time.pause(WATCH_MILLIS);
        }
    }

    private void tell() {
        if (journal.millis() >= progressAtMillis) {
            progressAtMillis = journal.millis() + PROGRESS_MILLIS;
            progress.accept("%d s: acknowledged=%d kills=%d"
                    .formatted(journal.millis() / 1_000, journal.acknowledged(), kills + databaseKills));
        }
    }

    private boolean isOver(long until) {
        long now = journal.millis();
        boolean enough = journal.acknowledged() >= ACKNOWLEDGED_MIN || now >= until + OVERTIME_MILLIS_MAX;
        return now >= until && kills + databaseKills >= KILLS_MIN && enough;
    }
}
