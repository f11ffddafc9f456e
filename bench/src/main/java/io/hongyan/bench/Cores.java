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
 * How the cores of this machine are used. Hostile clients always run at the lowest priority. Where cores are split the server
 * has half of them for itself, and this process and what it starts the others; without {@code taskset}, or with one core, all
 * share all of them.
 */
final class Cores implements AutoCloseable {
    /**
     * The policy of Linux for what may only have a processor that nobody else wants: of an ordinary process, however nice, it lets
     * the others wait for the rest of its turn, some milliseconds.
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

    /** Shares them out until this is closed. */
    static Cores split() {
        List<Integer> all = ours();
        return new Cores(all, all.size() > 1 && Files.isExecutable(Path.of("/usr/bin/taskset")));
    }

    /** Shares nothing out. */
    static Cores shared() {
        return new Cores(ours(), false);
    }

    /** What starts the server on cores of its own. */
    List<String> ofServer() {
        return split ? List.of("taskset", "-c", named(all.subList(0, all.size() / 2))) : List.of();
    }

    /** What starts hostile clients. */
    List<String> ofAttackers() {
        List<String> nice = List.of("nice", "-n", Integer.toString(LOWEST_PRIORITY));
        return Files.isExecutable(CHRT)
                ? Stream.concat(IDLE.stream(), nice.stream()).toList()
                : nice;
    }

    /** What was done, for people. */
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
            // A thread that ended meanwhile makes it fail, which does no harm.
            process.waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** The cores that this process may use, of a list such as {@code 0-3,8}. */
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
