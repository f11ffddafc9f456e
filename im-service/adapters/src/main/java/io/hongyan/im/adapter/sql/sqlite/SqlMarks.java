package io.hongyan.im.adapter.sql.sqlite;

import io.hongyan.im.adapter.sql.MarkMapper;
import io.hongyan.im.adapter.sql.MarkMapper.MarkRow;
import io.hongyan.im.adapter.sql.MarkMapper.ReceiptCounts;
import io.hongyan.im.adapter.sql.ReadExecutor;
import io.hongyan.im.adapter.sql.Transaction;
import io.hongyan.im.adapter.sql.WriteExecutor;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.Conversation.Kind;
import io.hongyan.im.core.message.PartialResult;
import io.hongyan.im.core.receipt.Marks;
import io.hongyan.im.core.send.Appended.InboxPosition;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** A mark's row is made with its conversation; here it only rises. */
final class SqlMarks implements Marks {
    private static final EntryReceipts NOBODY = new EntryReceipts(0, 0, 0, List.of());

    private static final String RAISE = """
            UPDATE im_mark
               SET delivered_seq = MAX(delivered_seq, ?1),
                   read_ordinal = CASE WHEN read_seq < ?2 THEN ?3 ELSE read_ordinal END,
                   read_seq = MAX(read_seq, ?2)
             WHERE user_id = (SELECT id FROM im_user WHERE uid = ?4)
               AND conversation_id = (SELECT id FROM im_conversation WHERE kind = ?5 AND name = ?6)""";

    private final ReadExecutor reads;
    private final WriteExecutor writes;
    private final ReadEvents readEvents;

    SqlMarks(ReadExecutor reads, WriteExecutor writes, ReadEvents readEvents) {
        this.reads = reads;
        this.writes = writes;
        this.readEvents = readEvents;
    }

    /** Puts read events into inboxes: engines number inboxes in ways of their own. */
    @FunctionalInterface
    interface ReadEvents {
        /** @param marks of users and conversations that exist */
        List<InboxPosition> append(Transaction transaction, List<Mark> marks) throws SQLException;
    }

    @Override
    public PartialResult<Mark> raise(Collection<Mark> marks) {
        if (!marks.isEmpty()) {
            writes.write(transaction -> raise(transaction, marks));
        }
        return PartialResult.complete();
    }

    @Override
    public Mark find(String uid, Conversation conversation) {
        MarkRow row = reads.readOne(connection -> connection
                .mapper(MarkMapper.class)
                .find(uid, conversation.kind().number(), conversation.id()));
        return row == null ? new Mark(uid, conversation, 0, 0, 0) : row.toMark(uid, conversation);
    }

    @Override
    public EntryReceipts receiptsOf(Conversation conversation, long seq, String sender, int limit) {
        if (conversation.kind() != Kind.DIRECT && conversation.kind() != Kind.GROUP) {
            return NOBODY;
        }
        return reads.read(connection -> {
            MarkMapper marks = connection.mapper(MarkMapper.class);
            Long entryOf = marks.findConversation(conversation.kind().number(), conversation.id(), seq);
            if (entryOf == null) {
                return NOBODY;
            }
            boolean group = conversation.kind() == Kind.GROUP;
            ReceiptCounts counts = marks.countReceipts(group, entryOf, seq, sender);
            return new EntryReceipts(
                    counts.recipients(),
                    counts.delivered(),
                    counts.read(),
                    marks.listReaders(group, entryOf, seq, sender, limit));
        });
    }

    @Override
    public Marks.ReadEvents appendReadEvents(Collection<Mark> marks) {
        return marks.isEmpty()
                ? new Marks.ReadEvents(List.of())
                : writes.write(transaction -> {
                    return new Marks.ReadEvents(readEvents.append(transaction, raise(transaction, marks)));
                });
    }

    /** @return those that there were to raise */
    private static List<Mark> raise(Transaction transaction, Collection<Mark> marks) throws SQLException {
        List<Mark> raised = new ArrayList<>(marks.size());
        try (PreparedStatement update = transaction.connection().prepareStatement(RAISE)) {
            for (Mark mark : marks) {
                update.setLong(1, mark.deliveredSeq());
                update.setLong(2, mark.readSeq());
                update.setLong(3, mark.readOrdinal());
                update.setString(4, mark.uid());
                update.setInt(5, mark.conversation().kind().number());
                update.setString(6, mark.conversation().id());
                if (update.executeUpdate() > 0) {
                    raised.add(mark);
                }
            }
        }
        return raised;
    }
}
