package io.hongyan.servers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.rocketmq.store.RunningFlags;

/** Makes a broker refuse writes as if its disk were full, while a file exists. */
final class FullDisk {
    private static final long LOOK_MILLIS = 20;

    private FullDisk() {}

    static void watch(Path file, RunningFlags flags) {
        ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "full-disk");
            thread.setDaemon(true);
            return thread;
        });
        watch.scheduleWithFixedDelay(
                () -> {
                    if (Files.exists(file)) {
                        flags.getAndMakeDiskFull();
                    } else {
                        flags.getAndMakeDiskOK();
                    }
                },
                0,
                LOOK_MILLIS,
                TimeUnit.MILLISECONDS);
    }
}
