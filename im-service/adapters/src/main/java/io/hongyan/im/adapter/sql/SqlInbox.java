package io.hongyan.im.adapter.sql;

import io.hongyan.im.adapter.sql.LoginRows.Range;
import io.hongyan.im.core.inbox.Inbox;
import io.hongyan.im.core.inbox.InboxPage;
import java.util.List;
import java.util.Map;

/** Reads inboxes beside the writer. */
public final class SqlInbox implements Inbox {
    private final ReadExecutor reads;

    public SqlInbox(ReadExecutor reads) {
        this.reads = reads;
    }

    @Override
    public InboxPage read(String uid, long afterSeq, int entriesMax, int bytesMax) {
        return reads.read(connection -> {
            Range range = connection.loginRows().range(uid);
            if (range == null) {
                return new InboxPage(List.of(), 0, 1);
            }
            BoundedPage<EntryRow> page = new BoundedPage<>(EntryRow::bytes, bytesMax);
            if (afterSeq < range.head()) {
                connection.entryRows().read(range.userId(), afterSeq, entriesMax, page);
            }
            return new InboxPage(
                    page.rows().stream().map(EntryRow::toEntry).toList(), range.head(), range.trimmed() + 1);
        });
    }

    @Override
    public long head(String uid) {
        return reads.readOne(connection -> {
            Range range = connection.loginRows().range(uid);
            return range == null ? 0L : range.head();
        });
    }

    @Override
    public List<Long> heads(List<String> uids) {
        return reads.read(connection -> {
            Map<String, Long> heads = connection.loginRows().heads(uids);
            return uids.stream().map(uid -> heads.getOrDefault(uid, 0L)).toList();
        });
    }
}
