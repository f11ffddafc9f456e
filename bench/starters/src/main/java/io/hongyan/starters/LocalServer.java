package io.hongyan.starters;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * A real server on free ports that it keeps, whose data are kept over restarts until {@link #close}. It ends with this
 * JVM, even if that is killed. Methods may be called by any thread, one at a time; they throw
 * {@link IllegalStateException} with the message of {@code scripts/servers} when they fail.
 *
 * <p>Where a server has several members, a method acts on those that it is given, and on all if it is given none.
 */
public abstract sealed class LocalServer implements AutoCloseable
        permits SqlServer, Redis, RedisCluster, RedisSentinel, RocketMq {
    private static final Set<LocalServer> STARTED = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> STARTED.forEach(LocalServer::end), "end-servers"));
    }

    private final String name;
    private final Path directory;
    private final boolean ownDirectory;
    private final List<String> options;
    private final Map<String, String> facts = new ConcurrentHashMap<>();
    private final Map<String, ProcessHandle> processes = new ConcurrentHashMap<>();
    private volatile boolean shared;

    /**
     * Does not start it.
     *
     * @param name as {@code scripts/servers} calls it
     * @param directory where data and logs go; null for a new one, whose data are deleted in the end
     * @param options of each start
     */
    LocalServer(String name, Path directory, List<String> options) {
        this.name = name;
        this.ownDirectory = directory == null;
        this.directory = ownDirectory ? newDirectory(name) : directory.toAbsolutePath();
        this.options = List.copyOf(options);
    }

    private static Path newDirectory(String name) {
        try {
            Path target = Path.of("target").toAbsolutePath();
            return Files.isDirectory(target)
                    ? Files.createTempDirectory(Files.createDirectories(target.resolve("servers")), name + "-")
                    : Files.createTempDirectory("hongyan-" + name + "-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts the members that do not run; returns when the server can be used. */
    public final void start(String... members) {
        start(List.of(members), List.of());
    }

    /** @param more options for this start only, after the constant ones */
    final void start(List<String> members, List<String> more) {
        STARTED.add(this);
        List<String> all = new ArrayList<>(List.of("--port", "0"));
        all.addAll(List.of("--with", String.valueOf(ProcessHandle.current().pid())));
        all.addAll(options);
        all.addAll(more);
        read(call("start", members, all));
    }

    /** Waits until it can be used, for a server whose start did not wait. Starts nothing. */
    final void awaitReady(List<String> members) {
        read(call("await", members, List.of()));
    }

    /** Asks it to shut down and waits for that. */
    public final void stop(String... members) {
        call("stop", List.of(members), List.of());
    }

    /** SIGKILL; returns when the processes have ended. */
    public final void kill(String... members) {
        call("kill", List.of(members), List.of());
    }

    /** SIGSTOP. */
    public final void pause(String... members) {
        call("pause", List.of(members), List.of());
    }

    /** SIGCONT. */
    public final void resume(String... members) {
        call("resume", List.of(members), List.of());
    }

    /** Shuts down and starts again, with the same data and ports. */
    public final void restart() {
        stop();
        start();
    }

    /** Whether all of its processes exist, including paused ones. */
    public final boolean isAlive() {
        return !processes.isEmpty() && processes.values().stream().allMatch(LocalServer::isAlive);
    }

    /** For Java, a process that has ended but is still listed by the system is alive; it has no command. */
    private static boolean isAlive(ProcessHandle process) {
        return process.isAlive() && process.info().command().isPresent();
    }

    /** The process of a member since its last start. */
    public final Optional<ProcessHandle> process(String member) {
        return Optional.ofNullable(processes.get(member));
    }

    /** The directory with data and logs. */
    public final Path directory() {
        return directory;
    }

    /** The value that {@code scripts/servers} printed for connecting, by its name. */
    final String fact(String of) {
        String fact = facts.get(of);
        if (fact == null) {
            throw new IllegalStateException(name + " has not been started, or printed nothing about " + of);
        }
        return fact;
    }

    final String call(String command, List<String> members, List<String> more) {
        return ServersScript.call(arguments(command, members, more));
    }

    final List<String> arguments(String command, List<String> members, List<String> more) {
        List<String> arguments = new ArrayList<>(List.of(name, command, "--directory", directory.toString()));
        members.forEach(member -> arguments.addAll(List.of("--member", member)));
        arguments.addAll(more);
        return arguments;
    }

    private void read(String output) {
        String line = output.lines().reduce("", (before, last) -> last);
        Stream.of(line.split(" "))
                .map(fact -> fact.split("=", 2))
                .filter(fact -> fact.length == 2)
                .forEach(fact -> facts.put(fact[0], fact[1]));
        for (String process : facts.getOrDefault("pids", "").split(",")) {
            String[] memberAndPid = process.split(":");
            if (memberAndPid.length == 2) {
                ProcessHandle.of(Long.parseLong(memberAndPid[1]))
                        .ifPresent(handle -> processes.put(memberAndPid[0], handle));
            }
        }
    }

    /** From now on it ends with this JVM only. */
    final void share() {
        shared = true;
    }

    /**
     * Ends it with SIGKILL. If it created its directory, its data are deleted; logs stay.
     *
     * @throws IllegalStateException other tests of this JVM use it; JUnit closes arguments of parameterized tests by
     *     itself unless told not to
     */
    @Override
    public final void close() {
        if (shared) {
            throw new IllegalStateException("this server is shared by the tests of the JVM, and ends with it");
        }
        if (STARTED.remove(this)) {
            kill();
            deleteOwnData();
        }
    }

    /** For a JVM that ends: without the script, and without waiting. */
    private void end() {
        processes.values().forEach(ProcessHandle::destroyForcibly);
        deleteOwnData();
    }

    private void deleteOwnData() {
        if (!ownDirectory) {
            return;
        }
        try (Stream<Path> found = Files.walk(directory)) {
            List<Path> data = found.filter(
                            file -> !Files.isDirectory(file) && !file.toString().endsWith(".log"))
                    .toList();
            for (Path file : data) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException e) {
            // A process that is about to end may still create files. They are below target, which is cleaned as a
            // whole.
        }
    }
}
