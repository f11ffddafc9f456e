package io.hongyan.im.adapter.sql.mysql;

import io.hongyan.im.adapter.sql.SqlInbox;
import io.hongyan.im.core.inbox.Entry;
import io.hongyan.im.core.inbox.Event;
import io.hongyan.im.core.inbox.Inbox;
import io.hongyan.im.core.inbox.InboxPage;
import io.hongyan.im.core.message.StoredMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads an inbox where its user is, and what its entries point to where their conversations are. */
final class ShardedInbox implements Inbox {
    /** Messages fetched before their bytes are counted. */
    private static final int FETCHED_AT_ONCE_MAX = 64;

    private final Shards shards;
    private final ShardedBodies bodies;

    ShardedInbox(Shards shards, ShardedBodies bodies) {
        this.shards = shards;
        this.bodies = bodies;
    }

    @Override
    public InboxPage read(String uid, long afterSeq, int entriesMax, int bytesMax) {
        InboxEntry.Rows rows = shards.at(
                Slots.ofUser(uid),
                slotSession -> slotSession.readOne(
                        session -> InboxEntry.page(session.connection(), uid, afterSeq, entriesMax)));
        List<Entry> entries = withMessages(rows.entries(), bytesMax);
        return new InboxPage(entries, rows.head(), rows.trimmed() + 1);
    }

    /** As far as the databases go that answer; what does not answer and comes first is trouble. */
    private List<Entry> withMessages(List<InboxEntry> rows, int bytesMax) {
        List<Entry> entries = new ArrayList<>(rows.size());
        long bytes = 0;
        for (List<InboxEntry> some : NumberRows.parts(rows, FETCHED_AT_ONCE_MAX)) {
            ShardedBodies.Found<StoredMessage> messages =
                    bodies.possible(some.stream().map(InboxEntry::entry).toList());
            for (InboxEntry row : some) {
                if (messages.left().has(row.entry())) {
                    if (entries.isEmpty()) {
                        throw messages.left().why();
                    }
                    return entries;
                }
                StoredMessage message = messages.messages().get(row.entry());
                bytes += row.isMessage() ? message.bytes() : 0;
                if (bytes > bytesMax && !entries.isEmpty()) {
                    return entries;
                }
                entries.add(row.isMessage() ? new Entry.OfMessage(row.seq(), message) : readUpTo(row.seq(), message));
            }
        }
        return entries;
    }

    private static Entry readUpTo(long seq, StoredMessage message) {
        return new Entry.OfEvent(seq, new Event.ReadUpTo(message.conversation(), message.seq(), message.ordinal()));
    }

    @Override
    public long head(String uid) {
        return shards.at(Slots.ofUser(uid), slotSession -> new SqlInbox(slotSession).head(uid));
    }

    @Override
    public List<Long> heads(List<String> uids) {
        Map<String, Long> found = new HashMap<>();
        RuntimeException trouble = shards.eachPossible(uids, Slots::ofUser, (slotSession, some) -> {
            List<Long> heads = new SqlInbox(slotSession).heads(some);
            for (int i = 0; i < some.size(); i++) {
                found.put(some.get(i), heads.get(i));
            }
        });
        if (trouble != null && found.isEmpty()) {
            throw trouble;
        }
        return uids.stream().map(uid -> found.getOrDefault(uid, UNKNOWN)).toList();
    }
}
