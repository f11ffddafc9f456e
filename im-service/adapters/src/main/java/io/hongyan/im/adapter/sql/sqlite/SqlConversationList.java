package io.hongyan.im.adapter.sql.sqlite;

import io.hongyan.im.adapter.sql.BoundedPage;
import io.hongyan.im.adapter.sql.ConversationMapper;
import io.hongyan.im.adapter.sql.ConversationMapper.ItemRow;
import io.hongyan.im.adapter.sql.Kinds;
import io.hongyan.im.adapter.sql.LoginRows.Range;
import io.hongyan.im.adapter.sql.ReadExecutor;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.receipt.Marks.Mark;
import io.hongyan.im.core.sync.ConversationList;
import java.util.List;

/**
 * Lists a user's conversations in the order in which they were begun; a page is named by its last row. What has changed
 * is found by inbox entries; large groups have none and are always listed.
 */
final class SqlConversationList implements ConversationList {
    /** So many inbox entries are looked through for what changed; where there are more, everything is listed. */
    private static final long CHANGED_ENTRIES_MAX = 10_000;

    private final ReadExecutor reads;

    SqlConversationList(ReadExecutor reads) {
        this.reads = reads;
    }

    @Override
    public Page list(String uid, long afterInboxSeq, String page, int limit, int bytesMax) {
        long afterRow = page == null ? 0 : Long.parseLong(page);
        return reads.read(connection -> {
            Range inbox = connection.loginRows().range(uid);
            if (inbox == null) {
                return new Page(List.of(), 0, null);
            }
            ConversationMapper mapper = connection.mapper(ConversationMapper.class);
            // One more than asked tells whether there is a next page.
            List<Long> found = find(mapper, inbox, afterInboxSeq, afterRow, limit + 1);
            BoundedPage<Item> items = new BoundedPage<>(item -> item.last().bytes(), bytesMax);
            long last = afterRow;
            for (long conversationId : found.subList(0, Math.min(limit, found.size()))) {
                ItemRow row = mapper.find(uid, inbox.userId(), conversationId);
                if (row != null && !items.take(toItem(uid, row))) {
                    return new Page(items.rows(), inbox.head(), Long.toString(last));
                }
                last = conversationId;
            }
            return new Page(items.rows(), inbox.head(), found.size() > limit ? Long.toString(last) : null);
        });
    }

    @Override
    public Some only(String uid, List<Conversation> asked, int bytesMax) {
        return reads.read(connection -> {
            Range inbox = connection.loginRows().range(uid);
            ConversationMapper mapper = connection.mapper(ConversationMapper.class);
            BoundedPage<Item> items = new BoundedPage<>(item -> item.last().bytes(), bytesMax);
            for (int i = 0; inbox != null && i < asked.size(); i++) {
                Long id =
                        mapper.findId(asked.get(i).kind().number(), asked.get(i).id());
                ItemRow row = id == null ? null : mapper.find(uid, inbox.userId(), id);
                if (row != null && !items.take(toItem(uid, row))) {
                    return new Some(items.rows(), i);
                }
            }
            return new Some(items.rows(), asked.size());
        });
    }

    private static List<Long> find(ConversationMapper mapper, Range inbox, long after, long afterRow, int limit) {
        boolean all = after < inbox.trimmed() || inbox.head() - after > CHANGED_ENTRIES_MAX || after <= 0;
        return all
                ? mapper.listAll(inbox.userId(), afterRow, limit)
                : mapper.listChanged(inbox.userId(), after, afterRow, limit);
    }

    private static Item toItem(String uid, ItemRow row) {
        Conversation conversation = Kinds.conversation(row.kind(), row.name());
        Mark mine = row.mine().toMark(uid, conversation);
        Mark peer = row.peer() == null ? null : row.peerMark().toMark(row.peer(), conversation);
        StoredMessage last = row.last().toMessage(conversation);
        return new Item(conversation, last.seq(), last, mine, peer, row.joinedOrdinal());
    }
}
