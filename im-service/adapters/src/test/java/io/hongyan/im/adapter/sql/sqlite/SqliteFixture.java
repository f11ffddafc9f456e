package io.hongyan.im.adapter.sql.sqlite;

import io.hongyan.im.core.contract.Storage;
import io.hongyan.im.core.contract.StorageContract;
import io.hongyan.im.core.data.DataEpochs;
import io.hongyan.im.core.group.GroupLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A SQLite storage for the contract kit, on a copy of an empty database: making the tables takes longer than most tests. */
final class SqliteFixture implements Storage {
    private static byte[] empty;

    private final SqliteSettings settings;
    private final GroupLimits groups;
    private final int keysInMemoryMax;
    private SqliteStorage open;

    SqliteFixture(Path directory) {
        this(SqliteSettings.defaults(directory), 1_000);
    }

    SqliteFixture(SqliteSettings settings, int keysInMemoryMax) {
        this(settings, GroupLimits.DEFAULT, keysInMemoryMax);
    }

    SqliteFixture(SqliteSettings settings, GroupLimits groups, int keysInMemoryMax) {
        this.settings = settings;
        this.groups = groups;
        this.keysInMemoryMax = keysInMemoryMax;
        try {
            Files.write(settings.databaseFile(), empty());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.open = SqliteStorage.open(settings, StorageContract.rules(groups), keysInMemoryMax, System::nanoTime);
    }

    private static synchronized byte[] empty() throws IOException {
        if (empty == null) {
            Path directory = Files.createTempDirectory("empty");
            SqliteSettings settings = SqliteSettings.defaults(directory);
            SqliteStorage.open(settings, StorageContract.rules(GroupLimits.DEFAULT), System::nanoTime)
                    .close();
            empty = Files.readAllBytes(settings.databaseFile());
            try (Stream<Path> files = Files.list(directory)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(directory);
        }
        return empty;
    }

    @Override
    public io.hongyan.im.core.Storage ports() {
        return open.ports();
    }

    @Override
    public DataEpochs dataEpochs() {
        return open.dataEpochs();
    }

    @Override
    public void reopen() {
        open.close();
        open = SqliteStorage.open(settings, StorageContract.rules(groups), keysInMemoryMax, System::nanoTime);
    }

    @Override
    public void close() {
        open.close();
    }
}
