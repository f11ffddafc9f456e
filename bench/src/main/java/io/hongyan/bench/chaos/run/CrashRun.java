package io.hongyan.bench.chaos.run;

import io.hongyan.bench.chaos.history.HistoryEvent;
import io.hongyan.bench.chaos.history.HistoryFile;
import io.hongyan.bench.server.ApiClient;
import io.hongyan.bench.server.TokenSigner;
import io.hongyan.bench.time.BenchTime;
import io.hongyan.starters.MariaDb;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One run: clients write to each other while the server is killed and started, until the time is up. */
public final class CrashRun {
    /** The server's default. */
    private static final int FAN_OUT_INLINE_MAX = 100;

    private static final int BACKLOG_MAX = 100_000;

    /** Longer than a consumer, RocketMQ or the relay may wait before it goes on. */
    private static final long FEED_SILENCE_MILLIS_MAX = 90_000;
    /** With a fault, something is probably missing for ever. */
    private static final long FEED_SILENCE_OF_FAULTY_MILLIS_MAX = 8_000;

    private final Options options;
    private final BenchTime time;
    private final Consumer<String> progress;

    /**
     * What to run.
     *
     * @param home the project's directory, with the server built
     * @param directory for the server's data and log; created if needed
     * @param history the file to write
     * @param seed draws the plan, the texts and the times; how threads and disks interleave is not repeated
     * @param seconds how long the clients write
     * @param messagesPerSecond of all clients together
     * @param fault switched on in the server's test build, or null
     * @param groups whether there are groups, which users join and leave
     * @param fanOutInlineMax of groups: the server writes so many inbox rows together with a message; 0 = its default
     * @param feed how the business feed is read
     * @param mariaDb whether the server stores in a MariaDB, which is killed too
     */
    public record Options(
            Path home,
            Path directory,
            Path history,
            long seed,
            int seconds,
            int users,
            double messagesPerSecond,
            String fault,
            boolean groups,
            int fanOutInlineMax,
            Feed feed,
            boolean mariaDb) {}

    /** How the run reads the business feed. */
    public enum Feed {
        NONE,
        HTTP,
        /** With RocketMQ's remoting client and its gRPC client, while RocketMQ is killed too. */
        ROCKETMQ
    }

    private record Draws(SplittableRandom clients, SplittableRandom changes, SplittableRandom feed) {}

    /** @param progress told from time to time how far the run is */
    public CrashRun(Options options, BenchTime time, Consumer<String> progress) {
        this.options = options;
        this.time = time;
        this.progress = progress;
    }

    /**
     * Runs to the end and writes the history.
     *
     * @throws IllegalStateException the run could not be carried out, e.g. the server did not start
     */
    public void run() {
        if (!EndStateReader.isAvailable()) {
            throw new IllegalStateException("mosquitto_rr is missing (Debian: apt-get install mosquitto-clients)");
        }
        RunDirectory.make(options.directory());
        // Each part has its own random numbers: what one does changes nothing for the others.
        SplittableRandom random = new SplittableRandom(options.seed());
        CrashPlan plan = plan(random.split());
        KillSchedule schedule = new KillSchedule(random.split(), options.seconds());
        Draws draws = new Draws(random.split(), random.split(), random.split());
        try (HistoryFile.Writer file = new HistoryFile.Writer(options.history());
                ChaosRocketMq rocketMq = rocketMq();
                MariaDb database = database();
                ChaosServerProcess server = ChaosServerProcess.alone(
                        options.home(),
                        options.directory(),
                        options.fault(),
                        settings(plan, rocketMq, database),
                        new SplittableRandom(),
                        time)) {
            Journal journal = new Journal(file, time::nanos);
            journal.write(at -> new HistoryEvent.Run(
                    at,
                    HistoryEvent.FORMAT,
                    options.seed(),
                    options.seconds(),
                    plan.devices().stream().map(CrashPlan.DevicePlan::clientId).toList()));
            server.start();
            server.awaitReady();
            journal.write(at -> new HistoryEvent.Ready(at, 0));
            Disturber disturber = new Disturber(server, database, schedule, random.split(), journal, time, progress);
            try (BusinessFeed feed = feed(server, rocketMq, journal, draws.feed())) {
                run(plan, server, disturber, feed, journal, draws);
            }
            journal.write(HistoryEvent.End::new);
            server.stop();
        }
    }

    private void run(
            CrashPlan plan,
            ChaosServerProcess server,
            Disturber disturber,
            BusinessFeed feed,
            Journal journal,
            Draws draws) {
        TokenSigner tokens = TokenSigner.fromFile(server.tokenSecret(), time.epochMillis() / 1_000);
        try (Workload workload = new Workload(
                        plan,
                        Workload.oneServer(server.mqtt(), tokens::token),
                        journal,
                        draws.clients(),
                        options.messagesPerSecond(),
                        time);
                Changes changes = changes(plan, server, tokens, journal, draws.changes())) {
            drive(workload, changes, feed, server, disturber, journal);
        }
        progress.accept("reading the end state with a stock client");
        Map<String, Long> heads = new EndStateReader(server.mqtt(), tokens::token, journal).readAll(plan);
        feed.finish(heads, options.fault() == null ? FEED_SILENCE_MILLIS_MAX : FEED_SILENCE_OF_FAULTY_MILLIS_MAX);
    }

    private void drive(
            Workload workload,
            Changes changes,
            BusinessFeed feed,
            ChaosServerProcess server,
            Disturber disturber,
            Journal journal) {
        workload.connect();
        if (changes != null) {
            changes.start();
        }
        workload.start();
        feed.start();
        disturber.disturb(TimeUnit.SECONDS.toMillis(options.seconds()));
        feed.calm();
        String unanswered = changes == null ? null : changes.stop();
        String moving = workload.becomeQuiet();
        String restless = unanswered == null ? moving : unanswered;
        server.failIfEnded();
        journal.write(at -> new HistoryEvent.Quiet(at, restless == null, restless == null ? "" : restless));
    }

    private CrashPlan plan(SplittableRandom random) {
        CrashPlan plan = CrashPlan.draw(options.users(), random);
        if (!options.groups()) {
            return plan;
        }
        return plan.withGroups(ChaosGroup.draw(plan.users(), fanOutInlineMax()));
    }

    private int fanOutInlineMax() {
        return options.fanOutInlineMax() == 0 ? FAN_OUT_INLINE_MAX : options.fanOutInlineMax();
    }

    private List<String> settings(CrashPlan plan, ChaosRocketMq rocketMq, MariaDb database) {
        List<String> settings = new ArrayList<>();
        if (options.groups()) {
            settings.addAll(List.of(
                    "groups:",
                    "  fan_out_inline_max: " + fanOutInlineMax(),
                    "  large_above: " + ChaosGroup.largeAbove(plan.groups()),
                    // Devices must miss nothing, however long they are away.
                    "  backlog_max: " + BACKLOG_MAX));
        }
        if (database != null) {
            settings.addAll(List.of(
                    "storage:",
                    "  engine: mysql",
                    "  mysql:",
                    "    url: " + database.jdbcUrl("hongyan"),
                    "    user: " + database.user()));
        }
        if (rocketMq != null) {
            settings.addAll(List.of(
                    "rocketmq:",
                    "  name_servers: " + rocketMq.nameServerAddress(),
                    "  feed_topic: " + ChaosRocketMq.TOPIC,
                    "  form: " + (options.seed() % 2 == 0 ? "protobuf" : "json")));
        }
        return settings;
    }

    /** Null for a run on SQLite. */
    private MariaDb database() {
        return options.mariaDb() ? MariaDb.started(options.directory().resolve("mariadb")) : null;
    }

    /** Null for a run without it. */
    private ChaosRocketMq rocketMq() {
        return options.feed() == Feed.ROCKETMQ ? ChaosRocketMq.started(options.directory(), time) : null;
    }

    /** Null for a run without groups. */
    private Changes changes(
            CrashPlan plan, ChaosServerProcess server, TokenSigner tokens, Journal journal, SplittableRandom random) {
        return plan.groups().isEmpty()
                ? null
                : new Changes(
                        plan.groups(),
                        driver -> ApiClient.withKeyFile(server.http(), server.httpKey()),
                        tokens::token,
                        journal,
                        random,
                        journal.millis() + growAfterMillis(random),
                        time);
    }

    /** After much of the run, and long before its end. */
    private long growAfterMillis(SplittableRandom random) {
        long millis = TimeUnit.SECONDS.toMillis(options.seconds());
        return millis / 5 + random.nextLong(millis / 5);
    }

    private BusinessFeed feed(
            ChaosServerProcess server, ChaosRocketMq rocketMq, Journal journal, SplittableRandom random) {
        return switch (options.feed()) {
            case NONE -> BusinessFeed.none();
            case HTTP ->
                BusinessFeed.over(
                        new HttpFeed(ApiClient.withKeyFile(server.http(), server.httpKey()), random.split()),
                        journal,
                        random,
                        time);
            case ROCKETMQ -> BusinessFeed.overRocketMq(rocketMq, options.seconds(), journal, random, time);
        };
    }
}
