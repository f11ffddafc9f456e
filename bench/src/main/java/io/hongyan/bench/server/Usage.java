package io.hongyan.bench.server;

/**
 * What a process has used of the machine so far.
 *
 * @param cpuMicros user and system time
 * @param allocatedBytes by a JVM's threads; {@link #UNKNOWN} if it cannot be read
 */
public record Usage(long cpuMicros, long allocatedBytes) {
    public static final long UNKNOWN = -1;

    /** What was used since an earlier reading. */
    public Usage since(Usage before) {
        boolean known = allocatedBytes != UNKNOWN && before.allocatedBytes != UNKNOWN;
        return new Usage(cpuMicros - before.cpuMicros, known ? allocatedBytes - before.allocatedBytes : UNKNOWN);
    }
}
