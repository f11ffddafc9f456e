package io.hongyan.bench.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Measurements of a process by Linux under {@code /proc}. */
public final class ProcessFigures {
    /** Linux fixes the unit of the times in {@code /proc/PID/stat} at 100 per second for user space. */
    private static final long MICROS_PER_TICK = 10_000;

    private static final int USER_TIME_AFTER_NAME = 11;

    private final long pid;

    public ProcessFigures(long pid) {
        this.pid = pid;
    }

    public long pid() {
        return pid;
    }

    /** User and system time so far, of all threads, also ended ones; in steps of 10 ms. */
    public long cpuMicros() {
        String stat = read("stat");
        // The name may contain spaces and parentheses; the fields after it may not.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        long ticks = Long.parseLong(fields[USER_TIME_AFTER_NAME]) + Long.parseLong(fields[USER_TIME_AFTER_NAME + 1]);
        return ticks * MICROS_PER_TICK;
    }

    /** Resident memory now. */
    public long rssBytes() {
        return read("status")
                .lines()
                .filter(line -> line.startsWith("VmRSS:"))
                .map(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("process " + pid + " has no VmRSS; has it ended?"));
    }

    /** How many files and sockets the process has open. */
    public int openFiles() {
        try (var files = Files.list(directory().resolve("fd"))) {
            return (int) files.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The first of the process's arguments: its program. */
    public String program() {
        return List.of(read("cmdline").split("\0")).get(0);
    }

    private String read(String file) {
        try {
            return Files.readString(directory().resolve(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("process " + pid + " cannot be read; has it ended?", e);
        }
    }

    private Path directory() {
        return Path.of("/proc", Long.toString(pid));
    }
}
