package io.hongyan.im.adapter.sql.sqlite;

import io.hongyan.im.adapter.sql.InboxHead;
import io.hongyan.im.adapter.sql.MessageRows;
import io.hongyan.im.adapter.sql.Transaction;
import io.hongyan.im.core.receipt.Marks.Mark;
import io.hongyan.im.core.send.Appended.InboxPosition;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Read events take their numbers from the heads in memory. Writer's thread only, within a transaction. */
final class SqliteReadEvents implements SqlMarks.ReadEvents {
    private final SqliteWriter writer;
    private final Heads heads;

    SqliteReadEvents(SqliteWriter writer, Heads heads) {
        this.writer = writer;
        this.heads = heads;
    }

    @Override
    public List<InboxPosition> append(Transaction transaction, List<Mark> marks) throws SQLException {
        List<InboxPosition> positions = new ArrayList<>(marks.size());
        for (Mark mark : marks) {
            long id = heads.conversation(mark.conversation()).id();
            InboxHead inbox = heads.inbox(mark.uid());
            positions.add(new InboxPosition(mark.uid(), heads.next(inbox)));
            writer.rows().insertInboxRow(inbox, MessageRows.KIND_READ, id, mark.readSeq());
        }
        return positions;
    }
}
