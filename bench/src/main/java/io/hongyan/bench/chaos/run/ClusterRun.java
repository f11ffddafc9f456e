package io.hongyan.bench.chaos.run;

import io.hongyan.bench.chaos.history.HistoryEvent;
import io.hongyan.bench.chaos.history.HistoryFile;
import io.hongyan.bench.server.TokenSigner;
import io.hongyan.bench.time.BenchTime;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One run: clients write to each other while the parts of a cluster, and the links between them, are disturbed. */
public final class ClusterRun {
    /** The server's default. */
    private static final int FAN_OUT_INLINE_MAX = 100;

    private static final int BACKLOG_MAX = 100_000;
    private static final long FEED_SILENCE_MILLIS_MAX = 90_000;

    private final Options options;
    private final FaultPlan faults;
    private final BenchTime time;
    private final Consumer<String> progress;

    /**
     * What to run.
     *
     * @param home the project's directory, with the server built
     * @param directory for data, logs and history; created if needed, must be empty
     * @param history the file to write
     * @param seed draws the plan, the texts and the times; how threads, processes and disks interleave is not repeated
     * @param seconds how long the clients write
     * @param messagesPerSecond of all clients together
     * @param groups whether there are groups, which users join and leave
     * @param fanOutInlineMax of groups: the server writes so many inbox rows together with a message; 0 = its default
     * @param feed whether the business feed is read, over HTTP
     */
    public record Options(
            Path home,
            Path directory,
            Path history,
            long seed,
            int seconds,
            ClusterSize size,
            int users,
            double messagesPerSecond,
            String fault,
            boolean groups,
            int fanOutInlineMax,
            boolean feed) {}

    private record Draws(
            SplittableRandom clients, SplittableRandom changes, SplittableRandom feed, SplittableRandom duels) {}

    /** @param progress told from time to time how far the run is */
    public ClusterRun(Options options, BenchTime time, Consumer<String> progress) {
        this.options = options;
        this.time = time;
        this.progress = progress;
        this.faults = FaultPlan.draw(
                options.size(),
                CrashPlan.uids(options.users()),
                options.seconds(),
                new SplittableRandom(options.seed()));
    }

    /** The faults of the plan, as a text; a function of the seed and the options. */
    public List<String> plan() {
        return faults.faults().stream().map(FaultPlan.Fault::toString).toList();
    }

    /**
     * Runs to the end and writes the history.
     *
     * @throws IllegalStateException the run could not be carried out, e.g. a process did not start
     */
    public void run() {
        if (!EndStateReader.isAvailable()) {
            throw new IllegalStateException("mosquitto_rr is missing (Debian: apt-get install mosquitto-clients)");
        }
        RunDirectory.make(options.directory());
        // Each part has its own random numbers: what one does changes nothing for the others.
        SplittableRandom random = new SplittableRandom(options.seed());
        CrashPlan plan = plan(random.split());
        Draws draws = new Draws(random.split(), random.split(), random.split(), random.split());
        try (HistoryFile.Writer file = new HistoryFile.Writer(options.history())) {
            Journal journal = new Journal(file, time::nanos);
            journal.write(at -> new HistoryEvent.Run(
                    at,
                    HistoryEvent.FORMAT,
                    options.seed(),
                    options.seconds(),
                    plan.devices().stream().map(CrashPlan.DevicePlan::clientId).toList()));
            progress.accept("starting " + options.size().gates() + " gates and "
                    + options.size().nodes() + " nodes");
            try (Cluster cluster = Cluster.started(
                    options.home(),
                    options.directory(),
                    options.size(),
                    options.fault(),
                    settings(plan),
                    new SplittableRandom(),
                    move -> note(move, journal),
                    time)) {
                run(plan, cluster, journal, draws);
                journal.write(HistoryEvent.End::new);
                cluster.stop();
            }
        }
    }

    /** If a gate changes its node, its clients may be shown entries again. */
    private static void note(Links.Move move, Journal journal) {
        String[] ends = move.link().name().split(String.valueOf(HistoryEvent.LINK));
        if (ends[0].startsWith("gate-")) {
            journal.write(at -> move.opened()
                    ? new HistoryEvent.LinkOpened(at, ends[0], ends[1])
                    : new HistoryEvent.LinkClosed(at, ends[0], ends[1]));
        }
    }

    private void run(CrashPlan plan, Cluster cluster, Journal journal, Draws draws) {
        TokenSigner tokens = TokenSigner.fromFile(cluster.tokenSecret(), time.epochMillis() / 1_000);
        String asking = tokens.token(plan.users().get(0));
        try (BusinessFeed feed = feed(cluster, journal, draws.feed());
                Gates gates = new Gates(cluster.nodeUris(), asking, cluster.gatesByPort(), options.seed(), time)) {
            try (Workload workload = new Workload(
                            plan,
                            (device, random) -> {
                                String token = tokens.token(device.uid());
                                return GateRoute.of(
                                        gates,
                                        device.clientId(),
                                        device.uid(),
                                        () -> token,
                                        device.cleanSession(),
                                        random);
                            },
                            journal,
                            draws.clients(),
                            options.messagesPerSecond(),
                            time);
                    Changes changes = changes(plan, cluster, tokens, journal, draws.changes());
                    ClusterDisturber disturber = new ClusterDisturber(cluster, faults, journal, time, progress)) {
                Duels duels = new Duels(
                        gates,
                        workload.loop(),
                        uid -> tokens.token(uid, time.epochMillis() / 1_000),
                        journal,
                        draws.duels());
                drive(workload, changes, duels, feed, disturber, journal);
                cluster.failIfEnded();
            }
            progress.accept("reading the end state with a stock client");
            Map<String, Long> heads = new EndStateReader(cluster.mqtt(), tokens::token, journal).readAll(plan);
            feed.finish(heads, FEED_SILENCE_MILLIS_MAX);
        }
    }

    private void drive(
            Workload workload,
            Changes changes,
            Duels duels,
            BusinessFeed feed,
            ClusterDisturber disturber,
            Journal journal) {
        workload.connect();
        if (changes != null) {
            changes.start();
        }
        workload.start();
        workload.add(duels);
        feed.start();
        disturber.disturb(options.seconds());
        feed.calm();
        workload.onLoop(duels::stop);
        journal.write(HistoryEvent.Calm::new);
        String unanswered = changes == null ? null : changes.stop();
        String moving = workload.becomeQuiet();
        String restless = unanswered == null ? moving : unanswered;
        journal.write(at -> new HistoryEvent.Quiet(at, restless == null, restless == null ? "" : restless));
    }

    private CrashPlan plan(SplittableRandom random) {
        CrashPlan plan = CrashPlan.draw(options.users(), random);
        return options.groups() ? plan.withGroups(ChaosGroup.draw(plan.users(), fanOutInlineMax())) : plan;
    }

    private int fanOutInlineMax() {
        return options.fanOutInlineMax() == 0 ? FAN_OUT_INLINE_MAX : options.fanOutInlineMax();
    }

    private List<String> settings(CrashPlan plan) {
        return options.groups()
                ? List.of(
                        "groups:",
                        "  fan_out_inline_max: " + fanOutInlineMax(),
                        "  large_above: " + ChaosGroup.largeAbove(plan.groups()),
                        // Devices must miss nothing, however long they are away.
                        "  backlog_max: " + BACKLOG_MAX)
                : List.of();
    }

    /** Null for a run without groups. */
    private Changes changes(
            CrashPlan plan, Cluster cluster, TokenSigner tokens, Journal journal, SplittableRandom random) {
        if (plan.groups().isEmpty()) {
            return null;
        }
        long millis = TimeUnit.SECONDS.toMillis(options.seconds());
        long growAfter = millis / 5 + random.nextLong(millis / 5);
        return new Changes(
                plan.groups(),
                driver -> cluster.api(driver % options.size().nodes()),
                tokens::token,
                journal,
                random,
                journal.millis() + growAfter,
                time);
    }

    private BusinessFeed feed(Cluster cluster, Journal journal, SplittableRandom random) {
        return options.feed()
                ? BusinessFeed.over(new HttpFeed(cluster.api(0), random.split()), journal, random, time)
                : BusinessFeed.none();
    }
}
