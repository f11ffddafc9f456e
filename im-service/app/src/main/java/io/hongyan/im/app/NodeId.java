package io.hongyan.im.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/**
 * The name of this node that stays the same over its restarts: a file in the data directory, which one process uses at
 * a time. Under this name a node that was killed takes its leases again at once.
 */
final class NodeId {
    private static final String FILE = "node-id";
    /** The file of gates: a gate may share a directory with a node. */
    private static final String GATE_FILE = "gate-id";

    private static final int BYTES = 8;

    private NodeId() {}

    /**
     * Reads the name; creates one if there is none.
     *
     * @throws IOException it cannot be read or written, or is not a generated name; the message says what to do
     */
    static String loadOrCreate(Path dataDirectory, RandomGenerator random) throws IOException {
        return loadOrCreateFile(dataDirectory.resolve(FILE), random);
    }

    /** The same for a gate as a process. */
    static String ofGate(Path dataDirectory, RandomGenerator random) throws IOException {
        return loadOrCreateFile(dataDirectory.resolve(GATE_FILE), random);
    }

    private static String loadOrCreateFile(Path file, RandomGenerator random) throws IOException {
        if (!Files.exists(file)) {
            byte[] name = new byte[BYTES];
            random.nextBytes(name);
            Path whole = file.resolveSibling(file.getFileName() + ".new");
            // Written to another file, synced and renamed, so that no crash or power cut leaves half a name.
            Files.writeString(
                    whole,
                    HexFormat.of().formatHex(name) + '\n',
                    StandardCharsets.US_ASCII,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.DSYNC);
            Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
        }
        String name = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
        if (!name.matches("[0-9a-f]{" + 2 * BYTES + "}")) {
            throw new IOException(
                    file + " does not contain the name of this node; remove it to have a new one created");
        }
        return name;
    }
}
