package io.hongyan.bench;

import io.hongyan.bench.server.JvmFigures;
import io.hongyan.bench.server.ProcessFigures;
import io.hongyan.bench.server.ServerUnderTest;
import io.hongyan.bench.time.BenchTime;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "idle",
        description = "Holds connections that only PING, each subscribed to u/{uid}/#: memory per connection, CPU.",
        mixinStandardHelpOptions = true)
final class IdleCommand implements Callable<Integer> {
    private static final long STEP_MILLIS = 250;
    /** Allowance for files that a JVM opens and closes besides its connections. */
    private static final int FILES_SLACK = 50;

    private static final long LEAVE_MILLIS_MAX = 30_000;

    private final Console console;
    private final BenchTime time;

    @Mixin
    private ServerOptions servers;

    @Option(
            names = "--server",
            defaultValue = "hongyan",
            description = "hongyan, moquette or mosquitto (${DEFAULT-VALUE}).")
    private String serverName;

    @Option(names = "--connections", defaultValue = "10000", description = "Connections (${DEFAULT-VALUE}).")
    private int connections;

    @Option(
            names = "--keep-alive",
            defaultValue = "60",
            description = "Keep-alive of each client, seconds" + " (${DEFAULT-VALUE}).")
    private int keepAliveSeconds;

    @Option(names = "--seconds", defaultValue = "30", description = "Measured seconds while idle (${DEFAULT-VALUE}).")
    private int seconds;

    @Option(
            names = "--settle",
            defaultValue = "5",
            description = "Seconds to wait before each measurement (${DEFAULT-VALUE}).")
    private int settleSeconds;

    @Option(names = "--json", description = "One JSON object per result on standard output.")
    private boolean json;

    IdleCommand(Console console, BenchTime time) {
        this.console = console;
        this.time = time;
    }

    @Override
    public Integer call() {
        try (WorkDirectory work = new WorkDirectory()) {
            OptionalLong heapOfFresh = servers.given() ? OptionalLong.empty() : heapOfFreshServer(work);
            try (ServerUnderTest server = servers.server(serverName, work.of(serverName), time)) {
                IdleFigures figures = measure(server, heapOfFresh);
                figures.failures().forEach(console.progress()::note);
                console.results(List.of(figures.result().text("server", server.name())), json);
                return figures.failures().isEmpty() ? 0 : 1;
            }
        }
    }

    /**
     * The live heap of a server that has served nobody. It is measured in another process, because the collection would
     * change the resident memory of the measured one.
     */
    private OptionalLong heapOfFreshServer(WorkDirectory work) {
        try (ServerUnderTest server = servers.server(serverName, work.of(serverName + "-fresh"), time)) {
            pause("waiting for a fresh server to be idle", settleSeconds);
            return liveHeap(server);
        }
    }

    private IdleFigures measure(ServerUnderTest server, OptionalLong heapOfFresh) {
        ProcessFigures process = new ProcessFigures(server.pid());
        List<HolderProcess> holders = new ArrayList<>();
        try {
            pause("waiting for the empty server to be idle", settleSeconds);
            long rssEmpty = process.rssBytes();
            int filesEmpty = process.openFiles();
            long connectFrom = time.nanos();
            connect(server, holders);
            double connectSeconds = (time.nanos() - connectFrom) / 1e9;
            pause("waiting for the connected server to be idle", settleSeconds);
            long rssFull = process.rssBytes();
            long cpuBefore = process.cpuMicros();
            long idleFrom = time.nanos();
            pause("idle", seconds);
            double cpuPart = (process.cpuMicros() - cpuBefore) * 1e3 / (time.nanos() - idleFrom);
            long rssIdle = process.rssBytes();
            OptionalLong heapFull = liveHeap(server);
            List<HolderProcess.Report> reports =
                    holders.stream().map(HolderProcess::release).toList();
            awaitFiles(process, filesEmpty + FILES_SLACK);
            OptionalLong heapAfter = liveHeap(server);
            return new IdleFigures(
                    connections,
                    connectSeconds,
                    rssEmpty,
                    rssFull,
                    rssIdle,
                    heapOfFresh.isPresent() ? heapOfFresh : heapAfter,
                    heapFull,
                    heapAfter,
                    cpuPart,
                    reports);
        } finally {
            holders.forEach(HolderProcess::close);
        }
    }

    private void connect(ServerUnderTest server, List<HolderProcess> holders) {
        String run = "i" + Long.toString(time.epochMillis(), Character.MAX_RADIX);
        for (int first = 0; first < connections; first += HolderProcess.CONNECTIONS_MAX) {
            int count = Math.min(HolderProcess.CONNECTIONS_MAX, connections - first);
            holders.add(HolderProcess.start(server, run, first, count, keepAliveSeconds));
        }
        holders.forEach(HolderProcess::awaitHeld);
    }

    private void awaitFiles(ProcessFigures process, int files) {
        long giveUp = time.nanos() + LEAVE_MILLIS_MAX * 1_000_000L;
        while (process.openFiles() > files && time.nanos() < giveUp) {
            console.progress().at("idle: the server forgets the clients");
            time.pause(STEP_MILLIS);
        }
        pause("waiting for the server to be idle without clients", settleSeconds);
    }

    private void pause(String what, int pauseSeconds) {
        long end = time.nanos() + pauseSeconds * 1_000_000_000L;
        while (time.nanos() < end) {
            console.progress().at("idle: " + what + ", " + (end - time.nanos()) / 1_000_000_000L + " s left");
            time.pause(STEP_MILLIS);
        }
    }

    private OptionalLong liveHeap(ServerUnderTest server) {
        return new ProcessFigures(server.pid()).program().endsWith("java")
                ? OptionalLong.of(JvmFigures.liveHeapBytes(server.pid()))
                : OptionalLong.empty();
    }
}
