package io.hongyan.im.adapter.sql.sqlite;

import io.hongyan.im.core.contract.EntryReceiptsContract;
import io.hongyan.im.core.contract.FanOutLogContract;
import io.hongyan.im.core.contract.GroupLogContract;
import io.hongyan.im.core.contract.GroupMessageChangesContract;
import io.hongyan.im.core.contract.GroupsContract;
import io.hongyan.im.core.contract.MessageChangesContract;
import io.hongyan.im.core.contract.Storage;
import io.hongyan.im.core.group.GroupLimits;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** The contract kit of groups, and of changes of messages, on SQLite, also with a writer that forgets everything at once. */
class SqliteGroupContractTest {
    @TempDir
    Path directory;

    @Nested
    class GroupLogOnSqlite extends GroupLogContract {
        @Override
        protected Storage newStorage(GroupLimits limits) {
            return new SqliteFixture(SqliteSettings.defaults(directory), limits, 1_000);
        }
    }

    @Nested
    class FanOutLogOnSqlite extends FanOutLogContract {
        @Override
        protected Storage newStorage(GroupLimits limits) {
            return new SqliteFixture(SqliteSettings.defaults(directory), limits, 1_000);
        }
    }

    @Nested
    class GroupsOnSqlite extends GroupsContract {
        @Override
        protected Storage newStorage(GroupLimits limits) {
            return new SqliteFixture(SqliteSettings.defaults(directory), limits, 1_000);
        }
    }

    @Nested
    class EntryReceiptsOnSqlite extends EntryReceiptsContract {
        @Override
        protected Storage newStorage(GroupLimits limits) {
            return new SqliteFixture(SqliteSettings.defaults(directory), limits, 1_000);
        }
    }

    @Nested
    class MessageChangesOnSqlite extends MessageChangesContract {
        @Override
        protected Storage newStorage(GroupLimits limits) {
            return new SqliteFixture(SqliteSettings.defaults(directory), limits, 1_000);
        }
    }

    @Nested
    class GroupMessageChangesOnSqlite extends GroupMessageChangesContract {
        @Override
        protected Storage newStorage(GroupLimits limits) {
            return new SqliteFixture(SqliteSettings.defaults(directory), limits, 1_000);
        }
    }

    @Nested
    class GroupLogOnSqliteWithoutCache extends GroupLogContract {
        @Override
        protected Storage newStorage(GroupLimits limits) {
            return new SqliteFixture(withoutCache(), limits, 10);
        }
    }

    @Nested
    class FanOutLogOnSqliteWithoutCache extends FanOutLogContract {
        @Override
        protected Storage newStorage(GroupLimits limits) {
            return new SqliteFixture(withoutCache(), limits, 10);
        }
    }

    @Nested
    class GroupsOnSqliteWithoutCache extends GroupsContract {
        @Override
        protected Storage newStorage(GroupLimits limits) {
            return new SqliteFixture(withoutCache(), limits, 10);
        }
    }

    @Nested
    class MessageChangesOnSqliteWithoutCache extends MessageChangesContract {
        @Override
        protected Storage newStorage(GroupLimits limits) {
            return new SqliteFixture(withoutCache(), limits, 10);
        }
    }

    @Nested
    class GroupMessageChangesOnSqliteWithoutCache extends GroupMessageChangesContract {
        @Override
        protected Storage newStorage(GroupLimits limits) {
            return new SqliteFixture(withoutCache(), limits, 10);
        }
    }

    private SqliteSettings withoutCache() {
        return new SqliteSettings(directory, 1 << 20, 1 << 20, 2, 64, 16, 10_000, 50, 0, 1);
    }
}
