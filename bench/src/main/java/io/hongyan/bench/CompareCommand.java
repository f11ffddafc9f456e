package io.hongyan.bench;

import io.hongyan.bench.load.LoadFailure;
import io.hongyan.bench.load.PairFigures;
import io.hongyan.bench.load.PairPlan;
import io.hongyan.bench.mqtt.MqttLoops;
import io.hongyan.bench.report.Comparison;
import io.hongyan.bench.server.ServerUnderTest;
import io.hongyan.bench.time.BenchTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "compare",
        description = "Runs the same pair load against Hongyan, which stores each message, and against plain Moquette"
                + " and mosquitto, which do not: rounds in turn, medians and ratios.",
        mixinStandardHelpOptions = true)
final class CompareCommand implements Callable<Integer> {
    private final Console console;
    private final BenchTime time;

    @Mixin
    private LoadOptions load;

    @Mixin
    private ServerOptions servers;

    @Option(
            names = "--servers",
            split = ",",
            defaultValue = "hongyan,moquette,mosquitto",
            description = "Servers, in order (${DEFAULT-VALUE}); ratios are to the first.")
    private List<String> names;

    @Option(names = "--rounds", defaultValue = "3", description = "Rounds over all servers (${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--json", description = "One JSON object per result on standard output.")
    private boolean json;

    CompareCommand(Console console, BenchTime time) {
        this.console = console;
        this.time = time;
    }

    @Override
    public Integer call() {
        PairPlan plan = load.plan();
        List<ServerUnderTest> started = new ArrayList<>();
        Comparison comparison = new Comparison("compare", names);
        try (WorkDirectory work = new WorkDirectory();
                MqttLoops loops = new MqttLoops(load.threads(), time::nanos)) {
            try {
                names.forEach(name -> started.add(servers.server(name, work.of(name), time)));
                PairBench bench = new PairBench(loops, time, console.progress());
                for (int round = 1; round <= rounds; round++) {
                    for (ServerUnderTest server : started) {
                        round(round, server, bench, plan, comparison);
                    }
                }
            } finally {
                started.forEach(ServerUnderTest::close);
            }
        }
        console.results(comparison.results(), json);
        return 0;
    }

    private void round(int round, ServerUnderTest server, PairBench bench, PairPlan plan, Comparison comparison) {
        try {
            PairFigures figures = bench.run(server, plan);
            comparison.add(server.name(), figures.result(server.name()));
            console.progress()
                    .note(String.format(
                            "round %d %-10s %,10.0f messages/s  %5.1f us of server CPU each  lost %d  out of order %d%s",
                            round,
                            server.name(),
                            figures.messagesPerSecond(),
                            figures.serverCpuMicrosPerMessage(),
                            figures.lost(),
                            figures.sums().faults().outOfOrder(),
                            figures.ends().isEmpty()
                                    ? ""
                                    : "  connections ended " + figures.ends().size() + ", e.g. "
                                            + figures.ends().get(0)));
        } catch (LoadFailure e) {
            comparison.failed(server.name());
            console.progress().note("round " + round + " " + e.getMessage());
        }
    }
}
