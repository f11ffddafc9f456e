package io.hongyan.im.adapter.sql.sqlite;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import io.hongyan.im.adapter.sql.StorageCounter;
import io.hongyan.im.core.contract.StorageContract;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.send.Appended;
import io.hongyan.im.core.send.Draft;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/**
 * What appending costs by itself: messages per second, and processor time and bytes allocated per message, of one thread
 * that appends batches. Arguments: directory, pairs, batch, messages, seeded messages (only if the directory is new).
 */
final class AppendBench {
    private static final int SEED_MESSAGES_EACH = 1_000;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final OperatingSystemMXBean process = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private final Random random = new Random(1);
    private final byte[] content = new byte[100];
    private final String run = "r" + Long.toString(System.currentTimeMillis(), 36);

    public static void main(String[] arguments) {
        Path directory = Path.of(arguments[0]);
        SqliteSettings settings = SqliteSettings.defaults(directory);
        if (!Files.exists(settings.databaseFile()) && arguments.length > 4) {
            seed(settings, Integer.parseInt(arguments[4]));
        }
        long start = System.nanoTime();
        try (SqliteStorage storage = SqliteStorage.open(settings, StorageContract.rules(), System::nanoTime)) {
            System.out.printf("opened in %d ms%n", (System.nanoTime() - start) / 1_000_000);
            new AppendBench()
                    .run(
                            storage,
                            Integer.parseInt(arguments[1]),
                            Integer.parseInt(arguments[2]),
                            Integer.parseInt(arguments[3]));
        }
    }

    private static void seed(SqliteSettings settings, int messages) {
        long start = System.nanoTime();
        int conversations = messages / SEED_MESSAGES_EACH;
        new SeedLog(settings).run(conversations, SEED_MESSAGES_EACH, new byte[100], 1_700_000_000_000L, written -> {
            if (written % 1_000_000 == 0) {
                System.out.printf("seeded %d in %d ms%n", written, (System.nanoTime() - start) / 1_000_000);
            }
        });
    }

    private void run(SqliteStorage storage, int pairs, int batch, int messages) {
        random.nextBytes(content);
        for (int pair = 0; pair < 2 * pairs; pair++) {
            storage.ports().users().ensure(uid(pair));
        }
        append(storage, pairs, batch, messages / 3);
        long commits = storage.counters().value(StorageCounter.COMMITS);
        long wall = System.nanoTime();
        long thread = threads.getCurrentThreadCpuTime();
        long all = process.getProcessCpuTime();
        long bytes = threads.getCurrentThreadAllocatedBytes();
        int done = append(storage, pairs, batch, messages);
        long allocated = threads.getCurrentThreadAllocatedBytes() - bytes;
        System.out.printf(
                "pairs %d batch %d: %.0f messages/s, thread %.1f us, process %.1f us, %d bytes per message, %d commits, %s%n",
                pairs,
                batch,
                done / ((System.nanoTime() - wall) / 1e9),
                (threads.getCurrentThreadCpuTime() - thread) / 1e3 / done,
                (process.getProcessCpuTime() - all) / 1e3 / done,
                allocated / done,
                storage.counters().value(StorageCounter.COMMITS) - commits,
                storage.counters());
    }

    private int append(SqliteStorage storage, int pairs, int batch, int messages) {
        int done = 0;
        while (done < messages) {
            List<Draft> drafts = new ArrayList<>(batch);
            for (int i = 0; i < batch; i++) {
                drafts.add(draft(random.nextInt(pairs), random.nextBoolean()));
            }
            List<Appended> results = storage.ports().log().append(drafts, 1_800_000_000_000L + done);
            if (!(results.get(0) instanceof Appended.Stored)) {
                throw new IllegalStateException(results.get(0).toString());
            }
            done += batch;
        }
        return done;
    }

    private Draft draft(int pair, boolean turned) {
        String from = uid(2 * pair + (turned ? 1 : 0));
        String to = uid(2 * pair + (turned ? 0 : 1));
        String id = new UUID(random.nextLong(), random.nextLong()).toString();
        return new Draft(Conversation.direct(from, to), from, "android:phone", id, content);
    }

    private String uid(int number) {
        return run + "-" + number;
    }
}
