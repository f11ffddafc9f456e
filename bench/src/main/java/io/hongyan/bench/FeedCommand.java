package io.hongyan.bench;

import io.hongyan.bench.load.FeedPlan;
import io.hongyan.bench.mqtt.MqttLoops;
import io.hongyan.bench.report.Result;
import io.hongyan.bench.time.BenchTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "feed",
        description = {
            "Measures what the feed costs and how fast it is, over HTTP, and with --rocketmq also over a real"
                    + " RocketMQ.",
            "  cost    pairs send, with sessions and receipts in the feed off and on, rounds in turn",
            "  lag     from PUBACK until a consumer has the event, at a low rate",
            "  outage  the consumer is away, or RocketMQ is killed, while messages keep coming: how fast it catches up"
        },
        mixinStandardHelpOptions = true)
final class FeedCommand implements Callable<Integer> {
    /** Limit for catching up, in multiples of the outage; a load that runs longer writes no more. */
    private static final long CATCH_UP_FACTOR = 3;

    private static final long CATCH_UP_SECONDS = 120;

    private final Console console;
    private final BenchTime time;

    /** The parts of this measurement. */
    enum Part {
        COST,
        LAG,
        OUTAGE
    }

    @Mixin
    private LoadOptions load;

    @Mixin
    private ServerOptions servers;

    @Option(
            names = "--parts",
            split = ",",
            defaultValue = "cost,lag,outage",
            description = "Parts to run, separated by commas (${DEFAULT-VALUE}).")
    private List<Part> parts;

    @Option(names = "--rocketmq", description = "Also with a RocketMQ, which is started on the same machine.")
    private boolean rocketMq;

    @Option(names = "--rounds", defaultValue = "3", description = "Rounds of the cost (${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--users", defaultValue = "20", description = "Users of lag and outage (${DEFAULT-VALUE}).")
    private int users;

    @Option(names = "--lag-rate", defaultValue = "50", description = "Lag: messages per second (${DEFAULT-VALUE}).")
    private double lagRate;

    @Option(names = "--lag-seconds", defaultValue = "10", description = "Lag: measured seconds (${DEFAULT-VALUE}).")
    private int lagSeconds;

    @Option(names = "--outage", defaultValue = "10", description = "Outage: seconds (${DEFAULT-VALUE}).")
    private int outageSeconds;

    @Option(
            names = "--outage-rate",
            defaultValue = "1000",
            description = "Outage: messages per second before, during and after it (${DEFAULT-VALUE}).")
    private double outageRate;

    @Option(names = "--json", description = "One JSON object per result on standard output.")
    private boolean json;

    FeedCommand(Console console, BenchTime time) {
        this.console = console;
        this.time = time;
    }

    @Override
    public Integer call() {
        List<Result> results = new ArrayList<>();
        boolean clean = true;
        try (WorkDirectory work = new WorkDirectory();
                MqttLoops loops = new MqttLoops(load.threads(), time::nanos)) {
            FeedBench bench = new FeedBench(servers, loops, work, console.progress(), time);
            if (parts.contains(Part.COST)) {
                clean = bench.cost(load.plan(), rounds, rocketMq, results);
            }
            for (FeedBench.Way way : FeedBench.Way.values()) {
                if (way == FeedBench.Way.ROCKETMQ && !rocketMq) {
                    continue;
                }
                if (parts.contains(Part.LAG)) {
                    FeedPlan plan = plan(lagRate, load.warmUpMillis() / 1000 + lagSeconds + CATCH_UP_SECONDS);
                    clean &= bench.lag(way, plan, load.warmUpMillis(), lagSeconds * 1000L, results);
                }
                if (parts.contains(Part.OUTAGE)) {
                    FeedPlan plan = plan(
                            outageRate,
                            load.warmUpMillis() / 1000 + CATCH_UP_FACTOR * outageSeconds + CATCH_UP_SECONDS);
                    clean &= bench.outage(way, plan, load.warmUpMillis(), outageSeconds * 1000L, results);
                }
            }
        }
        console.results(results, json);
        return clean ? 0 : 1;
    }

    private FeedPlan plan(double rate, long secondsMax) {
        return new FeedPlan(users, rate, (long) (rate * secondsMax), load.textBytes(), load.seed());
    }
}
