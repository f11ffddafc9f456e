package io.hongyan.bench;

import io.hongyan.bench.load.Addressing;
import io.hongyan.bench.load.BacklogFigures;
import io.hongyan.bench.load.BacklogPlan;
import io.hongyan.bench.load.BacklogRun;
import io.hongyan.bench.load.Endpoint;
import io.hongyan.bench.load.HongyanAddressing;
import io.hongyan.bench.load.PairFigures;
import io.hongyan.bench.load.PairPlan;
import io.hongyan.bench.load.PairRun;
import io.hongyan.bench.load.PlainAddressing;
import io.hongyan.bench.mqtt.MqttLoops;
import io.hongyan.bench.report.Progress;
import io.hongyan.bench.server.HongyanServer;
import io.hongyan.bench.server.ProcessFigures;
import io.hongyan.bench.server.ServerUnderTest;
import io.hongyan.bench.server.Usage;
import io.hongyan.bench.server.UsageProbe;
import io.hongyan.bench.time.BenchTime;

/** Runs the pair load against any of the servers. */
public final class PairBench {
    private final MqttLoops loops;
    private final BenchTime time;
    private final Progress progress;
    private final ProcessFigures self =
            new ProcessFigures(ProcessHandle.current().pid());
    private int runs;

    public PairBench(MqttLoops loops, BenchTime time, Progress progress) {
        this.loops = loops;
        this.time = time;
        this.progress = progress;
    }

    /** One run with its own clients. */
    public PairFigures run(ServerUnderTest server, PairPlan plan) {
        try (UsageProbe probe = new UsageProbe(server.pid())) {
            return new PairRun(server.name(), loops, addressing(server, nextRun(), false), plan, time, progress)
                    .run(probe::read, () -> new Usage(self.cpuMicros(), Usage.UNKNOWN));
        }
    }

    /** Users of an earlier run would come back to full inboxes. */
    public BacklogFigures run(ServerUnderTest server, BacklogPlan plan) {
        try (UsageProbe probe = new UsageProbe(server.pid())) {
            return new BacklogRun(server.name(), loops, addressing(server, nextRun(), true), plan, time, progress)
                    .run(probe::read);
        }
    }

    /** A name that no earlier run on this server used. */
    private String nextRun() {
        return "b" + Long.toString(time.epochMillis(), Character.MAX_RADIX) + "-" + runs++;
    }

    private static Addressing addressing(ServerUnderTest server, String run, boolean receiversStay) {
        return server instanceof HongyanServer hongyan
                ? new HongyanAddressing(Endpoint.busy(hongyan.mqtt()), run, hongyan::token)
                : new PlainAddressing(Endpoint.busy(server.mqtt()), run, receiversStay);
    }
}
