package io.hongyan.im.adapter.sql;

import io.hongyan.im.adapter.sql.LoginRows.Range;
import io.hongyan.im.core.inbox.Inbox;
import io.hongyan.im.core.inbox.InboxPage;
import java.util.List;
import java.util.Map;

/** Reads inboxes beside the writer. */
public final class SqlInbox implements Inbox {
    private final ReadExecutor readers;

    public SqlInbox(ReadExecutor readers) {
        this.readers = readers;
    }

    @Override
    public InboxPage read(String uid, long afterSeq, int entriesMax, int bytesMax) {
        return readers.read(reader -> {
            Range range = reader.loginRows().range(uid);
            if (range == null) {
                return new InboxPage(List.of(), 0, 1);
            }
            BoundedPage<EntryRow> page = new BoundedPage<>(EntryRow::bytes, bytesMax);
            if (afterSeq < range.head()) {
                reader.entryRows().read(range.userId(), afterSeq, entriesMax, page);
            }
            return new InboxPage(
                    page.rows().stream().map(EntryRow::toEntry).toList(), range.head(), range.trimmed() + 1);
        });
    }

    @Override
    public long head(String uid) {
        return readers.readOne(reader -> {
            Range range = reader.loginRows().range(uid);
            return range == null ? 0L : range.head();
        });
    }

    @Override
    public List<Long> heads(List<String> uids) {
        return readers.read(reader -> {
            Map<String, Long> heads = reader.loginRows().heads(uids);
            return uids.stream().map(uid -> heads.getOrDefault(uid, 0L)).toList();
        });
    }
}
