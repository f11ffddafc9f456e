package io.hongyan.bench;

import io.hongyan.bench.load.PairFigures;
import io.hongyan.bench.load.PairPlan;
import io.hongyan.bench.mqtt.MqttLoops;
import io.hongyan.bench.report.Result;
import io.hongyan.bench.server.ServerUnderTest;
import io.hongyan.bench.time.BenchTime;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "c2c",
        description = "Pairs of clients send and receive messages: rates, latencies, cost per message, losses.",
        mixinStandardHelpOptions = true)
final class C2cCommand implements Callable<Integer> {
    private final Console console;
    private final BenchTime time;

    @Mixin
    private LoadOptions load;

    @Mixin
    private ServerOptions servers;

    @Option(
            names = "--server",
            defaultValue = "hongyan",
            description = "hongyan, moquette or mosquitto (${DEFAULT-VALUE}).")
    private String serverName;

    @Option(names = "--timeline", description = "Also print the worst second of each ten, with its latencies.")
    private boolean timeline;

    @Option(names = "--json", description = "One JSON object per result on standard output.")
    private boolean json;

    C2cCommand(Console console, BenchTime time) {
        this.console = console;
        this.time = time;
    }

    @Override
    public Integer call() {
        PairPlan plan = load.plan();
        try (WorkDirectory work = new WorkDirectory();
                MqttLoops loops = new MqttLoops(load.threads(), time::nanos);
                ServerUnderTest server = servers.server(serverName, work.of(serverName), time)) {
            PairFigures figures = new PairBench(loops, time, console.progress()).run(server, plan);
            figures.ends().stream().limit(3).forEach(console.progress()::note);
            if (timeline) {
                figures.timeline().worstOfEachTen().forEach(console.progress()::note);
            }
            Result result = figures.result("c2c")
                    .text("server", server.name())
                    .count("pairs", plan.pairs())
                    .text("loop", plan.openLoop() ? "open, " + plan.ratePerSecond() + "/s" : "window " + plan.window());
            console.results(List.of(result), json);
            return figures.clean() && figures.connectsFailed() == 0 ? 0 : 1;
        }
    }
}
