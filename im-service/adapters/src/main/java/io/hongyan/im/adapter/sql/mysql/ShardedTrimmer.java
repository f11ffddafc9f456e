package io.hongyan.im.adapter.sql.mysql;

import io.hongyan.im.adapter.sql.TrimMapper;
import io.hongyan.im.core.inbox.InboxTrimmer;
import java.util.List;
import java.util.Map;

/** As {@code SqlInboxTrimmer}, with the ages of messages asked where their conversations are. */
final class ShardedTrimmer implements InboxTrimmer {
    private static final int ENTRIES_PER_WRITE_MAX = 1_000;

    /** Messages asked for their age: the first one tells mostly that nothing is old. */
    private static final int ASKED_FIRST = 1;

    private static final int ASKED_THEN = 200;

    private final Shards shards;
    private final OwnedUsers users;
    private final ShardedBodies bodies;

    ShardedTrimmer(Shards shards, OwnedUsers users, ShardedBodies bodies) {
        this.shards = shards;
        this.users = users;
        this.bodies = bodies;
    }

    @Override
    public Slice trim(long afterUser, long olderThanMillis, int entriesMax, int usersMax) {
        List<OwnedUsers.User> page = users.page(afterUser, usersMax, false);
        long deleted = 0;
        for (OwnedUsers.User user : page) {
            deleted += trim(user, olderThanMillis, entriesMax);
        }
        return new Slice(page.size() < usersMax ? 0 : page.get(page.size() - 1).id(), deleted);
    }

    private long trim(OwnedUsers.User user, long olderThanMillis, int entriesMax) {
        long deleted = 0;
        long trimmed = user.trimmed();
        if (trimmed >= user.head()) {
            return 0;
        }
        long next = nextTrimmed(user, trimmed, olderThanMillis, entriesMax);
        while (next > trimmed) {
            deleted += delete(user.id(), next);
            trimmed = next;
            next = nextTrimmed(user, trimmed, olderThanMillis, entriesMax);
        }
        return deleted;
    }

    private long nextTrimmed(OwnedUsers.User user, long trimmed, long olderThanMillis, int entriesMax) {
        long end = Math.min(user.head(), trimmed + ENTRIES_PER_WRITE_MAX);
        long byCount = Math.min(end, user.head() - entriesMax);
        return Math.max(lastOld(user.id(), trimmed, end, olderThanMillis), byCount);
    }

    /** The last message before the first that is not old; 0 where there is none. */
    private long lastOld(long userId, long trimmed, long upTo, long olderThanMillis) {
        List<InboxEntry> messages = shards
                .at(
                        Slots.ofId(userId),
                        slotSession -> slotSession.read(session ->
                                InboxEntry.read(session.connection(), userId, trimmed, upTo, ENTRIES_PER_WRITE_MAX)))
                .stream()
                .filter(InboxEntry::isMessage)
                .toList();
        long lastOld = 0;
        int from = 0;
        int count = ASKED_FIRST;
        while (from < messages.size()) {
            List<InboxEntry> some = messages.subList(from, Math.min(messages.size(), from + count));
            Map<FanOutMarks.Entry, ShardedBodies.About> about =
                    bodies.readAbout(some.stream().map(InboxEntry::entry).toList());
            for (InboxEntry row : some) {
                if (about.get(row.entry()).sentAtMillis() >= olderThanMillis) {
                    return lastOld;
                }
                lastOld = row.seq();
            }
            from += count;
            count = ASKED_THEN;
        }
        return lastOld;
    }

    private int delete(long userId, long upTo) {
        return shards.at(
                Slots.ofId(userId),
                slotSession -> slotSession.write(transaction -> {
                    TrimMapper inboxes = transaction.mapper(TrimMapper.class);
                    inboxes.updateTrimmed(userId, upTo);
                    return inboxes.deleteEntries(userId, upTo);
                }));
    }
}
