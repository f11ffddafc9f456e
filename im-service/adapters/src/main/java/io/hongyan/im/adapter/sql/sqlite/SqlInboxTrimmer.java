package io.hongyan.im.adapter.sql.sqlite;

import io.hongyan.im.adapter.sql.ReadExecutor;
import io.hongyan.im.adapter.sql.TrimMapper;
import io.hongyan.im.adapter.sql.TrimMapper.UserRow;
import io.hongyan.im.adapter.sql.WriteExecutor;
import io.hongyan.im.core.inbox.InboxTrimmer;
import java.util.List;

/** Finds what is too old beside the writer and deletes it in short transactions; users go by their row number. */
final class SqlInboxTrimmer implements InboxTrimmer {
    /** Entries deleted by one transaction at most, so that no message waits long behind it. */
    private static final int ENTRIES_PER_WRITE_MAX = 1_000;

    private final ReadExecutor reads;
    private final WriteExecutor writes;

    SqlInboxTrimmer(ReadExecutor reads, WriteExecutor writes) {
        this.reads = reads;
        this.writes = writes;
    }

    @Override
    public Slice trim(long afterUser, long olderThanMillis, int entriesMax, int usersMax) {
        List<UserRow> users =
                reads.read(connection -> connection.mapper(TrimMapper.class).findUsers(afterUser, usersMax));
        long deleted = 0;
        for (UserRow user : users) {
            if (user.hasTooMuch(olderThanMillis, entriesMax)) {
                deleted += trim(user, olderThanMillis, entriesMax);
            }
        }
        long next = users.size() < usersMax ? 0 : users.get(users.size() - 1).userId();
        return new Slice(next, deleted);
    }

    private long trim(UserRow user, long olderThanMillis, int entriesMax) {
        long deleted = 0;
        long trimmed = user.trimmed();
        long next = nextTrimmed(user, trimmed, olderThanMillis, entriesMax);
        while (next > trimmed) {
            deleted += delete(user.userId(), next);
            trimmed = next;
            next = nextTrimmed(user, trimmed, olderThanMillis, entriesMax);
        }
        return deleted;
    }

    /** How far the next transaction may go. */
    private long nextTrimmed(UserRow user, long trimmed, long olderThanMillis, int entriesMax) {
        long end = Math.min(user.head(), trimmed + ENTRIES_PER_WRITE_MAX);
        Long lastOld = reads.read(connection ->
                connection.mapper(TrimMapper.class).findLastOld(user.userId(), trimmed, end, olderThanMillis));
        long byCount = Math.min(end, user.head() - entriesMax);
        return Math.max(lastOld == null ? 0 : lastOld, byCount);
    }

    private int delete(long userId, long upTo) {
        return writes.write(transaction -> {
            TrimMapper inboxes = transaction.mapper(TrimMapper.class);
            inboxes.updateTrimmed(userId, upTo);
            return inboxes.deleteEntries(userId, upTo);
        });
    }
}
