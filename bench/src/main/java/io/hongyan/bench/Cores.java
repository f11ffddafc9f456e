package io.hongyan.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How the cores of this machine are used. Hostile clients always run at the lowest priority. With {@code split}, the
 * server has half of the cores, and this process and its child processes the others; without {@code taskset}, or with
 * one core, all share all cores.
 */
final class Cores implements AutoCloseable {
    /**
     * The Linux policy for processes that only get a processor that nobody else wants: a process with a high nice value
     * may still make others wait for the rest of its time slice, some milliseconds.
     */
    private static final List<String> IDLE = List.of("/usr/bin/chrt", "--idle", "0");

    private static final Path CHRT = Path.of(IDLE.get(0));
    private static final int LOWEST_PRIORITY = 19;

    private final List<Integer> all;
    private final boolean split;

    private Cores(List<Integer> all, boolean split) {
        this.all = all;
        this.split = split;
        if (split) {
            confine(all.subList(all.size() / 2, all.size()));
        }
    }

    /** Divides the cores until this is closed. */
    static Cores split() {
        List<Integer> all = ours();
        return new Cores(all, all.size() > 1 && Files.isExecutable(Path.of("/usr/bin/taskset")));
    }

    /** Divides nothing. */
    static Cores shared() {
        return new Cores(ours(), false);
    }

    /** The program that starts the server on its cores. */
    List<String> ofServer() {
        return split ? List.of("taskset", "-c", named(all.subList(0, all.size() / 2))) : List.of();
    }

    /** The program that starts hostile clients. */
    List<String> ofAttackers() {
        List<String> nice = List.of("nice", "-n", Integer.toString(LOWEST_PRIORITY));
        return Files.isExecutable(CHRT)
                ? Stream.concat(IDLE.stream(), nice.stream()).toList()
                : nice;
    }

    /** The division, for people. */
    String described() {
        return split
                ? "cores: server " + named(all.subList(0, all.size() / 2)) + "; clients "
                        + named(all.subList(all.size() / 2, all.size())) + ", the hostile at the lowest priority"
                : "cores: all share " + named(all) + ", the hostile at the lowest priority";
    }

    @Override
    public void close() {
        if (split) {
            confine(all);
        }
    }

    private static void confine(List<Integer> cores) {
        try {
            Process process = new ProcessBuilder(
                            "taskset",
                            "-a",
                            "-p",
                            "-c",
                            named(cores),
                            Long.toString(ProcessHandle.current().pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            // It fails if a thread ended meanwhile, which does no harm.
            process.waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** The cores that this process may use, from a list such as {@code 0-3,8}. */
    private static List<Integer> ours() {
        try {
            String listed = Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("Cpus_allowed_list:"))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .orElse("0");
            List<Integer> cores = new ArrayList<>();
            for (String range : listed.split(",")) {
                String[] ends = range.split("-");
                for (int core = Integer.parseInt(ends[0]); core <= Integer.parseInt(ends[ends.length - 1]); core++) {
                    cores.add(core);
                }
            }
            return cores;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String named(List<Integer> cores) {
        return cores.stream().map(String::valueOf).collect(Collectors.joining(","));
    }
}
