package io.hongyan.bench;

import io.hongyan.bench.load.Endpoint;
import io.hongyan.bench.load.GroupAddressing;
import io.hongyan.bench.load.GroupFigures;
import io.hongyan.bench.load.GroupMaker;
import io.hongyan.bench.load.GroupPlan;
import io.hongyan.bench.load.GroupRun;
import io.hongyan.bench.mqtt.MqttLoops;
import io.hongyan.bench.report.Result;
import io.hongyan.bench.server.ApiClient;
import io.hongyan.bench.server.HongyanServer;
import io.hongyan.bench.server.UsageProbe;
import io.hongyan.bench.time.BenchTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "groups",
        description =
                "One member of each group writes, some or all others are online: rates, time until the last of them"
                        + " has a message, cost per message, losses.",
        mixinStandardHelpOptions = true)
final class GroupsCommand implements Callable<Integer> {
    private static final String INBOX_ROWS = "inbox_rows_total";

    private final Console console;
    private final BenchTime time;

    @Mixin
    private ServerOptions servers;

    @Option(
            names = "--members",
            split = ",",
            defaultValue = "200",
            description = "Members of each group; several numbers: one run for each (${DEFAULT-VALUE}). By the server's"
                    + " defaults a group above 200 is large.")
    private List<Integer> members;

    @Option(names = "--groups", defaultValue = "1", description = "Groups (${DEFAULT-VALUE}).")
    private int groups;

    @Option(names = "--online", description = "Members of each group who read (default: all but the writer).")
    private Integer online;

    @Option(
            names = "--window",
            defaultValue = "8",
            description = "Closed loop: messages each writer keeps unacknowledged (${DEFAULT-VALUE}).")
    private int window;

    @Option(
            names = "--rate",
            defaultValue = "0",
            description = "Open loop: messages per second of all groups; latency counts from the time a message was"
                    + " meant to be sent. 0 = closed loop.")
    private double rate;

    @Option(names = "--text-bytes", defaultValue = "100", description = "Length of each text (${DEFAULT-VALUE}).")
    private int textBytes;

    @Option(
            names = "--warm-up",
            defaultValue = "10",
            description = "Seconds of load before measuring (${DEFAULT-VALUE}).")
    private double warmUpSeconds;

    @Option(names = "--seconds", defaultValue = "10", description = "Measured seconds (${DEFAULT-VALUE}).")
    private double seconds;

    @Option(names = "--threads", defaultValue = "2", description = "Load generator's threads (${DEFAULT-VALUE}).")
    private int threads;

    @Option(names = "--seed", defaultValue = "1", description = "Seed of the client message ids (${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--json", description = "One JSON object per result on standard output.")
    private boolean json;

    GroupsCommand(Console console, BenchTime time) {
        this.console = console;
        this.time = time;
    }

    @Override
    public Integer call() {
        List<GroupPlan> plans = members.stream().map(this::plan).toList();
        try (WorkDirectory work = new WorkDirectory();
                MqttLoops loops = new MqttLoops(threads, time::nanos);
                HongyanServer server = servers.hongyan(work.of("hongyan"), time)) {
            List<Result> results = new ArrayList<>();
            boolean clean = true;
            for (GroupPlan plan : plans) {
                GroupFigures figures = run(server, loops, plan, "b" + time.epochMillis() + "-" + results.size());
                figures.ends().stream().limit(3).forEach(console.progress()::note);
                results.add(figures.result());
                clean &= figures.clean();
            }
            console.results(results, json);
            return clean ? 0 : 1;
        }
    }

    private GroupPlan plan(int ofGroup) {
        return new GroupPlan(
                groups,
                ofGroup,
                online == null ? ofGroup - 1 : online,
                window,
                rate,
                textBytes,
                (long) (warmUpSeconds * 1000),
                (long) (seconds * 1000),
                seed);
    }

    private GroupFigures run(HongyanServer server, MqttLoops loops, GroupPlan plan, String name) {
        ApiClient api = server.api();
        GroupAddressing addressing = new GroupAddressing(Endpoint.busy(server.mqtt()), name, server::token);
        new GroupMaker(api, addressing, console.progress()).make(plan);
        try (UsageProbe probe = new UsageProbe(server.pid())) {
            return new GroupRun(loops, addressing, plan, time, console.progress())
                    .run(probe::read, () -> api.metric(INBOX_ROWS));
        }
    }
}
