package io.hongyan.bench;

import io.hongyan.bench.load.KickPlan;
import io.hongyan.bench.mqtt.MqttLoops;
import io.hongyan.bench.report.Result;
import io.hongyan.bench.server.ClusterStores;
import io.hongyan.bench.server.HongyanCluster;
import io.hongyan.bench.time.BenchTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "cluster",
        description = "Starts gates and nodes on a MariaDB and a Redis, each as a process, and measures: how long a"
                + " login takes to end an older one at another gate, delivery across nodes compared with delivery"
                + " at one, what a message costs every process with one node and with two, and what it costs"
                + " Redis in groups.",
        mixinStandardHelpOptions = true)
final class ClusterCommand implements Callable<Integer> {
    private final Console console;
    private final BenchTime time;

    /** The parts of this measurement. */
    enum Part {
        KICK,
        LATENCY,
        GROUPS,
        NODES
    }

    @Mixin
    private LoadOptions load;

    @Mixin
    private ServerOptions servers;

    @Option(
            names = "--parts",
            split = ",",
            defaultValue = "kick,latency,groups,nodes",
            description = "Parts to run, separated by commas (${DEFAULT-VALUE}).")
    private List<Part> parts;

    @Option(
            names = "--users",
            defaultValue = "2000",
            description = "Users who log in at both gates" + " (${DEFAULT-VALUE}).")
    private int users;

    @Option(names = "--logins", defaultValue = "1000", description = "Logins per second (${DEFAULT-VALUE}).")
    private double logins;

    @Option(
            names = "--lose",
            defaultValue = "0",
            description = "Kick: share of the notices between nodes that is lost on purpose (${DEFAULT-VALUE}).")
    private double lose;

    @Option(
            names = "--latency-rate",
            defaultValue = "200",
            description = "Messages per second at one node, and the same number across nodes (${DEFAULT-VALUE}).")
    private double latencyRate;

    @Option(
            names = "--members",
            split = ",",
            defaultValue = "10,100,200,500",
            description = "Members of the groups, one run for each number (${DEFAULT-VALUE}). By the server's"
                    + " defaults, inboxes of more than 100 members are written by marker, and a group above 200"
                    + " is large.")
    private List<Integer> members;

    @Option(
            names = "--group-rate",
            defaultValue = "10",
            description = "Messages per second to the group (${DEFAULT-VALUE}).")
    private double groupRate;

    @Option(names = "--json", description = "One JSON object per result on standard output.")
    private boolean json;

    ClusterCommand(Console console, BenchTime time) {
        this.console = console;
        this.time = time;
    }

    @Override
    public Integer call() {
        List<Result> results = new ArrayList<>();
        boolean clean = true;
        try (WorkDirectory work = new WorkDirectory();
                MqttLoops loops = new MqttLoops(load.threads(), time::nanos);
                ClusterStores stores = ClusterStores.start(work.of("stores"), lose > 0)) {
            ClusterBench bench =
                    new ClusterBench(servers.ofCluster(time), stores, loops, work, console.progress(), time, results);
            if (parts.contains(Part.KICK) || parts.contains(Part.LATENCY) || parts.contains(Part.GROUPS)) {
                clean = bench.on(2, cluster -> ofTwo(bench, cluster));
            }
            if (parts.contains(Part.NODES)) {
                for (int nodes = 1; nodes <= 2; nodes++) {
                    clean &= bench.on(nodes, cluster -> bench.cost(cluster, load.plan()));
                }
            }
        }
        console.results(results, json);
        return clean ? 0 : 1;
    }

    private boolean ofTwo(ClusterBench bench, HongyanCluster cluster) {
        boolean clean = true;
        if (parts.contains(Part.KICK)) {
            KickPlan plan = new KickPlan(users, logins, load.warmUpMillis(), load.measureMillis());
            clean = bench.kick(cluster, plan, lose, load.seed());
        }
        if (parts.contains(Part.LATENCY)) {
            clean &= bench.latency(cluster, load.plan(latencyRate));
        }
        if (parts.contains(Part.GROUPS)) {
            for (int ofGroup : members) {
                clean &= bench.group(cluster, load.groupPlan(ofGroup, groupRate));
            }
        }
        return clean;
    }
}
