package io.hongyan.bench;

import io.hongyan.bench.load.HintPlan;
import io.hongyan.bench.mqtt.MqttLoops;
import io.hongyan.bench.time.BenchTime;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "hints",
        description = "Sends messages to users who are away, on a server with hints and on one without, passes in"
                + " turn: CPU per message, memory per pending hint. Then the hints fall due: hints/s at the"
                + " webhook.",
        mixinStandardHelpOptions = true)
final class HintsCommand implements Callable<Integer> {
    private final Console console;
    private final BenchTime time;

    @Mixin
    private ServerOptions servers;

    @Option(names = "--users", defaultValue = "200000", description = "Users who are away (${DEFAULT-VALUE}).")
    private int users;

    @Option(names = "--writers", defaultValue = "50", description = "Users who write to them (${DEFAULT-VALUE}).")
    private int writers;

    @Option(
            names = "--window",
            defaultValue = "16",
            description = "Messages each writer keeps unacknowledged (${DEFAULT-VALUE}).")
    private int window;

    @Option(
            names = "--rounds",
            defaultValue = "1",
            description = "Measured passes on each server, after one to warm up (${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--delay",
            defaultValue = "180",
            description = "Seconds until hints fall due; all passes must be over by then (${DEFAULT-VALUE}).")
    private int delaySeconds;

    @Option(
            names = "--settle",
            defaultValue = "5",
            description = "Seconds to wait before memory is measured (${DEFAULT-VALUE}).")
    private int settleSeconds;

    @Option(names = "--text-bytes", defaultValue = "100", description = "Length of each text (${DEFAULT-VALUE}).")
    private int textBytes;

    @Option(names = "--threads", defaultValue = "2", description = "Load generator's threads (${DEFAULT-VALUE}).")
    private int threads;

    @Option(names = "--seed", defaultValue = "1", description = "Seed of the client message ids (${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--json", description = "One JSON object per result on standard output.")
    private boolean json;

    HintsCommand(Console console, BenchTime time) {
        this.console = console;
        this.time = time;
    }

    @Override
    public Integer call() {
        HintPlan plan = new HintPlan(users, writers, window, textBytes, seed);
        try (WorkDirectory work = new WorkDirectory();
                MqttLoops loops = new MqttLoops(threads, time::nanos);
                HintBench bench = new HintBench(servers, loops, work, plan, delaySeconds, console.progress(), time)) {
            HintFigures figures = bench.run(rounds, settleSeconds);
            console.results(List.of(figures.result()), json);
            return figures.clean() ? 0 : 1;
        }
    }
}
