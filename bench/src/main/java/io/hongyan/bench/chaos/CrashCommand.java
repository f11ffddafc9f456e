package io.hongyan.bench.chaos;

import io.hongyan.bench.chaos.check.Checker;
import io.hongyan.bench.chaos.check.Verdict;
import io.hongyan.bench.chaos.run.CrashRun;
import io.hongyan.bench.time.BenchTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Kills the server with SIGKILL at random moments while clients write, and checks the run. */
@Command(
        name = "crash",
        description = "Kills the server at random moments while clients write; checks P1 to P4.",
        mixinStandardHelpOptions = true)
final class CrashCommand implements Callable<Integer> {
    private static final int GROUP_USERS_MIN = 6;
    private static final List<String> FAULTS_OF_GROUPS = List.of("refanout", "late-member");
    static final String FAULT_OF_FEED = "drop-outbox";
    /** Faults that do not need the files of SQLite. */
    static final List<String> FAULTS_OF_ANY_STORAGE =
            List.of("no-dedup", "swap-order", "reset-cursor", FAULT_OF_FEED, "lost-change");

    static final List<String> FAULTS = List.of(
            "ack-before-store",
            "no-dedup",
            "swap-order",
            "reset-cursor",
            "refanout",
            "late-member",
            FAULT_OF_FEED,
            "unread-drift",
            "lost-change",
            "lost-mark");

    /** For the help. */
    private static final class Faults extends ArrayList<String> {
        private static final long serialVersionUID = 1;

        Faults() {
            super(FAULTS);
        }
    }

    static final String HISTORY = "history.jsonl";
    private static final String SQLITE = "sqlite";
    private static final String MARIADB = "mariadb";

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Repeats the choices of a run (default: a new seed each" + " time).")
    private Long seed;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            description = "Seconds in which the clients write (default ${DEFAULT-VALUE}).")
    private int seconds = 60;

    @Option(names = "--users", paramLabel = "N", description = "Users (default ${DEFAULT-VALUE}).")
    private int users = 20;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "Messages per second of all clients together (default ${DEFAULT-VALUE}).")
    private double rate = 600;

    @Option(
            names = "--break",
            paramLabel = "FAULT",
            completionCandidates = Faults.class,
            description = "Switches a fault on in the server, which must make the run fail: ${COMPLETION-CANDIDATES}."
                    + " refanout and late-member also use groups, drop-outbox reads the feed. Test builds only.")
    private String fault;

    @Option(
            names = "--groups",
            description = "Also uses groups, which users join and leave over HTTP while the server is killed.")
    private boolean groups;

    @Option(
            names = "--feed",
            paramLabel = "SOURCE",
            arity = "0..1",
            fallbackValue = "http",
            description = "Also reads the feed and checks P8: http (the default), or rocketmq, which is killed too.")
    private String feed;

    @Option(
            names = "--storage",
            paramLabel = "ENGINE",
            description = "sqlite (default), or mariadb, which is killed too.")
    private String storage = SQLITE;

    @Option(
            names = "--directory",
            paramLabel = "DIR",
            description = "Directory for data, log and history; must be empty (default: a new one below"
                    + " bench/target/chaos; removed if the run passes).")
    private Path directory;

    @Option(names = "--keep", description = "Keep data, log and history of a run that passed, too.")
    private boolean keep;

    @Spec
    private CommandSpec spec;

    private final BenchTime time;

    CrashCommand(BenchTime time) {
        this.time = time;
    }

    @Override
    public Integer call() {
        groups = groups || (fault != null && FAULTS_OF_GROUPS.contains(fault));
        feed = feed == null && FAULT_OF_FEED.equals(fault) ? "http" : feed;
        if (seconds < 1 || users < 2 || rate <= 0) {
            throw new IllegalStateException("--seconds, --rate and --users must be above 0, 0 and 1");
        }
        if (groups && users < GROUP_USERS_MIN) {
            throw new IllegalStateException("--groups needs " + GROUP_USERS_MIN + " users or more");
        }
        if (!storage.equals(SQLITE) && !storage.equals(MARIADB)) {
            throw new IllegalStateException("--storage takes " + SQLITE + " or " + MARIADB);
        }
        if (fault != null && storage.equals(MARIADB)) {
            throw new IllegalStateException("--break works with --storage " + SQLITE + " only");
        }
        if (fault != null && !FAULTS.contains(fault)) {
            throw new IllegalStateException("there is no fault '" + fault + "'");
        }
        Path home = home();
        long drawn = seed == null ? time.epochMillis() % 1_000_000 : seed;
        boolean given = directory != null;
        Path work = given ? directory : home.resolve("bench/target/chaos/" + drawn + "-" + time.epochMillis());
        Path history = work.resolve(HISTORY);
        String repeat = repeat(drawn);
        spec.commandLine().getOut().println(repeat);
        spec.commandLine().getOut().flush();
        CrashRun.Options options = new CrashRun.Options(
                home, work, history, drawn, seconds, users, rate, fault, groups, 0, feed(), storage.equals(MARIADB));
        new CrashRun(options, time, this::progress).run();
        Verdict verdict = new Checker(CheckCommand.SETTLED_MILLIS).check(history);
        VerdictPrinter.print(
                verdict,
                "history: " + history + ", server's log beside it; again: " + repeat,
                spec.commandLine().getOut());
        if (verdict.held() && !given && !keep) {
            remove(work);
        }
        return verdict.held() ? 0 : ChaosMain.BROKEN;
    }

    private String repeat(long drawn) {
        String line = "scripts/chaos crash --seed " + drawn + " --seconds " + seconds;
        if (users != 20) {
            line += " --users " + users;
        }
        if (rate != 600) {
            line += " --rate " + rate;
        }
        if (groups) {
            line += " --groups";
        }
        if (feed != null) {
            line += " --feed " + feed;
        }
        if (!storage.equals(SQLITE)) {
            line += " --storage " + storage;
        }
        return fault == null ? line : line + " --break " + fault;
    }

    private CrashRun.Feed feed() {
        if (feed == null) {
            return CrashRun.Feed.NONE;
        }
        return switch (feed) {
            case "http" -> CrashRun.Feed.HTTP;
            case "rocketmq" -> CrashRun.Feed.ROCKETMQ;
            default -> throw new IllegalStateException("the feed cannot be read from '" + feed + "'");
        };
    }

    private void progress(String what) {
        spec.commandLine().getErr().println(what);
        spec.commandLine().getErr().flush();
    }

    /** The project's directory. */
    static Path home() {
        return Path.of(System.getProperty("hongyan.home", ".")).toAbsolutePath().normalize();
    }

    static void remove(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
