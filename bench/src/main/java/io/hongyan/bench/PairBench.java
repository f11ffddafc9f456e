package io.hongyan.bench;

import io.hongyan.bench.load.Addressing;
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

    /** One run with clients of its own. */
    public PairFigures run(ServerUnderTest server, PairPlan plan) {
        String run = "b" + Long.toString(time.epochMillis(), Character.MAX_RADIX) + "-" + runs++;
        try (UsageProbe probe = new UsageProbe(server.pid())) {
            return new PairRun(server.name(), loops, addressing(server, run), plan, time, progress)
                    .run(probe::read, () -> new Usage(self.cpuMicros(), Usage.UNKNOWN));
        }
    }

    private static Addressing addressing(ServerUnderTest server, String run) {
        return server instanceof HongyanServer hongyan
                ? new HongyanAddressing(hongyan.mqtt(), run, hongyan::token)
                : new PlainAddressing(server.mqtt(), run);
    }
}
