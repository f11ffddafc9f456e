package io.hongyan.im.app;

import io.hongyan.im.adapter.sql.sqlite.SqliteStorage;
import io.hongyan.im.app.config.ConfigException;
import io.hongyan.im.app.config.Settings;
import io.hongyan.im.app.config.SettingsReader;
import io.hongyan.im.core.Storage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** The data of a server that is not running. */
final class StoredData {
    private static final int THREADS = 64;

    private StoredData() {}

    /** Makes users, many at a time. */
    static void makeUsers(Path directory, List<String> uids) throws ConfigException {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            ask(
                    directory,
                    storage -> CompletableFuture.allOf(uids.stream()
                                    .map(uid -> CompletableFuture.runAsync(
                                            () -> storage.users().ensure(uid), threads))
                                    .toArray(CompletableFuture[]::new))
                            .join());
        } finally {
            threads.shutdownNow();
        }
    }

    static <T> T ask(Path directory, Function<Storage, T> question) throws ConfigException {
        Settings settings = SettingsReader.read(null, Map.of("HONGYAN_DATA_DIRECTORY", directory.toString()));
        try (SqliteStorage storage = SqliteStorage.open(
                settings.storage().sqlite().in(settings.dataDirectory()),
                StorageChoice.rules(settings.messaging()),
                System::nanoTime)) {
            return question.apply(storage.ports());
        }
    }
}
