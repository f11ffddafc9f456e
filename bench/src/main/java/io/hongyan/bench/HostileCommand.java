package io.hongyan.bench;

import io.hongyan.bench.hostile.Crowd;
import io.hongyan.bench.load.PairFigures;
import io.hongyan.bench.load.PairPlan;
import io.hongyan.bench.mqtt.MqttLoops;
import io.hongyan.bench.report.Result;
import io.hongyan.bench.server.HongyanServer;
import io.hongyan.bench.time.BenchTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "hostile",
        description = {
            "Well-behaved clients exchange messages, first undisturbed, then on a machine whose processors are occupied, then"
                    + " while hostile clients of every kind go at the same server: their latencies, wrong disconnects, losses,"
                    + " and each minute what the server holds. The server is started for it, on loopback.",
            "",
            "Hostile clients are a process of their own at the lowest priority: they take what server and well-behaved clients"
                    + " leave of the machine, as much as there is. What that alone does to latencies, whoever does it, shows the run"
                    + " before: a process of the same priority takes the same and asks nothing of the server. So the ratio of the two"
                    + " is what attacks cost the server, and not what it costs to make them on the same cores. --cores split is"
                    + " harder: the server is kept on half of the cores in all runs, and the hostile have the others almost for"
                    + " themselves.",
            "",
            "Exit code 0: everything sent was acknowledged and delivered once and in order, nobody was disconnected; and in"
                    + " runs of ten minutes and more, p99 of PUBACK and delivery were at most twice those with occupied processors,"
                    + " and live heap, direct memory, threads, files and log stayed flat."
        },
        mixinStandardHelpOptions = true)
final class HostileCommand implements Callable<Integer> {
    private static final double WARM_UP_SECONDS_MIN = 3;
    private static final double WARM_UP_SECONDS_MAX = 30;
    private static final int TEXT_BYTES = 100;
    private static final double UNDISTURBED_SECONDS_MAX = 300;

    /** How the cores of the machine are used. */
    enum CoreUse {
        SPLIT,
        SHARED
    }

    private final Console console;
    private final BenchTime time;

    @Mixin
    private ServerOptions servers;

    @Option(names = "--list", description = "Lists the kinds of hostile clients, and ends.")
    private boolean list;

    @Option(names = "--only", paramLabel = "NAME", description = "Only this kind; may be repeated.")
    private List<String> only = List.of();

    @Option(names = "--each", description = "One kind after the other instead of all together.")
    private boolean each;

    @Option(names = "--clients", defaultValue = "1000", description = "Well-behaved clients (${DEFAULT-VALUE}).")
    private int clients;

    @Option(
            names = "--rate",
            defaultValue = "200",
            description = "Messages per second of all of them together (${DEFAULT-VALUE}).")
    private double rate;

    @Option(
            names = "--seconds",
            defaultValue = "60",
            description =
                    "Length of the run with hostile clients; the two before it are as long, but five minutes at most"
                            + " (${DEFAULT-VALUE}).")
    private double seconds;

    @Option(
            names = "--cores",
            defaultValue = "shared",
            description = "shared: all use all cores; split: the server has half of them, clients the others"
                    + " (${DEFAULT-VALUE}).")
    private CoreUse cores;

    @Option(names = "--threads", defaultValue = "2", description = "Load generator's threads (${DEFAULT-VALUE}).")
    private int threads;

    @Option(names = "--seed", defaultValue = "1", description = "Seed of the client message ids (${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--json", description = "One JSON object per result on standard output.")
    private boolean json;

    HostileCommand(Console console, BenchTime time) {
        this.console = console;
        this.time = time;
    }

    @Override
    public Integer call() {
        if (list) {
            Crowd.described().forEach(console::say);
            return 0;
        }
        try (WorkDirectory work = new WorkDirectory();
                Cores split = cores == CoreUse.SPLIT ? Cores.split() : Cores.shared()) {
            console.progress().note(split.described());
            return attacked(work, split);
        }
    }

    private int attacked(WorkDirectory work, Cores split) {
        Doors doors = Doors.prepare(servers.home(), work.of("certificate"));
        try (MqttLoops loops = new MqttLoops(threads, time::nanos);
                HongyanServer server = servers.startedWithLimits(
                        "hostile", doors.settings(), split.ofServer(), work.of("hongyan"), time)) {
            PairBench bench = new PairBench(loops, time, console.progress());
            double before = Math.min(seconds, UNDISTURBED_SECONDS_MAX);
            PairFigures undisturbed = measured(bench, server, work, before).figures();
            PairFigures occupied;
            try (HelperProcess process = OccupyCommand.start(split.ofAttackers())) {
                occupied = measured(bench, server, work, before).figures();
                OccupyCommand.release(process);
            }
            Baseline baseline = new Baseline(undisturbed, occupied);
            List<Result> results =
                    new ArrayList<>(List.of(undisturbed.result("undisturbed"), occupied.result("occupied")));
            boolean unhurt = said("undisturbed", HostileVerdict.losses(undisturbed))
                    && said("occupied", HostileVerdict.losses(occupied));
            for (List<String> kinds : crowds()) {
                ServerState stateBefore = ServerState.of(server, work.of("hongyan"));
                Measured disturbed;
                Map<String, Long> rounds;
                try (CrowdProcess crowd = CrowdProcess.start(split.ofAttackers(), server, doors, kinds)) {
                    disturbed = measured(bench, server, work, seconds);
                    rounds = crowd.release();
                }
                Result result = result(baseline, disturbed.figures(), rounds);
                stateBefore.show(result, "before");
                ServerState.of(server, work.of("hongyan")).show(result, "after");
                String kind = kinds.size() == 1 ? kinds.get(0) : "all";
                results.add(result.text("kind", kind));
                unhurt &= judged(kind, baseline, disturbed);
            }
            console.results(results, json);
            return unhurt ? 0 : 1;
        }
    }

    /** What hostile clients are compared with. */
    private record Baseline(PairFigures undisturbed, PairFigures occupied) {}

    /** @param minutes what the server held, minute by minute */
    private record Measured(PairFigures figures, List<ServerState> minutes) {}

    private Measured measured(PairBench bench, HongyanServer server, WorkDirectory work, double lasting) {
        try (Samples samples = new Samples(server, work.of("hongyan"), time, console.progress())) {
            PairFigures figures = bench.run(server, plan(lasting));
            return new Measured(figures, samples.taken());
        }
    }

    private boolean judged(String kind, Baseline baseline, Measured measured) {
        PairFigures disturbed = measured.figures();
        List<String> faults = new ArrayList<>(HostileVerdict.losses(disturbed));
        console.progress()
                .note(String.format(
                        Locale.ROOT,
                        "%s: p99 of PUBACK %.2f times that with occupied processors (%.2f times the undisturbed one), of delivery"
                                + " %.2f (%.2f) times; %d sent, %d delivered",
                        kind,
                        HostileVerdict.pubAckRatio(baseline.occupied(), disturbed),
                        HostileVerdict.pubAckRatio(baseline.undisturbed(), disturbed),
                        HostileVerdict.endToEndRatio(baseline.occupied(), disturbed),
                        HostileVerdict.endToEndRatio(baseline.undisturbed(), disturbed),
                        disturbed.sums().sent(),
                        disturbed.sums().received()));
        if (seconds >= HostileVerdict.LONG_RUN_SECONDS) {
            faults.addAll(HostileVerdict.delays(baseline.occupied(), disturbed));
            faults.addAll(Steadiness.faults(measured.minutes()));
        }
        return said(kind, faults);
    }

    /** Prints the faults; true if there are none. */
    private boolean said(String kind, List<String> faults) {
        faults.forEach(fault -> console.progress().note(kind + ": FAULT: " + fault));
        return faults.isEmpty();
    }

    /** One crowd of all kinds together, or one crowd per kind. */
    private List<List<String>> crowds() {
        List<String> kinds = only.isEmpty() ? Crowd.names() : only;
        return each ? kinds.stream().map(List::of).toList() : List.of(kinds);
    }

    private Result result(Baseline baseline, PairFigures disturbed, Map<String, Long> rounds) {
        disturbed.ends().stream().limit(3).forEach(console.progress()::note);
        rounds.forEach((name, count) -> console.progress().note(name + ": " + count + " rounds"));
        return disturbed
                .result("hostile")
                .count("clients", clients / 2 * 2L)
                .figure("puback_p99_ratio", HostileVerdict.pubAckRatio(baseline.occupied(), disturbed))
                .figure("e2e_p99_ratio", HostileVerdict.endToEndRatio(baseline.occupied(), disturbed))
                .figure("puback_p99_to_undisturbed", HostileVerdict.pubAckRatio(baseline.undisturbed(), disturbed))
                .count("attacks", rounds.size())
                .count(
                        "attack_rounds",
                        rounds.values().stream().mapToLong(Long::longValue).sum());
    }

    /** In long runs the warm-up is long enough that the undisturbed p99 is not that of a JVM that has just started. */
    private PairPlan plan(double lasting) {
        double warmUp = Math.max(WARM_UP_SECONDS_MIN, Math.min(WARM_UP_SECONDS_MAX, seconds / 10));
        return new PairPlan(
                clients / 2, 1, rate, TEXT_BYTES, (long) (warmUp * 1_000), (long) (lasting * 1_000), false, seed);
    }
}
