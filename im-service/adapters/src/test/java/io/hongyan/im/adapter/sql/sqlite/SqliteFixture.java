package io.hongyan.im.adapter.sql.sqlite;

import io.hongyan.im.core.contract.Storage;
import io.hongyan.im.core.contract.StorageContract;
import io.hongyan.im.core.data.DataEpochs;
import io.hongyan.im.core.group.GroupLimits;
import java.nio.file.Path;

/** A SQLite storage for the contract kit. */
final class SqliteFixture implements Storage {
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
        this.open = SqliteStorage.open(settings, StorageContract.rules(groups), keysInMemoryMax, System::nanoTime);
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
