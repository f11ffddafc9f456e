package io.hongyan.im.adapter.sql.mysql;

import io.hongyan.im.core.contract.ConversationListContract;
import io.hongyan.im.core.contract.DataEpochsContract;
import io.hongyan.im.core.contract.DevicesContract;
import io.hongyan.im.core.contract.EntryReceiptsContract;
import io.hongyan.im.core.contract.EventLogContract;
import io.hongyan.im.core.contract.FanOutLogContract;
import io.hongyan.im.core.contract.FeedContract;
import io.hongyan.im.core.contract.FeedPartitionsContract;
import io.hongyan.im.core.contract.GroupCursorsContract;
import io.hongyan.im.core.contract.GroupLogContract;
import io.hongyan.im.core.contract.GroupMessageChangesContract;
import io.hongyan.im.core.contract.GroupsContract;
import io.hongyan.im.core.contract.HintsContract;
import io.hongyan.im.core.contract.HistoryContract;
import io.hongyan.im.core.contract.InboxContract;
import io.hongyan.im.core.contract.MarksContract;
import io.hongyan.im.core.contract.MessageChangesContract;
import io.hongyan.im.core.contract.MessageLogContract;
import io.hongyan.im.core.contract.PushesContract;
import io.hongyan.im.core.contract.RandomUseContract;
import io.hongyan.im.core.contract.Storage;
import io.hongyan.im.core.contract.TrimmerContract;
import io.hongyan.im.core.contract.UsersContract;
import io.hongyan.im.core.group.GroupLimits;
import io.hongyan.starters.SqlServer;
import java.util.Locale;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** The whole contract kit on a server that speaks MySQL's protocol. */
@Tag("servers")
abstract class MysqlContracts {
    /** One for all tests of the class; each finds its database empty. */
    abstract SqlServer server();

    /** Made by the first connection, where it is not there. */
    String database() {
        return "kit_" + getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    Storage newStorage(GroupLimits limits) {
        return new ShardedFixture(ShardedFixture.settings(server(), database()), limits);
    }

    @Nested
    class DataEpochsOnMysql extends DataEpochsContract {
        @Override
        protected Storage newStorage() {
            return MysqlContracts.this.newStorage(GroupLimits.DEFAULT);
        }
    }

    @Nested
    class MessageLogOnMysql extends MessageLogContract {
        @Override
        protected Storage newStorage() {
            return MysqlContracts.this.newStorage(GroupLimits.DEFAULT);
        }
    }

    @Nested
    class InboxOnMysql extends InboxContract {
        @Override
        protected Storage newStorage() {
            return MysqlContracts.this.newStorage(GroupLimits.DEFAULT);
        }
    }

    @Nested
    class DevicesOnMysql extends DevicesContract {
        @Override
        protected Storage newStorage() {
            return MysqlContracts.this.newStorage(GroupLimits.DEFAULT);
        }
    }

    @Nested
    class UsersOnMysql extends UsersContract {
        @Override
        protected Storage newStorage() {
            return MysqlContracts.this.newStorage(GroupLimits.DEFAULT);
        }
    }

    @Nested
    class HistoryOnMysql extends HistoryContract {
        @Override
        protected Storage newStorage() {
            return MysqlContracts.this.newStorage(GroupLimits.DEFAULT);
        }
    }

    @Nested
    class MarksOnMysql extends MarksContract {
        @Override
        protected Storage newStorage() {
            return MysqlContracts.this.newStorage(GroupLimits.DEFAULT);
        }
    }

    @Nested
    class GroupCursorsOnMysql extends GroupCursorsContract {
        @Override
        protected Storage newStorage() {
            return MysqlContracts.this.newStorage(GroupLimits.DEFAULT);
        }
    }

    @Nested
    class ConversationListOnMysql extends ConversationListContract {
        @Override
        protected Storage newStorage() {
            return MysqlContracts.this.newStorage(GroupLimits.DEFAULT);
        }
    }

    @Nested
    class TrimmerOnMysql extends TrimmerContract {
        @Override
        protected Storage newStorage() {
            return MysqlContracts.this.newStorage(GroupLimits.DEFAULT);
        }
    }

    @Nested
    class HintsOnMysql extends HintsContract {
        @Override
        protected Storage newStorage() {
            return MysqlContracts.this.newStorage(GroupLimits.DEFAULT);
        }
    }

    @Nested
    class PushesOnMysql extends PushesContract {
        @Override
        protected Storage newStorage() {
            return MysqlContracts.this.newStorage(GroupLimits.DEFAULT);
        }
    }

    @Nested
    class RandomUseOnMysql extends RandomUseContract {
        @Override
        protected Storage newStorage() {
            return MysqlContracts.this.newStorage(GroupLimits.DEFAULT);
        }
    }

    @Nested
    class EventLogOnMysql extends EventLogContract {
        @Override
        protected Storage newStorage() {
            return MysqlContracts.this.newStorage(GroupLimits.DEFAULT);
        }
    }

    @Nested
    class FeedOnMysql extends FeedContract {
        @Override
        protected Storage newStorage() {
            return MysqlContracts.this.newStorage(GroupLimits.DEFAULT);
        }
    }

    @Nested
    class FeedPartitionsOnMysql extends FeedPartitionsContract {
        @Override
        protected Storage newStorage() {
            return MysqlContracts.this.newStorage(GroupLimits.DEFAULT);
        }
    }

    @Nested
    class GroupLogOnMysql extends GroupLogContract {
        @Override
        protected Storage newStorage(GroupLimits limits) {
            return MysqlContracts.this.newStorage(limits);
        }
    }

    @Nested
    class FanOutLogOnMysql extends FanOutLogContract {
        @Override
        protected Storage newStorage(GroupLimits limits) {
            return MysqlContracts.this.newStorage(limits);
        }
    }

    @Nested
    class GroupsOnMysql extends GroupsContract {
        @Override
        protected Storage newStorage(GroupLimits limits) {
            return MysqlContracts.this.newStorage(limits);
        }
    }

    @Nested
    class EntryReceiptsOnMysql extends EntryReceiptsContract {
        @Override
        protected Storage newStorage(GroupLimits limits) {
            return MysqlContracts.this.newStorage(limits);
        }
    }

    @Nested
    class MessageChangesOnMysql extends MessageChangesContract {
        @Override
        protected Storage newStorage(GroupLimits limits) {
            return MysqlContracts.this.newStorage(limits);
        }
    }

    @Nested
    class GroupMessageChangesOnMysql extends GroupMessageChangesContract {
        @Override
        protected Storage newStorage(GroupLimits limits) {
            return MysqlContracts.this.newStorage(limits);
        }
    }
}
