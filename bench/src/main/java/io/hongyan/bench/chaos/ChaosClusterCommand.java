package io.hongyan.bench.chaos;

import io.hongyan.bench.chaos.check.Checker;
import io.hongyan.bench.chaos.check.Verdict;
import io.hongyan.bench.chaos.run.ClusterRun;
import io.hongyan.bench.chaos.run.ClusterSize;
import io.hongyan.bench.time.BenchTime;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Disturbs gates, nodes, MariaDB, Redis and the links between them while clients write, and checks the run. */
@Command(
        name = "cluster",
        description =
                "Disturbs a whole cluster while clients write; checks P1 to P5, and that users are soon served again.",
        mixinStandardHelpOptions = true)
final class ChaosClusterCommand implements Callable<Integer> {
    private static final int GROUP_USERS_MIN = 6;
    private static final int MEMBERS_MAX = 16;
    private static final int SECONDS = 300;
    private static final int USERS = 20;
    private static final double RATE = 400;
    private static final int GATES = 3;
    private static final int NODES = 2;

    /** For the help. */
    private static final class Faults extends ArrayList<String> {
        private static final long serialVersionUID = 1;

        Faults() {
            super(CrashCommand.FAULTS_OF_ANY_STORAGE);
        }
    }

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Repeats the choices of a run (default: a new seed each" + " time).")
    private Long seed;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            description = "Seconds in which the clients write (default ${DEFAULT-VALUE}).")
    private int seconds = SECONDS;

    @Option(names = "--gates", paramLabel = "N", description = "Gates (default ${DEFAULT-VALUE}).")
    private int gates = GATES;

    @Option(names = "--nodes", paramLabel = "N", description = "Nodes (default ${DEFAULT-VALUE}).")
    private int nodes = NODES;

    @Option(
            names = "--databases",
            paramLabel = "N",
            description = "Databases of the nodes (default ${DEFAULT-VALUE}); with 2, slots move between them.")
    private int databases = 1;

    @Option(names = "--users", paramLabel = "N", description = "Default ${DEFAULT-VALUE}.")
    private int users = USERS;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "Messages per second of all clients together (default ${DEFAULT-VALUE}).")
    private double rate = RATE;

    @Option(
            names = "--break",
            paramLabel = "FAULT",
            completionCandidates = Faults.class,
            description = "Switches a fault on in the nodes, which must make the run fail: ${COMPLETION-CANDIDATES}."
                    + " drop-outbox reads the feed. Test builds only.")
    private String fault;

    @Option(
            names = "--groups",
            description = "Also uses groups, which users join and leave over HTTP while the cluster is disturbed.")
    private boolean groups;

    @Option(
            names = "--feed",
            paramLabel = "SOURCE",
            arity = "0..1",
            fallbackValue = "http",
            description = "Also reads the feed and checks P8: http.")
    private String feed;

    @Option(
            names = "--directory",
            paramLabel = "DIR",
            description = "Directory for data, logs and history; must be empty (default: a new one below"
                    + " bench/target/chaos; removed if the run passes).")
    private Path directory;

    @Option(names = "--keep", description = "Keep data, logs and history of a run that passed, too.")
    private boolean keep;

    @Spec
    private CommandSpec spec;

    private final BenchTime time;

    ChaosClusterCommand(BenchTime time) {
        this.time = time;
    }

    @Override
    public Integer call() {
        feed = feed == null && CrashCommand.FAULT_OF_FEED.equals(fault) ? "http" : feed;
        check();
        Path home = CrashCommand.home();
        long drawn = seed == null ? time.epochMillis() % 1_000_000 : seed;
        boolean given = directory != null;
        Path work = given ? directory : home.resolve("bench/target/chaos/cluster-" + drawn + "-" + time.epochMillis());
        Path history = work.resolve(CrashCommand.HISTORY);
        ClusterRun run = new ClusterRun(
                new ClusterRun.Options(
                        home,
                        work,
                        history,
                        drawn,
                        seconds,
                        new ClusterSize(gates, nodes, databases),
                        users,
                        rate,
                        fault,
                        groups,
                        0,
                        feed != null),
                time,
                this::progress);
        PrintWriter out = spec.commandLine().getOut();
        String repeat = repeat(drawn);
        out.println(repeat);
        run.plan().forEach(out::println);
        out.flush();
        run.run();
        Verdict verdict = new Checker(CheckCommand.SETTLED_MILLIS).check(history);
        VerdictPrinter.print(verdict, "history: " + history + ", logs beside it; again: " + repeat, out);
        if (verdict.held() && !given && !keep) {
            CrashCommand.remove(work);
        }
        return verdict.held() ? 0 : ChaosMain.BROKEN;
    }

    private void check() {
        if (seconds < 1 || users < 2 || rate <= 0) {
            throw new IllegalStateException("--seconds, --rate and --users must be above 0, 0 and 1");
        }
        if (gates < 1 || gates > MEMBERS_MAX || nodes < 1 || nodes > MEMBERS_MAX) {
            throw new IllegalStateException("--gates and --nodes take 1 to " + MEMBERS_MAX);
        }
        if (databases < 1 || databases > 2) {
            throw new IllegalStateException("--databases takes 1 or 2");
        }
        if (groups && users < GROUP_USERS_MIN) {
            throw new IllegalStateException("--groups needs " + GROUP_USERS_MIN + " users or more");
        }
        if (fault != null && !CrashCommand.FAULTS_OF_ANY_STORAGE.contains(fault)) {
            throw new IllegalStateException(
                    "--break takes one of " + String.join(", ", CrashCommand.FAULTS_OF_ANY_STORAGE));
        }
        if (feed != null && !feed.equals("http")) {
            throw new IllegalStateException("the feed of a cluster can be read over http only");
        }
    }

    private String repeat(long drawn) {
        String line = "scripts/chaos cluster --seed " + drawn + " --seconds " + seconds;
        if (gates != GATES || nodes != NODES) {
            line += " --gates " + gates + " --nodes " + nodes;
        }
        if (databases != 1) {
            line += " --databases " + databases;
        }
        if (users != USERS) {
            line += " --users " + users;
        }
        if (rate != RATE) {
            line += " --rate " + rate;
        }
        if (groups) {
            line += " --groups";
        }
        if (feed != null) {
            line += " --feed " + feed;
        }
        return fault == null ? line : line + " --break " + fault;
    }

    private void progress(String what) {
        spec.commandLine().getErr().println(what);
        spec.commandLine().getErr().flush();
    }
}
