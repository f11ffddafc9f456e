package io.hongyan.bench.server;

import com.sun.management.ThreadMXBean;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** Measurements of another JVM through the attach interface; needs no flag of that JVM, only the same user. */
public final class JvmFigures implements AutoCloseable {
    private static final int ATTEMPTS_MAX = 3;

    private final long pid;
    private final JMXConnector connector;
    private final ThreadMXBean threads;
    private final MemoryMXBean memory;
    /** Thread id → bytes. */
    private final Map<Long, Long> allocated = new HashMap<>();

    private JvmFigures(long pid, JMXConnector connector, ThreadMXBean threads, MemoryMXBean memory) {
        this.pid = pid;
        this.connector = connector;
        this.threads = threads;
        this.memory = memory;
    }

    /** Empty if the process is no JVM or cannot be attached to; a JVM on a busy machine may answer too late, so it is asked again. */
    public static Optional<JvmFigures> of(long pid) {
        if (!new ProcessFigures(pid).program().endsWith("java")) {
            return Optional.empty();
        }
        Optional<JvmFigures> attached = Optional.empty();
        for (int attempt = 0; attempt < ATTEMPTS_MAX && attached.isEmpty(); attempt++) {
            attached = attach(pid);
        }
        return attached;
    }

    private static Optional<JvmFigures> attach(long pid) {
        try {
            VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
            String address;
            try {
                address = machine.startLocalManagementAgent();
            } finally {
                machine.detach();
            }
            JMXConnector connector = JMXConnectorFactory.connect(new JMXServiceURL(address));
            ThreadMXBean threads = ManagementFactory.newPlatformMXBeanProxy(
                    connector.getMBeanServerConnection(), ManagementFactory.THREAD_MXBEAN_NAME, ThreadMXBean.class);
            MemoryMXBean memory = ManagementFactory.newPlatformMXBeanProxy(
                    connector.getMBeanServerConnection(), ManagementFactory.MEMORY_MXBEAN_NAME, MemoryMXBean.class);
            return Optional.of(new JvmFigures(pid, connector, threads, memory));
        } catch (AttachNotSupportedException | IOException e) {
            return Optional.empty();
        }
    }

    /** What its threads have allocated since they started; for ended threads, the value at the last call. */
    public synchronized long allocatedBytes() {
        long[] ids = threads.getAllThreadIds();
        long[] bytes = threads.getThreadAllocatedBytes(ids);
        for (int i = 0; i < ids.length; i++) {
            if (bytes[i] > 0) {
                allocated.put(ids[i], bytes[i]);
            }
        }
        return allocated.values().stream().mapToLong(Long::longValue).sum();
    }

    /**
     * The heap in use after a full collection, without starting another program for it. It stops the JVM for a moment.
     */
    public long heapBytesCollected() {
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed();
    }

    /** Bytes of live objects after a full collection. It stops the JVM for a moment. */
    public static long liveHeapBytes(long pid) {
        String histogram = jcmd(pid, "GC.class_histogram");
        String total = histogram
                .lines()
                .filter(line -> line.startsWith("Total"))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("jcmd GC.class_histogram has no total:\n" + histogram));
        return Long.parseLong(total.trim().split("\\s+")[2]);
    }

    private static String jcmd(long pid, String command) {
        Path program = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        try {
            Process process = new ProcessBuilder(program.toString(), Long.toString(pid), command)
                    .redirectErrorStream(true)
                    .start();
            String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException("jcmd " + pid + " " + command + " failed: " + answer);
            }
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public long pid() {
        return pid;
    }

    @Override
    public void close() {
        try {
            connector.close();
        } catch (IOException e) {
            // The other JVM may have ended.
        }
    }
}
