package io.hongyan.bench.server;

import java.util.Optional;

/** Reads a process's use of the machine before and after a measurement. */
public final class UsageProbe implements AutoCloseable {
    private final ProcessFigures process;
    private final Optional<JvmFigures> jvm;

    /** Also reads a JVM's allocations, if the process is one. */
    public UsageProbe(long pid) {
        process = new ProcessFigures(pid);
        jvm = JvmFigures.of(pid);
    }

    public Usage read() {
        return new Usage(
                process.cpuMicros(), jvm.map(JvmFigures::allocatedBytes).orElse(Usage.UNKNOWN));
    }

    @Override
    public void close() {
        jvm.ifPresent(JvmFigures::close);
    }
}
