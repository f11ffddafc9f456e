package io.hongyan.im.core.simulation;

import io.hongyan.im.core.contract.ChangedMessagesContract;
import io.hongyan.im.core.contract.ConversationListContract;
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
import org.junit.jupiter.api.Nested;

/** The simulation is worth nothing if its storage behaves unlike the real ones: it runs the same kit. */
class InMemoryStorageContractTest {
    @Nested
    class OfMessageLog extends MessageLogContract {
        @Override
        protected Storage newStorage() {
            return KitStorage.empty();
        }
    }

    @Nested
    class OfInbox extends InboxContract {
        @Override
        protected Storage newStorage() {
            return KitStorage.empty();
        }
    }

    @Nested
    class OfDevices extends DevicesContract {
        @Override
        protected Storage newStorage() {
            return KitStorage.empty();
        }
    }

    @Nested
    class OfUsers extends UsersContract {
        @Override
        protected Storage newStorage() {
            return KitStorage.empty();
        }
    }

    @Nested
    class OfHistory extends HistoryContract {
        @Override
        protected Storage newStorage() {
            return KitStorage.empty();
        }
    }

    @Nested
    class OfGroupCursors extends GroupCursorsContract {
        @Override
        protected Storage newStorage() {
            return KitStorage.empty();
        }
    }

    @Nested
    class OfMarks extends MarksContract {
        @Override
        protected Storage newStorage() {
            return KitStorage.empty();
        }
    }

    @Nested
    class OfConversationList extends ConversationListContract {
        @Override
        protected Storage newStorage() {
            return KitStorage.empty();
        }
    }

    @Nested
    class OfTrimmer extends TrimmerContract {
        @Override
        protected Storage newStorage() {
            return KitStorage.empty();
        }
    }

    @Nested
    class OfHints extends HintsContract {
        @Override
        protected Storage newStorage() {
            return KitStorage.empty();
        }
    }

    @Nested
    class OfPushes extends PushesContract {
        @Override
        protected Storage newStorage() {
            return KitStorage.empty();
        }
    }

    @Nested
    class OfRandomUse extends RandomUseContract {
        @Override
        protected Storage newStorage() {
            return new KitStorage(
                    new InMemoryStorage(GroupLimits.DEFAULT, ChangedMessagesContract.RULES.limits()).ports());
        }
    }

    @Nested
    class OfGroupLog extends GroupLogContract {
        @Override
        protected Storage newStorage(GroupLimits limits) {
            return KitStorage.empty(limits);
        }
    }

    @Nested
    class OfFanOutLog extends FanOutLogContract {
        @Override
        protected Storage newStorage(GroupLimits limits) {
            return KitStorage.empty(limits);
        }
    }

    @Nested
    class OfGroups extends GroupsContract {
        @Override
        protected Storage newStorage(GroupLimits limits) {
            return KitStorage.empty(limits);
        }
    }

    @Nested
    class OfEntryReceipts extends EntryReceiptsContract {
        @Override
        protected Storage newStorage(GroupLimits limits) {
            return KitStorage.empty(limits);
        }
    }

    @Nested
    class OfEventLog extends EventLogContract {
        @Override
        protected Storage newStorage() {
            return KitStorage.empty();
        }
    }

    @Nested
    class OfMessageChanges extends MessageChangesContract {
        @Override
        protected Storage newStorage(GroupLimits limits) {
            return new KitStorage(new InMemoryStorage(limits, RULES.limits()).ports());
        }
    }

    @Nested
    class OfMessageChangesInGroups extends GroupMessageChangesContract {
        @Override
        protected Storage newStorage(GroupLimits limits) {
            return new KitStorage(new InMemoryStorage(limits, RULES.limits()).ports());
        }
    }

    @Nested
    class OfFeed extends FeedContract {
        @Override
        protected Storage newStorage() {
            return KitStorage.empty();
        }
    }

    @Nested
    class OfFeedPartitions extends FeedPartitionsContract {
        @Override
        protected Storage newStorage() {
            return KitStorage.empty();
        }
    }

    private record KitStorage(io.hongyan.im.core.Storage ports) implements Storage {
        static KitStorage empty() {
            return new KitStorage(new InMemoryStorage().ports());
        }

        static KitStorage empty(GroupLimits limits) {
            return new KitStorage(new InMemoryStorage(limits).ports());
        }

        @Override
        public void reopen() {
            // Everything written is durable at once, and there is nothing beside it.
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }
}
