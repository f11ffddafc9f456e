package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.group.GroupLimits;
import io.hongyan.im.core.message.StorageException;
import io.hongyan.im.core.send.Appended;
import io.hongyan.im.core.send.Draft;
import io.hongyan.im.core.send.MessageLog;
import java.sql.SQLException;
import java.util.List;

/** Appends batches, each in one transaction; nodes do so side by side. */
final class MysqlMessageLog implements MessageLog {
    private final MysqlWrites writes;
    private final MysqlIds ids;
    private final LockedGroups groups;
    private final GroupLimits limits;
    private final boolean messagesInFeed;
    private final StorageCounters counters;

    MysqlMessageLog(
            MysqlWrites writes,
            MysqlIds ids,
            LockedGroups groups,
            GroupLimits limits,
            boolean messagesInFeed,
            StorageCounters counters) {
        this.writes = writes;
        this.ids = ids;
        this.groups = groups;
        this.limits = limits;
        this.messagesInFeed = messagesInFeed;
        this.counters = counters;
    }

    @Override
    public List<Appended> append(List<Draft> batch, long nowMillis) {
        List<Appended> results = writes.run(session -> append(session, batch, nowMillis));
        counters.appended(results);
        return results;
    }

    private List<Appended> append(MysqlSession session, List<Draft> batch, long nowMillis) throws SQLException {
        try {
            return new AppendBatch(session.connection(), ids, limits, nowMillis).run(batch, groups, messagesInFeed);
        } catch (RuntimeException mistake) {
            throw asMistake(mistake, batch.size());
        }
    }

    /** What is no trouble of the storage is a mistake of the program. */
    static RuntimeException asMistake(RuntimeException failure, int drafts) {
        return failure instanceof StorageException || MysqlErrors.in(failure) != null || SlotMovedException.in(failure)
                ? failure
                : new IllegalArgumentException("not storable: one of " + drafts + " drafts", failure);
    }
}
