package io.hongyan.bench;

import io.hongyan.bench.feed.FeedConsumer;
import io.hongyan.bench.feed.HttpConsumer;
import io.hongyan.bench.feed.RocketMqConsumer;
import io.hongyan.bench.load.Endpoint;
import io.hongyan.bench.load.FeedFigures;
import io.hongyan.bench.load.FeedPlan;
import io.hongyan.bench.load.FeedRun;
import io.hongyan.bench.load.HongyanAddressing;
import io.hongyan.bench.load.LoadFailure;
import io.hongyan.bench.load.PairFigures;
import io.hongyan.bench.load.PairPlan;
import io.hongyan.bench.mqtt.MqttLoops;
import io.hongyan.bench.report.Comparison;
import io.hongyan.bench.report.Progress;
import io.hongyan.bench.report.Result;
import io.hongyan.bench.server.HongyanServer;
import io.hongyan.bench.time.BenchTime;
import io.hongyan.starters.RocketMq;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The measurements of {@code feed}, each with its own servers. */
final class FeedBench {
    private static final String EVENTS_BEHIND = "feed_events_behind";
    private static final String TOPIC = "hongyan-feed";
    private static final int QUEUES = 8;
    private static final long LEVEL_NANOS_MAX = 300_000_000_000L;
    private static final long POLL_MILLIS = 100;

    private final ServerOptions servers;
    private final MqttLoops loops;
    private final WorkDirectory work;
    private final Progress progress;
    private final BenchTime time;
    private int runs;

    /** How a consumer gets the feed. */
    enum Way {
        HTTP,
        ROCKETMQ;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    FeedBench(ServerOptions servers, MqttLoops loops, WorkDirectory work, Progress progress, BenchTime time) {
        this.servers = servers;
        this.loops = loops;
        this.work = work;
        this.progress = progress;
        this.time = time;
    }

    /**
     * Pairs against servers without and with sessions and receipts in their feed; returns whether everything was
     * correct.
     */
    boolean cost(PairPlan plan, int rounds, boolean rocketMq, List<Result> results) {
        Map<String, HongyanServer> started = new LinkedHashMap<>();
        RocketMq broker = rocketMq ? rocketMq() : null;
        try {
            started.put("off", server(Map.of("feed.enabled", "false")));
            started.put("on", server(Map.of("feed.enabled", "true")));
            if (broker != null) {
                started.put(Way.ROCKETMQ.label(), server(toRocketMq(broker)));
            }
            Comparison comparison = new Comparison("feed_cost", List.copyOf(started.keySet()));
            boolean clean = true;
            PairBench bench = new PairBench(loops, time, progress);
            for (int round = 1; round <= rounds; round++) {
                for (Map.Entry<String, HongyanServer> each : started.entrySet()) {
                    clean &= round(round, each.getKey(), each.getValue(), bench, plan, comparison);
                }
            }
            results.addAll(comparison.results());
            return clean;
        } finally {
            started.values().forEach(HongyanServer::close);
            close(broker);
        }
    }

    private boolean round(
            int round, String name, HongyanServer server, PairBench bench, PairPlan plan, Comparison comparison) {
        PairFigures figures = bench.run(server, plan);
        long behind = server.api().metric(EVENTS_BEHIND);
        comparison.add(name, figures.result(name).figure("events_behind_at_end", behind));
        progress.note(String.format(
                "round %d feed %-8s %,10.0f messages/s  %5.1f us of server CPU each, %,d events behind",
                round, name, figures.messagesPerSecond(), figures.serverCpuMicrosPerMessage(), behind));
        // What is left to send must not take time from the next round of another server.
        long giveUp = time.nanos() + LEVEL_NANOS_MAX;
        while (server.api().metric(EVENTS_BEHIND) > 0) {
            if (time.nanos() > giveUp) {
                throw new LoadFailure("the server's relay does not catch up");
            }
            progress.at("feed: the rest is sent to RocketMQ");
            time.pause(POLL_MILLIS);
        }
        return figures.clean();
    }

    boolean lag(Way way, FeedPlan plan, long warmUpMillis, long measureMillis, List<Result> results) {
        return with(way, (server, broker) -> {
            FeedRun run = run(server, plan);
            FeedFigures figures = run.lag(consumer(server, broker, run), warmUpMillis, measureMillis);
            results.add(figures.lag(way.label()));
            return figures;
        });
    }

    boolean outage(Way way, FeedPlan plan, long warmUpMillis, long outageMillis, List<Result> results) {
        return with(way, (server, broker) -> {
            FeedRun run = run(server, plan);
            FeedConsumer consumer = consumer(server, broker, run);
            FeedRun.Outage outage = broker == null ? away((HttpConsumer) consumer) : killed(broker);
            FeedFigures figures = run.catchUp(consumer, outage, warmUpMillis, outageMillis);
            results.add(figures.catchUp(way.label(), outageMillis / 1e3));
            return figures;
        });
    }

    private interface Measurement {
        /** @param broker null if the consumer reads over HTTP */
        FeedFigures on(HongyanServer server, RocketMq broker);
    }

    private boolean with(Way way, Measurement measurement) {
        RocketMq broker = way == Way.ROCKETMQ ? rocketMq() : null;
        try (HongyanServer server = server(broker == null ? Map.of() : toRocketMq(broker))) {
            FeedFigures figures = measurement.on(server, broker);
            figures.ends().stream().limit(3).forEach(progress::note);
            return figures.clean();
        } finally {
            close(broker);
        }
    }

    private FeedRun run(HongyanServer server, FeedPlan plan) {
        HongyanAddressing addressing = new HongyanAddressing(Endpoint.busy(server.mqtt()), "f" + runs, server::token);
        return new FeedRun(loops, addressing, plan, time, progress);
    }

    private FeedConsumer consumer(HongyanServer server, RocketMq broker, FeedRun run) {
        return broker == null
                ? new HttpConsumer(server.api(), run.ledger(), time)
                : new RocketMqConsumer(broker.nameServer(), TOPIC, "bench-feed-" + runs, run.ledger(), time);
    }

    private static FeedRun.Outage away(HttpConsumer consumer) {
        return new FeedRun.Outage() {
            @Override
            public void begin() {
                consumer.goAway();
            }

            @Override
            public void repair() {
                // There is nothing to restart: the consumer was away.
            }

            @Override
            public void end() {
                consumer.comeBack();
            }
        };
    }

    private static FeedRun.Outage killed(RocketMq broker) {
        return new FeedRun.Outage() {
            @Override
            public void begin() {
                broker.kill();
            }

            @Override
            public void repair() {
                broker.start();
            }

            @Override
            public void end() {
                // The consumer comes back by itself.
            }
        };
    }

    private RocketMq rocketMq() {
        progress.note("starting RocketMQ");
        return RocketMq.started(
                work.of("rocketmq-" + ++runs),
                "--topic",
                TOPIC + ":" + QUEUES,
                "--java-options",
                "-Xmx256m -XX:+UseSerialGC");
    }

    private HongyanServer server(Map<String, String> settings) {
        return servers.started("feed", settings, work.of("hongyan-" + ++runs), time);
    }

    private static Map<String, String> toRocketMq(RocketMq broker) {
        return Map.of("rocketmq.name_servers", broker.nameServer(), "rocketmq.feed_topic", TOPIC);
    }

    private static void close(RocketMq broker) {
        if (broker != null) {
            broker.close();
        }
    }
}
