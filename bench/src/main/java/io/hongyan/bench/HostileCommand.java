package io.hongyan.bench;

import io.hongyan.bench.hostile.Crowd;
import io.hongyan.bench.hostile.Target;
import io.hongyan.bench.load.PairFigures;
import io.hongyan.bench.load.PairPlan;
import io.hongyan.bench.mqtt.MqttLoops;
import io.hongyan.bench.report.Result;
import io.hongyan.bench.server.ChildProcess;
import io.hongyan.bench.server.HongyanServer;
import io.hongyan.bench.time.BenchTime;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "hostile",
        description =
                "Well-behaved clients exchange messages, first undisturbed, then while hostile clients of every kind"
                        + " go at the same server: their latencies, wrong disconnects, losses, and what the server holds before and"
                        + " after. The server is started for it, on loopback.",
        mixinStandardHelpOptions = true)
final class HostileCommand implements Callable<Integer> {
    private static final long WARM_UP_MILLIS = 3_000;
    private static final int TEXT_BYTES = 100;

    private final Console console;
    private final BenchTime time;

    @Mixin
    private ServerOptions servers;

    @Option(names = "--list", description = "Names the kinds of hostile clients, and ends.")
    private boolean list;

    @Option(names = "--only", paramLabel = "NAME", description = "One kind only; may be repeated.")
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
            description = "Length of each of the two runs (${DEFAULT-VALUE}).")
    private double seconds;

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
        InetSocketAddress webSocket = new InetSocketAddress(InetAddress.getLoopbackAddress(), ChildProcess.freePort());
        Map<String, String> needed = Map.of("listen.websocket", "127.0.0.1:" + webSocket.getPort());
        try (WorkDirectory work = new WorkDirectory();
                MqttLoops loops = new MqttLoops(threads, time::nanos);
                HongyanServer server = servers.started("hostile", needed, work.of("hongyan"), time)) {
            PairBench bench = new PairBench(loops, time, console.progress());
            PairFigures undisturbed = bench.run(server, plan());
            List<Result> results = new ArrayList<>(List.of(undisturbed.result("undisturbed")));
            boolean unhurt = undisturbed.clean();
            for (List<String> kinds : crowds()) {
                ServerState before = ServerState.of(server, work.of("hongyan"));
                PairFigures disturbed;
                Map<String, Long> rounds;
                try (Crowd crowd = Crowd.start(kinds, over -> target(server, webSocket, over), time)) {
                    disturbed = bench.run(server, plan());
                    rounds = crowd.rounds();
                }
                Result result = result(undisturbed, disturbed, rounds);
                before.show(result, "before");
                ServerState.of(server, work.of("hongyan")).show(result, "after");
                String kind = kinds.size() == 1 ? kinds.get(0) : "all";
                console.progress()
                        .note("%s: PUBACK p99 %.1f times the undisturbed one, lost %d, ended %d"
                                .formatted(
                                        kind,
                                        ratio(undisturbed, disturbed, "puback_p99_ms"),
                                        disturbed.lost(),
                                        disturbed.ends().size()));
                results.add(result.text("kind", kind));
                unhurt &= disturbed.lost() == 0 && disturbed.ends().isEmpty();
            }
            console.results(results, json);
            return unhurt ? 0 : 1;
        }
    }

    /** One crowd of all kinds together, or one of each. */
    private List<List<String>> crowds() {
        List<String> kinds = only.isEmpty() ? Crowd.names() : only;
        return each ? kinds.stream().map(List::of).toList() : List.of(kinds);
    }

    private Result result(PairFigures undisturbed, PairFigures disturbed, Map<String, Long> rounds) {
        disturbed.ends().stream().limit(3).forEach(console.progress()::note);
        rounds.forEach((name, count) -> console.progress().note(name + ": " + count + " rounds"));
        return disturbed
                .result("hostile")
                .count("clients", plan().pairs() * 2L)
                .figure("puback_p99_ratio", ratio(undisturbed, disturbed, "puback_p99_ms"))
                .figure("e2e_p99_ratio", ratio(undisturbed, disturbed, "e2e_p99_ms"))
                .count("attacks", rounds.size())
                .count(
                        "attack_rounds",
                        rounds.values().stream().mapToLong(Long::longValue).sum());
    }

    private PairPlan plan() {
        return new PairPlan(clients / 2, 1, rate, TEXT_BYTES, WARM_UP_MILLIS, (long) (seconds * 1_000), false, seed);
    }

    private Target target(HongyanServer server, InetSocketAddress webSocket, BooleanSupplier over) {
        return new Target(
                server.mqtt(),
                webSocket,
                server.http(),
                "h" + Long.toString(time.epochMillis(), Character.MAX_RADIX),
                server::token,
                over);
    }

    private static double ratio(PairFigures undisturbed, PairFigures disturbed, String figure) {
        return disturbed.result("").number(figure).orElse(Double.NaN)
                / undisturbed.result("").number(figure).orElse(Double.NaN);
    }
}
