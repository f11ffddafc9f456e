package io.hongyan.im.adapter.sql;

/** Erases what is only a user's, in short transactions. */
public final class SqlErasure {
    /** Entries deleted by one transaction at most, so that no message waits long behind it. */
    private static final int ENTRIES_PER_WRITE_MAX = 1_000;

    private final ReadExecutor reads;
    private final WriteExecutor writes;

    public SqlErasure(ReadExecutor reads, WriteExecutor writes) {
        this.reads = reads;
        this.writes = writes;
    }

    /** @return whether nothing is left */
    public boolean erase(String uid, int entriesMax) {
        LoginRows.Range range =
                reads.readOne(connection -> connection.loginRows().range(uid));
        if (range == null) {
            return true;
        }
        writes.write(transaction -> {
            transaction.mapper(DeviceMapper.class).deleteAll(range.userId());
            return null;
        });
        long trimmed = range.trimmed();
        long last = Math.min(range.head(), trimmed + entriesMax);
        while (trimmed < last) {
            long next = Math.min(last, trimmed + ENTRIES_PER_WRITE_MAX);
            writes.write(transaction -> {
                TrimMapper inboxes = transaction.mapper(TrimMapper.class);
                inboxes.updateTrimmed(range.userId(), next);
                return inboxes.deleteEntries(range.userId(), next);
            });
            trimmed = next;
        }
        return trimmed >= range.head();
    }
}
