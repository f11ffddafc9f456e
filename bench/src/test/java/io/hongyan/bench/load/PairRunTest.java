package io.hongyan.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hongyan.bench.mqtt.MqttLoops;
import io.hongyan.bench.report.Progress;
import io.hongyan.bench.server.MosquittoServer;
import io.hongyan.bench.server.PlainMoquetteServer;
import io.hongyan.bench.server.ServerUnderTest;
import io.hongyan.bench.server.Usage;
import io.hongyan.bench.server.UsageProbe;
import io.hongyan.bench.time.BenchTime;
import io.hongyan.bench.time.SystemTime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The pair load against real brokers. */
@Tag("servers")
@Timeout(120)
class PairRunTest {
    private final BenchTime time = new SystemTime();

    @TempDir
    private Path directory;

    @Test
    void mosquittoDeliversEverythingInOrderAndTheFiguresAgree() {
        try (ServerUnderTest server = MosquittoServer.start(directory, time)) {
            PairFigures figures = run(server, new PairPlan(5, 4, 0, 100, 300, 1_000, false, 1));
            assertComplete(figures);
            assertThat(figures.server().allocatedBytes()).isEqualTo(Usage.UNKNOWN);
        }
    }

    @Test
    void moquetteDeliversASmallLoadAndItsAllocationsAreSeen() {
        try (ServerUnderTest server = PlainMoquetteServer.start(directory, time)) {
            PairFigures figures = run(server, new PairPlan(3, 1, 0, 100, 300, 1_000, false, 1));
            assertComplete(figures);
            assertThat(figures.server().allocatedBytes()).isPositive();
        }
    }

    @Test
    void anOpenLoopSendsAtItsRate() {
        try (ServerUnderTest server = MosquittoServer.start(directory, time)) {
            PairFigures figures = run(server, new PairPlan(7, 1, 500, 100, 0, 2_000, false, 1));
            assertComplete(figures);
            assertThat(figures.sums().sent()).isBetween(995L, 1_001L);
        }
    }

    @Test
    void whatAServerThatStopsNeverAnsweredIsCounted() {
        try (ServerUnderTest server = MosquittoServer.start(directory, time);
                MqttLoops loops = new MqttLoops(1, time::nanos)) {
            PairRun run = new PairRun(
                    "stopped",
                    loops,
                    new PlainAddressing(Endpoint.busy(server.mqtt()), "t", false),
                    new PairPlan(4, 1, 400, 100, 0, 1_000, false, 1),
                    time,
                    new Progress(System.err, false, time));
            Usage nothing = new Usage(0, Usage.UNKNOWN);
            // Both are asked when the measured time begins.
            PairFigures figures = run.run(
                    () -> {
                        signal(server.pid(), "-STOP");
                        return nothing;
                    },
                    () -> nothing);
            signal(server.pid(), "-CONT");
            assertThat(figures.unanswered()).isPositive();
            assertThat(figures.undelivered()).isPositive();
            assertThat(figures.clean()).isFalse();
        }
    }

    @Test
    void aServerThatStallsForHalfTheTimeShowsInThePercentilesOfAnOpenLoop() throws Exception {
        try (ServerUnderTest server = MosquittoServer.start(directory, time)) {
            Thread stopper = new Thread(() -> standStill(server.pid(), 1_000, 2_000));
            AtomicBoolean measuring = new AtomicBoolean();
            PairFigures figures = run(server, new PairPlan(4, 1, 400, 100, 0, 4_000, false, 1), () -> {
                if (measuring.compareAndSet(false, true)) {
                    stopper.start();
                }
            });
            stopper.join();
            assertThat(figures.lost()).isZero();
            assertThat(figures.sums().times().pubAckNanos().getTotalCount())
                    .isEqualTo(figures.sums().sent());
            // Half of the messages were meant for the 2 s of the pause: a quarter of all waited longer than 1 s.
            assertThat(figures.sums().times().pubAckNanos().getValueAtPercentile(80))
                    .isGreaterThan(500_000_000L);
            assertThat(figures.sums().times().endToEndNanos().getMaxValue()).isGreaterThan(1_500_000_000L);
        }
    }

    @Test
    void nobodyListeningIsAFailureThatSaysSo() {
        InetSocketAddress nobody = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
        try (MqttLoops loops = new MqttLoops(1, time::nanos)) {
            PairRun run = new PairRun(
                    "nobody",
                    loops,
                    new PlainAddressing(Endpoint.busy(nobody), "t", false),
                    new PairPlan(1, 1, 0, 100, 0, 10, false, 1),
                    time,
                    progress());
            assertThatThrownBy(() -> run.run(() -> new Usage(0, 0), () -> new Usage(0, 0)))
                    .isInstanceOf(LoadFailure.class)
                    .hasMessageContaining("Connection refused");
        }
    }

    private PairFigures run(ServerUnderTest server, PairPlan plan) {
        return run(server, plan, () -> {});
    }

    /** @param atMeasure told when the measured time begins, and when it ends */
    private PairFigures run(ServerUnderTest server, PairPlan plan, Runnable atMeasure) {
        try (MqttLoops loops = new MqttLoops(2, time::nanos);
                UsageProbe probe = new UsageProbe(server.pid())) {
            return new PairRun(
                            server.name(),
                            loops,
                            new PlainAddressing(Endpoint.busy(server.mqtt()), "t", false),
                            plan,
                            time,
                            progress())
                    .run(
                            () -> {
                                atMeasure.run();
                                return probe.read();
                            },
                            () -> new Usage(0, Usage.UNKNOWN));
        }
    }

    private static void assertComplete(PairFigures figures) {
        assertThat(figures.ends()).isEmpty();
        assertThat(figures.clean()).isTrue();
        PairFigures.LoadSums sums = figures.sums();
        assertThat(sums.sent()).isPositive();
        assertThat(sums.received()).isEqualTo(sums.sent());
        assertThat(sums.receivedInWindow()).isPositive().isLessThanOrEqualTo(sums.received());
        assertThat(sums.times().pubAckNanos().getTotalCount()).isPositive().isLessThanOrEqualTo(sums.sent());
        assertThat(figures.messagesPerSecond()).isPositive();
        assertThat(figures.server().cpuMicros()).isNotNegative();
    }

    private Progress progress() {
        return new Progress(System.err, false, time);
    }

    private void standStill(long pid, long afterMillis, long millis) {
        time.pause(afterMillis);
        signal(pid, "-STOP");
        time.pause(millis);
        signal(pid, "-CONT");
    }

    private static void signal(long pid, String signal) {
        try {
            Process kill = new ProcessBuilder("kill", signal, Long.toString(pid)).start();
            assertThat(kill.waitFor(5, TimeUnit.SECONDS)).isTrue();
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
