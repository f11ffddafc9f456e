package io.hongyan.bench;

import io.hongyan.bench.load.BacklogFigures;
import io.hongyan.bench.load.BacklogPlan;
import io.hongyan.bench.mqtt.MqttLoops;
import io.hongyan.bench.server.ServerUnderTest;
import io.hongyan.bench.time.BenchTime;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "backlog",
        description = "Fills the inboxes of users who are away, lets them all come back at once, and measures how"
                + " fast they catch up.",
        mixinStandardHelpOptions = true)
final class BacklogCommand implements Callable<Integer> {
    private final Console console;
    private final BenchTime time;

    @Mixin
    private ServerOptions servers;

    @Option(
            names = "--server",
            defaultValue = "hongyan",
            description = "hongyan, moquette or mosquitto (${DEFAULT-VALUE}).")
    private String serverName;

    @Option(names = "--users", defaultValue = "50", description = "Users who come back (${DEFAULT-VALUE}).")
    private int users;

    @Option(
            names = "--entries",
            defaultValue = "4000",
            description = "Waiting entries of each user" + " (${DEFAULT-VALUE}).")
    private int entries;

    @Option(
            names = "--window",
            defaultValue = "16",
            description = "Window of each sender while filling" + " (${DEFAULT-VALUE}).")
    private int window;

    @Option(names = "--text-bytes", defaultValue = "100", description = "Length of each text (${DEFAULT-VALUE}).")
    private int textBytes;

    @Option(names = "--threads", defaultValue = "2", description = "Load generator's threads (${DEFAULT-VALUE}).")
    private int threads;

    @Option(names = "--seed", defaultValue = "1", description = "Seed of the client message ids (${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--json", description = "One JSON object per result on standard output.")
    private boolean json;

    BacklogCommand(Console console, BenchTime time) {
        this.console = console;
        this.time = time;
    }

    @Override
    public Integer call() {
        BacklogPlan plan = new BacklogPlan(users, entries, window, textBytes, seed);
        try (WorkDirectory work = new WorkDirectory();
                MqttLoops loops = new MqttLoops(threads, time::nanos);
                ServerUnderTest server = servers.server(serverName, work.of(serverName), time)) {
            BacklogFigures figures = new PairBench(loops, time, console.progress()).run(server, plan);
            figures.ends().stream().limit(3).forEach(console.progress()::note);
            console.results(List.of(figures.result().text("server", server.name())), json);
            return figures.clean() ? 0 : 1;
        }
    }
}
