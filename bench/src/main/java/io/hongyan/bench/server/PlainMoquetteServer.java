package io.hongyan.bench.server;

import io.hongyan.bench.time.BenchTime;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;

/** Plain Moquette in a JVM of its own, from this program's class path. */
public final class PlainMoquetteServer implements ServerUnderTest {
    private static final long READY_MILLIS_MAX = 30_000;

    private final ChildProcess process;
    private final InetSocketAddress address;

    private PlainMoquetteServer(ChildProcess process, InetSocketAddress address) {
        this.process = process;
        this.address = address;
    }

    /** @param workDirectory for its data and output */
    public static PlainMoquetteServer start(Path workDirectory, BenchTime time) {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), ChildProcess.freePort());
        ChildProcess process = ChildProcess.start(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        PlainMoquette.class.getName(),
                        Integer.toString(address.getPort()),
                        workDirectory.toAbsolutePath().toString()),
                workDirectory);
        PlainMoquetteServer server = new PlainMoquetteServer(process, address);
        process.awaitPort(address, time, READY_MILLIS_MAX);
        return server;
    }

    @Override
    public String name() {
        return "moquette";
    }

    @Override
    public InetSocketAddress mqtt() {
        return address;
    }

    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        process.close();
    }
}
