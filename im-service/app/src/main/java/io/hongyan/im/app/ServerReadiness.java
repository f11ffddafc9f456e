package io.hongyan.im.app;

import io.hongyan.im.adapter.http.Readiness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Knows whether the server is starting, running or stopping, and asks the parts that can fail while it runs. */
final class ServerReadiness implements Readiness {
    private final Path dataDirectory;
    private final List<Check> checks = new ArrayList<>();
    /** Null if none are watched. */
    private ServerThreads threads;

    private volatile Phase phase = Phase.STARTING;

    private record Check(BooleanSupplier good, String obstacle) {}

    private enum Phase {
        STARTING,
        RUNNING,
        STOPPING
    }

    /** @param dataDirectory null if nothing is stored there */
    ServerReadiness(Path dataDirectory) {
        this.dataDirectory = dataDirectory;
        if (dataDirectory != null) {
            checks.add(new Check(this::canWrite, "The data directory cannot be written."));
        }
    }

    /** Before {@link #started}. */
    void require(BooleanSupplier good, String obstacle) {
        checks.add(new Check(good, obstacle));
    }

    /** Before {@link #started}. */
    void require(ServerThreads watched) {
        threads = watched;
    }

    void started() {
        phase = Phase.RUNNING;
    }

    void stopping() {
        phase = Phase.STOPPING;
    }

    @Override
    public List<String> obstacles() {
        return switch (phase) {
            case STARTING -> List.of("The server is starting.");
            case STOPPING -> List.of("The server is stopping.");
            case RUNNING -> {
                List<String> found = new ArrayList<>(threads == null ? List.of() : threads.obstacles());
                checks.stream()
                        .filter(check -> !check.good.getAsBoolean())
                        .map(Check::obstacle)
                        .forEach(found::add);
                yield found;
            }
        };
    }

    /** This notices a full or read-only disk before a client does. */
    private boolean canWrite() {
        Path probe = dataDirectory.resolve("ready-probe");
        try {
            Files.write(probe, new byte[] {1});
            return true;
        } catch (IOException unable) {
            return false;
        }
    }
}
