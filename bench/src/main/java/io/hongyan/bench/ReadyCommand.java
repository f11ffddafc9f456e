package io.hongyan.bench;

import io.hongyan.bench.report.Result;
import io.hongyan.bench.server.HongyanServer;
import io.hongyan.bench.time.BenchTime;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "ready",
        description = "Time from the start of the server's process until GET /ready answers 200. The first start in a"
                + " new data directory also creates the database.",
        mixinStandardHelpOptions = true)
final class ReadyCommand implements Callable<Integer> {
    private final Console console;
    private final BenchTime time;

    @Mixin
    private ServerOptions servers;

    @Option(names = "--times", defaultValue = "5", description = "Starts (${DEFAULT-VALUE}).")
    private int times;

    @Option(names = "--json", description = "One JSON object per result on standard output.")
    private boolean json;

    ReadyCommand(Console console, BenchTime time) {
        this.console = console;
        this.time = time;
    }

    @Override
    public Integer call() {
        if (servers.given()) {
            throw new IllegalArgumentException("ready starts the server itself; --mqtt cannot be used");
        }
        List<Double> millis = new ArrayList<>();
        try (WorkDirectory work = new WorkDirectory()) {
            Path directory = work.of("hongyan");
            for (int i = 1; i <= times; i++) {
                console.progress().at("ready: start " + i + " of " + times);
                long from = time.nanos();
                try (HongyanServer server = servers.hongyan(directory, time)) {
                    millis.add((time.nanos() - from) / 1e6);
                    console.progress().at("ready: process " + server.pid() + " is");
                }
            }
        }
        List<Double> sorted = millis.stream().sorted().toList();
        console.results(
                List.of(new Result("ready")
                        .count("starts", times)
                        .figure("ready_first_ms", millis.get(0))
                        .figure("ready_p50_ms", sorted.get((sorted.size() - 1) / 2))
                        .figure("ready_max_ms", sorted.get(sorted.size() - 1))),
                json);
        return 0;
    }
}
