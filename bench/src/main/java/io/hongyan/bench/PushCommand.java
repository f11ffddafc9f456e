package io.hongyan.bench;

import io.hongyan.bench.load.Endpoint;
import io.hongyan.bench.load.HongyanAddressing;
import io.hongyan.bench.load.PushCrowd;
import io.hongyan.bench.load.PushFigures;
import io.hongyan.bench.load.PushPlan;
import io.hongyan.bench.load.PushRun;
import io.hongyan.bench.mqtt.MqttLoops;
import io.hongyan.bench.report.Result;
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
        name = "push",
        description = "Pushes to users who are online, to all of them and to a list, stored and online-only: time"
                + " until the last user has it and has acknowledged it, cost per delivery, and whether clients,"
                + " server and feed count the same. The server sets the pace: push.users_per_second_max.",
        mixinStandardHelpOptions = true)
final class PushCommand implements Callable<Integer> {
    private static final int KEEP_ALIVE_SECONDS = 300;
    private static final int SOURCE_NETS = 255;
    private static final int SORTS = 4;

    private final Console console;
    private final BenchTime time;

    @Mixin
    private ServerOptions servers;

    @Option(names = "--users", defaultValue = "10000", description = "Users who are online (${DEFAULT-VALUE}).")
    private int users;

    @Option(
            names = "--list",
            defaultValue = "10000",
            description = "Users in the list, of those online (${DEFAULT-VALUE}, the server's default limit).")
    private int listed;

    @Option(names = "--rounds", defaultValue = "1", description = "Rounds of all four pushes (${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--text-bytes", defaultValue = "100", description = "Length of each text (${DEFAULT-VALUE}).")
    private int textBytes;

    @Option(names = "--threads", defaultValue = "2", description = "Load generator's threads (${DEFAULT-VALUE}).")
    private int threads;

    @Option(names = "--json", description = "One JSON object per result on standard output.")
    private boolean json;

    PushCommand(Console console, BenchTime time) {
        this.console = console;
        this.time = time;
    }

    @Override
    public Integer call() {
        List<Result> results = new ArrayList<>();
        boolean clean = true;
        try (WorkDirectory work = new WorkDirectory();
                MqttLoops loops = new MqttLoops(threads, time::nanos);
                HongyanServer server = servers.hongyan(work.of("hongyan"), time)) {
            String name = "p" + Long.toString(time.epochMillis(), Character.MAX_RADIX);
            Endpoint endpoint =
                    new Endpoint(server.mqtt(), 1 + Math.floorMod(name.hashCode(), SOURCE_NETS), KEEP_ALIVE_SECONDS);
            HongyanAddressing addressing = new HongyanAddressing(endpoint, name, server::token);
            try (PushCrowd crowd = new PushCrowd(loops, addressing, users, time, console.progress());
                    UsageProbe probe = new UsageProbe(server.pid())) {
                crowd.connect();
                PushRun run = new PushRun(server.api(), crowd, name, time);
                for (int number = 0; number < rounds * SORTS; number++) {
                    PushFigures figures = run.run(plan(number), probe::read);
                    figures.ends().stream().limit(3).forEach(console.progress()::note);
                    results.add(figures.result());
                    clean &= figures.clean();
                }
            }
            console.results(results, json);
        }
        return clean ? 0 : 1;
    }

    /** Stored to all, stored to a list, then the same two online-only. */
    private PushPlan plan(int number) {
        boolean forEverybody = number % 2 == 0;
        boolean stored = number % SORTS < 2;
        return new PushPlan(number, users, forEverybody ? 0 : Math.min(listed, users), stored, textBytes);
    }
}
