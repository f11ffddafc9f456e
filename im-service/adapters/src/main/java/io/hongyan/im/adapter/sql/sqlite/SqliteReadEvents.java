package io.hongyan.im.adapter.sql.sqlite;

import io.hongyan.im.adapter.sql.InboxHead;
import io.hongyan.im.adapter.sql.MessageRows;
import io.hongyan.im.adapter.sql.Transaction;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.Conversation.Kind;
import io.hongyan.im.core.receipt.Marks.Mark;
import io.hongyan.im.core.send.Appended.InboxPosition;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Read events take their numbers from the heads in memory. Writer's thread only, within a transaction. */
final class SqliteReadEvents implements SqlMarks.ReadEvents {
    private final SqliteWriter writer;
    private final Heads heads;
    private final GroupHeads groups;

    SqliteReadEvents(SqliteWriter writer, Heads heads, GroupHeads groups) {
        this.writer = writer;
        this.heads = heads;
        this.groups = groups;
    }

    @Override
    public List<InboxPosition> append(Transaction transaction, List<Mark> marks) throws SQLException {
        List<InboxPosition> positions = new ArrayList<>(marks.size());
        for (Mark mark : marks) {
            InboxHead inbox = heads.inbox(mark.uid());
            positions.add(new InboxPosition(mark.uid(), heads.next(inbox)));
            writer.rows().insertInboxRow(inbox, MessageRows.KIND_READ, idOf(mark.conversation()), mark.readSeq());
        }
        return positions;
    }

    private long idOf(Conversation conversation) {
        return conversation.kind() == Kind.GROUP
                ? groups.find(conversation).id()
                : heads.conversation(conversation).id();
    }
}
