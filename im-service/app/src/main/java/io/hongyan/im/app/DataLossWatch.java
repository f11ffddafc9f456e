package io.hongyan.im.app;

import io.hongyan.im.core.data.DataEpochs;
import io.hongyan.im.core.data.DataFeature;
import io.hongyan.im.core.message.StorageException;
import io.hongyan.im.core.work.PeriodicTask;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Begins another epoch of the data when there is less of it than this server has seen: an older backup was restored, or a replica
 * has taken over that had not received everything. What it has seen is in a file, which is written behind the data and so
 * never says too much.
 */
final class DataLossWatch {
    private static final Logger LOG = LoggerFactory.getLogger(DataLossWatch.class);
    private static final long LOOK_MILLIS = 5_000;
    private static final String FILE = "data-newest";
    private static final Pattern FORM = Pattern.compile("([0-9a-f]{1,64}) ([0-9]{1,18})\\s*");

    private final Path file;
    private final DataEpochs epochs;
    private final DataFeature data;
    private Seen seen;

    /** @param newest {@link DataEpochs#newest} in that epoch */
    private record Seen(String epoch, long newest) {}

    private DataLossWatch(Path file, DataEpochs epochs, DataFeature data) {
        this.file = file;
        this.epochs = epochs;
        this.data = data;
    }

    /**
     * Looks: before the first client comes. Blocks.
     *
     * @return what is to be done from then on
     * @throws IOException the file cannot be written
     * @throws StorageException the storage cannot be read or written
     */
    static List<PeriodicTask> start(Path directory, DataEpochs epochs, DataFeature data) throws IOException {
        DataLossWatch watch = new DataLossWatch(directory.resolve(FILE), epochs, data);
        watch.seen = watch.read();
        try {
            if (watch.look()) {
                LOG.error(
                        "There is less data than this server has seen: was an older backup restored? Another epoch of the data"
                                + " has begun, and clients drop what they remember of numbers (docs/operating/backup.md)");
            }
        } catch (UncheckedIOException unable) {
            throw unable.getCause();
        }
        return List.of(new PeriodicTask("note how much data there is", LOOK_MILLIS, watch::lookWhileRunning));
    }

    private void lookWhileRunning() {
        if (look()) {
            LOG.error(
                    "Data is gone from the database while this server runs: has a replica taken over that lacked it? Another"
                            + " epoch of the data has begun; restart all nodes (docs/operating/backup.md)");
        }
    }

    /** @return whether data is gone, and another epoch is there */
    private boolean look() {
        String epoch = data.current().id();
        long newest = epochs.newest();
        boolean lost = seen != null && seen.epoch.equals(epoch) && newest < seen.newest;
        Seen now = new Seen(lost ? data.beginNow().id() : epoch, newest);
        if (!now.equals(seen)) {
            write(now);
            seen = now;
        }
        return lost;
    }

    /** Null where there is none, or a power cut has left something else. */
    private Seen read() throws IOException {
        if (!Files.exists(file)) {
            return null;
        }
        Matcher parts = FORM.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
        return parts.matches() ? new Seen(parts.group(1), Long.parseLong(parts.group(2))) : null;
    }

    private void write(Seen now) {
        try {
            Path whole = file.resolveSibling(FILE + ".new");
            Files.writeString(whole, now.epoch + ' ' + now.newest + '\n', StandardCharsets.US_ASCII);
            Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException unable) {
            throw new UncheckedIOException(unable);
        }
    }
}
