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
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** A mark's row is made with its conversation; here it only rises. */
final class SqlMarks implements Marks {
    private static final EntryReceipts NOBODY = new EntryReceipts(0, 0, 0, List.of());

    private final ReadExecutor readers;
    private final WriteExecutor writes;
    private final ReadEvents readEvents;

    SqlMarks(ReadExecutor readers, WriteExecutor writes, ReadEvents readEvents) {
        this.readers = readers;
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
            writes.write(transaction -> {
                MarkMapper rows = transaction.batching(MarkMapper.class);
                marks.forEach(mark -> raise(rows, mark));
                return null;
            });
        }
        return PartialResult.complete();
    }

    @Override
    public Mark find(String uid, Conversation conversation) {
        MarkRow row = readers.readOne(reader ->
                reader.mapper(MarkMapper.class).find(uid, conversation.kind().number(), conversation.id()));
        return row == null ? new Mark(uid, conversation, 0, 0, 0) : row.toMark(uid, conversation);
    }

    @Override
    public EntryReceipts receiptsOf(Conversation conversation, long seq, String sender, int limit) {
        if (conversation.kind() != Kind.DIRECT && conversation.kind() != Kind.GROUP) {
            return NOBODY;
        }
        return readers.read(reader -> {
            MarkMapper marks = reader.mapper(MarkMapper.class);
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
                    MarkMapper rows = transaction.mapper(MarkMapper.class);
                    List<Mark> known = new ArrayList<>(marks.size());
                    for (Mark mark : marks) {
                        if (raise(rows, mark) > 0) {
                            known.add(mark);
                        }
                    }
                    return new Marks.ReadEvents(readEvents.append(transaction, known));
                });
    }

    /** How many such marks there are: 1 or 0. */
    private static int raise(MarkMapper rows, Mark mark) {
        Conversation conversation = mark.conversation();
        return rows.raise(
                mark.uid(),
                conversation.kind().number(),
                conversation.id(),
                mark.deliveredSeq(),
                mark.readSeq(),
                mark.readOrdinal());
    }
}
