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
 * The name of this server that stays the same over its restarts: a file in the data directory, which one process uses at
 * a time. Under it a server that was killed takes up at once what it held.
 */
final class NodeId {
    private static final String FILE = "node-id";
    /** Of gates: one may share a directory with a server. */
    private static final String GATE_FILE = "gate-id";

    private static final int BYTES = 8;

    private NodeId() {}

    /**
     * Reads the name; where there is none, makes one.
     *
     * @throws IOException it cannot be read or written, or is not what was made; the message says what to do
     */
    static String loadOrCreate(Path dataDirectory, RandomGenerator random) throws IOException {
        return loadOrCreateFile(dataDirectory.resolve(FILE), random);
    }

    /** The same for a gate that is a process of its own. */
    static String ofGate(Path dataDirectory, RandomGenerator random) throws IOException {
        return loadOrCreateFile(dataDirectory.resolve(GATE_FILE), random);
    }

    private static String loadOrCreateFile(Path file, RandomGenerator random) throws IOException {
        if (!Files.exists(file)) {
            byte[] name = new byte[BYTES];
            random.nextBytes(name);
            Path whole = file.resolveSibling(file.getFileName() + ".new");
            // Written aside, synced and moved, so that no crash or power cut leaves half a name.
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
            throw new IOException(file + " does not hold the name of this server; remove it to have a new one made");
        }
        return name;
    }
}
