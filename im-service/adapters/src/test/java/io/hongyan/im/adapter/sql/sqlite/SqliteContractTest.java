package io.hongyan.im.adapter.sql.sqlite;

import io.hongyan.im.core.contract.ConversationListContract;
import io.hongyan.im.core.contract.DataEpochsContract;
import io.hongyan.im.core.contract.DevicesContract;
import io.hongyan.im.core.contract.EventLogContract;
import io.hongyan.im.core.contract.FeedContract;
import io.hongyan.im.core.contract.FeedPartitionsContract;
import io.hongyan.im.core.contract.GroupCursorsContract;
import io.hongyan.im.core.contract.HintsContract;
import io.hongyan.im.core.contract.HistoryContract;
import io.hongyan.im.core.contract.InboxContract;
import io.hongyan.im.core.contract.MarksContract;
import io.hongyan.im.core.contract.MessageLogContract;
import io.hongyan.im.core.contract.PushesContract;
import io.hongyan.im.core.contract.RandomUseContract;
import io.hongyan.im.core.contract.Storage;
import io.hongyan.im.core.contract.TrimmerContract;
import io.hongyan.im.core.contract.UsersContract;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** The contract kit on SQLite. */
class SqliteContractTest {
    @TempDir
    Path directory;

    @Nested
    class DataEpochsOnSqlite extends DataEpochsContract {
        @Override
        protected Storage newStorage() {
            return new SqliteFixture(directory);
        }
    }

    @Nested
    class MessageLogOnSqlite extends MessageLogContract {
        @Override
        protected Storage newStorage() {
            return new SqliteFixture(directory);
        }
    }

    @Nested
    class InboxOnSqlite extends InboxContract {
        @Override
        protected Storage newStorage() {
            return new SqliteFixture(directory);
        }
    }

    @Nested
    class DevicesOnSqlite extends DevicesContract {
        @Override
        protected Storage newStorage() {
            return new SqliteFixture(directory);
        }
    }

    @Nested
    class UsersOnSqlite extends UsersContract {
        @Override
        protected Storage newStorage() {
            return new SqliteFixture(directory);
        }
    }

    @Nested
    class HistoryOnSqlite extends HistoryContract {
        @Override
        protected Storage newStorage() {
            return new SqliteFixture(directory);
        }
    }

    @Nested
    class MarksOnSqlite extends MarksContract {
        @Override
        protected Storage newStorage() {
            return new SqliteFixture(directory);
        }
    }

    @Nested
    class GroupCursorsOnSqlite extends GroupCursorsContract {
        @Override
        protected Storage newStorage() {
            return new SqliteFixture(directory);
        }
    }

    @Nested
    class ConversationListOnSqlite extends ConversationListContract {
        @Override
        protected Storage newStorage() {
            return new SqliteFixture(directory);
        }
    }

    @Nested
    class TrimmerOnSqlite extends TrimmerContract {
        @Override
        protected Storage newStorage() {
            return new SqliteFixture(directory);
        }
    }

    @Nested
    class HintsOnSqlite extends HintsContract {
        @Override
        protected Storage newStorage() {
            return new SqliteFixture(directory);
        }
    }

    @Nested
    class PushesOnSqlite extends PushesContract {
        @Override
        protected Storage newStorage() {
            return new SqliteFixture(directory);
        }
    }

    @Nested
    class RandomUseOnSqlite extends RandomUseContract {
        @Override
        protected Storage newStorage() {
            return new SqliteFixture(directory);
        }
    }

    @Nested
    class EventLogOnSqlite extends EventLogContract {
        @Override
        protected Storage newStorage() {
            return new SqliteFixture(directory);
        }
    }

    @Nested
    class FeedOnSqlite extends FeedContract {
        @Override
        protected Storage newStorage() {
            return new SqliteFixture(directory);
        }
    }

    @Nested
    class FeedPartitionsOnSqlite extends FeedPartitionsContract {
        @Override
        protected Storage newStorage() {
            return new SqliteFixture(directory);
        }
    }

    /** Heads that are forgotten at once and read from the rows each time, and keys that hardly wait to become rows. */
    @Nested
    class MessageLogOnSqliteWithoutCache extends MessageLogContract {
        @Override
        protected Storage newStorage() {
            return new SqliteFixture(withoutCache(), 10);
        }
    }

    @Nested
    class RandomUseOnSqliteWithoutCache extends RandomUseContract {
        @Override
        protected Storage newStorage() {
            return new SqliteFixture(withoutCache(), 10);
        }
    }

    private SqliteSettings withoutCache() {
        return new SqliteSettings(directory, 1 << 20, 1 << 20, 2, 64, 16, 10_000, 50, 0, 1);
    }
}
