package io.hongyan.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.hongyan.bench.load.Endpoint;
import io.hongyan.bench.load.HintLoad;
import io.hongyan.bench.load.HintPlan;
import io.hongyan.bench.load.HongyanAddressing;
import io.hongyan.bench.load.LoadFailure;
import io.hongyan.bench.load.UserMaker;
import io.hongyan.bench.mqtt.MqttLoops;
import io.hongyan.bench.report.Progress;
import io.hongyan.bench.server.HongyanServer;
import io.hongyan.bench.server.JvmFigures;
import io.hongyan.bench.server.ProcessFigures;
import io.hongyan.bench.server.WebhookSink;
import io.hongyan.bench.time.BenchTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The same messages to a server with hints and to one without. */
final class HintBench implements AutoCloseable {
    private static final String RUN = "h";
    private static final String PENDING = "hints_pending";
    /** After this time hints that are due count as lost. */
    private static final long QUIET_MILLIS_MAX = 30_000;

    private final HintPlan plan;
    private final int delaySeconds;
    private final Progress progress;
    private final BenchTime time;
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final Side without;
    private final Side with;

    /** A server and its writers. */
    private record Side(HongyanServer server, ProcessFigures process, HintLoad load) {}

    HintBench(
            ServerOptions servers,
            MqttLoops loops,
            WorkDirectory work,
            HintPlan plan,
            int delaySeconds,
            Progress progress,
            BenchTime time) {
        this.plan = plan;
        this.delaySeconds = delaySeconds;
        this.progress = progress;
        this.time = time;
        WebhookSink sink = new WebhookSink(this::take);
        opened.add(sink);
        try {
            without = side(loops, servers.started("hints", Map.of(), work.of("hongyan-off"), time));
            with = side(
                    loops,
                    servers.started(
                            "hints",
                            Map.of(
                                    "hints.webhook", sink.url().toString(),
                                    "hints.delay_millis", Long.toString(delaySeconds * 1000L)),
                            work.of("hongyan-on"),
                            time));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private Side side(MqttLoops loops, HongyanServer server) {
        opened.add(server);
        HongyanAddressing addressing = new HongyanAddressing(Endpoint.busy(server.mqtt()), RUN, server::token);
        HintLoad load = new HintLoad(loops, addressing, RUN, plan, time, progress);
        opened.add(load);
        return new Side(server, new ProcessFigures(server.pid()), load);
    }

    private void take(JsonNode posted) {
        long now = time.nanos();
        for (JsonNode hint : posted.path("hints")) {
            with.load()
                    .ledger()
                    .hinted(
                            HintPlan.user(RUN, hint.path("uid").asText()),
                            hint.path("undelivered").asInt(),
                            now);
        }
    }

    HintFigures run(int rounds, int settleSeconds) {
        for (Side side : List.of(without, with)) {
            new UserMaker(side.server().api(), progress).make(plan.users(), user -> HintPlan.uid(RUN, user));
            side.load().connect();
        }
        with.load().ledger().expect(1 + rounds);
        // The first pass makes the hints pending and warms the servers up.
        without.load().pass("warming up without hints");
        with.load().pass("warming up with hints");
        List<Double> cpuWithout = new ArrayList<>();
        List<Double> cpuWith = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            cpuWithout.add(pass(without, "without hints"));
            cpuWith.add(pass(with, "with hints"));
        }
        HintFigures.Memory memory = memory(settleSeconds);
        long cpuBefore = with.process().cpuMicros();
        with.load().awaitHints(delaySeconds * 1000L + QUIET_MILLIS_MAX);
        long cpuOfHints = with.process().cpuMicros() - cpuBefore;
        return new HintFigures(
                plan.users(),
                delaySeconds,
                cpuWithout,
                cpuWith,
                memory,
                JvmFigures.liveHeapBytes(with.server().pid()),
                cpuOfHints,
                with.load().ledger(),
                without.load().ledger().refusedCount());
    }

    /** CPU per message. */
    private double pass(Side side, String phase) {
        long before = side.process().cpuMicros();
        long from = time.nanos();
        side.load().pass(phase);
        double perMessage = (double) (side.process().cpuMicros() - before) / plan.users();
        progress.note(String.format(
                "%-14s %,10.0f messages/s  %5.1f us of server CPU each",
                phase, plan.users() * 1e9 / (time.nanos() - from), perMessage));
        return perMessage;
    }

    private HintFigures.Memory memory(int settleSeconds) {
        long end = time.nanos() + settleSeconds * 1_000_000_000L;
        while (time.nanos() < end) {
            progress.at("hints: waiting for the servers to be idle");
            time.pause(100);
        }
        // Before measuring the live heap, which takes a while: hints may be due by then.
        long pending = with.server().api().metric(PENDING);
        // Before measuring the live heap, which takes collections: they would change it.
        long rssWithout = without.process().rssBytes();
        long rssWith = with.process().rssBytes();
        long heapWithout = JvmFigures.liveHeapBytes(without.server().pid());
        long heapWith = JvmFigures.liveHeapBytes(with.server().pid());
        if (pending != plan.users()) {
            throw new LoadFailure(
                    String.format("%,d hints of %,d are pending: give a longer --delay", pending, plan.users()));
        }
        return new HintFigures.Memory(pending, rssWithout, rssWith, heapWithout, heapWith);
    }

    @Override
    public void close() {
        for (int i = opened.size() - 1; i >= 0; i--) {
            try {
                opened.get(i).close();
            } catch (Exception e) {
                progress.note("not closed: " + e);
            }
        }
    }
}
