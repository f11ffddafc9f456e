package io.hongyan.bench;

import io.hongyan.bench.load.Endpoint;
import io.hongyan.bench.load.GroupAddressing;
import io.hongyan.bench.load.GroupFigures;
import io.hongyan.bench.load.GroupMaker;
import io.hongyan.bench.load.GroupPlan;
import io.hongyan.bench.load.GroupRun;
import io.hongyan.bench.load.HongyanAddressing;
import io.hongyan.bench.load.KickAddressing;
import io.hongyan.bench.load.KickFigures;
import io.hongyan.bench.load.KickPlan;
import io.hongyan.bench.load.KickRun;
import io.hongyan.bench.load.PairFigures;
import io.hongyan.bench.load.PairPlan;
import io.hongyan.bench.load.PairRun;
import io.hongyan.bench.mqtt.MqttLoops;
import io.hongyan.bench.report.Progress;
import io.hongyan.bench.report.Result;
import io.hongyan.bench.server.ClusterProbe;
import io.hongyan.bench.server.ClusterStores;
import io.hongyan.bench.server.HongyanCluster;
import io.hongyan.bench.server.HongyanLauncher;
import io.hongyan.bench.server.HongyanServer;
import io.hongyan.bench.server.Usage;
import io.hongyan.bench.time.BenchTime;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * The measurements on a cluster of processes; each adds its results to one list and returns whether everything was
 * correct.
 */
final class ClusterBench {
    private static final int GATES = 2;
    private static final int SOURCE_NETS = 255;
    private static final int KEEP_ALIVE_SECONDS = 300;
    private static final long IDLE_MILLIS = 3_000;

    private final HongyanLauncher launcher;
    private final ClusterStores stores;
    private final MqttLoops loops;
    private final WorkDirectory work;
    private final Progress progress;
    private final BenchTime time;
    private final List<Result> results;
    private int clusters;
    private int runs;

    ClusterBench(
            HongyanLauncher launcher,
            ClusterStores stores,
            MqttLoops loops,
            WorkDirectory work,
            Progress progress,
            BenchTime time,
            List<Result> results) {
        this.launcher = launcher;
        this.stores = stores;
        this.loops = loops;
        this.work = work;
        this.progress = progress;
        this.time = time;
        this.results = results;
    }

    /** On a new cluster of two gates and so many nodes, with an empty database. */
    boolean on(int nodes, Predicate<HongyanCluster> measurement) {
        String name = "bench_" + ++clusters;
        try (HongyanCluster cluster = new HongyanCluster(launcher, stores, work.of(name), time)) {
            cluster.start(name, nodes, GATES);
            return measurement.test(cluster);
        }
    }

    /** How long a login takes to end the older one of the same user, at the other gate. */
    boolean kick(HongyanCluster cluster, KickPlan plan, double lose, long seed) {
        String run = nextRun();
        List<Endpoint> gates = cluster.gates().stream()
                .map(gate ->
                        new Endpoint(gate.mqtt(), 1 + Math.floorMod(run.hashCode(), SOURCE_NETS), KEEP_ALIVE_SECONDS))
                .toList();
        ClusterProbe probe = cluster.probe();
        loseNodeNotices(lose, seed);
        KickFigures figures = new KickRun(loops, new KickAddressing(gates, run, cluster::token), plan, time, progress)
                .run(probe::get);
        loseNodeNotices(0, seed);
        progress.note(figures.firstFailure());
        Result result = figures.result("cluster_kick").figure("lose", lose);
        stores.lossy().ifPresent(lossy -> result.count("wake_ups_lost", lossy.lost()));
        results.add(probe.addTo(result, "login", figures.logins()));
        return figures.clean();
    }

    private void loseNodeNotices(double share, long seed) {
        Random random = new Random(seed);
        stores.lossy().ifPresent(lossy -> lossy.lose(published -> random.nextDouble() < share));
    }

    /** Pairs at one gate, and the same number with a gate and a node for each end, at the same time. */
    boolean latency(HongyanCluster cluster, PairPlan plan) {
        ClusterProbe probe = cluster.probe();
        CompletableFuture<PairFigures> same = CompletableFuture.supplyAsync(() ->
                pairs("same node", cluster, 0, plan).run(probe, () -> new Usage(0, Usage.UNKNOWN)));
        PairFigures across = pairs("across", cluster, 1, plan)
                .run(() -> new Usage(0, Usage.UNKNOWN), () -> new Usage(0, Usage.UNKNOWN));
        Result result =
                new Result("cluster_latency").count("pairs_each", plan.pairs()).text("loop", loopOf(plan));
        copy(same.join(), "same", result);
        copy(across, "across", result);
        results.add(result);
        return same.join().clean() && across.clean();
    }

    private static void copy(PairFigures figures, String kind, Result into) {
        Result all = figures.result(kind);
        for (String figure : List.of(
                "messages_per_s",
                "puback_p50_ms",
                "puback_p99_ms",
                "e2e_p50_ms",
                "e2e_p99_ms",
                "e2e_max_ms",
                "lost",
                "out_of_order",
                "doubled",
                "inbox_gaps")) {
            all.number(figure).ifPresent(value -> into.figure(kind + "_" + figure, value));
        }
    }

    /**
     * What a message costs every process. A quarter of the pairs for each combination of gates of sender and receiver.
     */
    boolean cost(HongyanCluster cluster, PairPlan plan) {
        ClusterProbe probe = cluster.probe();
        double idle = idle(probe);
        PairFigures figures = pairs("cluster", cluster, -1, plan).run(probe, () -> new Usage(0, Usage.UNKNOWN));
        figures.ends().stream().limit(3).forEach(progress::note);
        Result result = figures.result("cluster_nodes")
                .count("nodes", cluster.nodes().size())
                .count("gates", GATES)
                .count("pairs", plan.pairs())
                .text("loop", loopOf(plan))
                .figure("redis_commands_per_s_idle", idle);
        results.add(probe.addTo(result, "message", figures.sums().receivedInWindow()));
        return figures.clean();
    }

    /** What a message to a group costs Redis, with readers at both nodes. */
    boolean group(HongyanCluster cluster, GroupPlan plan) {
        GroupAddressing addressing = new GroupAddressing(
                member -> Endpoint.busy(cluster.gates().get(member % GATES).mqtt()), nextRun(), cluster::token);
        HongyanServer first = cluster.nodes().get(0);
        new GroupMaker(first.api(), addressing, progress).make(plan);
        ClusterProbe probe = cluster.probe();
        double idle = idle(probe);
        GroupFigures figures = new GroupRun(loops, addressing, plan, time, progress).run(probe, () -> rows(cluster));
        figures.ends().stream().limit(3).forEach(progress::note);
        Result result = figures.result("cluster_groups").figure("redis_commands_per_s_idle", idle);
        results.add(probe.addTo(result, "message", figures.sums().acknowledgedInWindow()));
        return figures.clean();
    }

    private static long rows(HongyanCluster cluster) {
        return cluster.nodes().stream()
                .mapToLong(node -> node.api().metric("inbox_rows_total"))
                .sum();
    }

    /** @param apart how many gates receivers are from their senders; below 0: half of them at the same one */
    private PairRun pairs(String name, HongyanCluster cluster, int apart, PairPlan plan) {
        List<Endpoint> gates =
                cluster.gates().stream().map(gate -> Endpoint.busy(gate.mqtt())).toList();
        HongyanAddressing addressing = new HongyanAddressing(
                pair -> gates.get(pair % GATES),
                pair -> gates.get(apart < 0 ? pair / GATES % GATES : (pair + apart) % GATES),
                nextRun(),
                cluster::token);
        return new PairRun(name, loops, addressing, plan, time, progress);
    }

    /** Commands per second that Redis gets while nothing happens. */
    private double idle(ClusterProbe probe) {
        probe.get();
        time.pause(IDLE_MILLIS);
        probe.get();
        return probe.redisCommandsPerSecond();
    }

    private static String loopOf(PairPlan plan) {
        return plan.openLoop() ? "open, " + plan.ratePerSecond() + "/s" : "window " + plan.window();
    }

    /** A name that no earlier run used. */
    private synchronized String nextRun() {
        return "b" + Long.toString(time.epochMillis(), Character.MAX_RADIX) + "-" + runs++;
    }
}
