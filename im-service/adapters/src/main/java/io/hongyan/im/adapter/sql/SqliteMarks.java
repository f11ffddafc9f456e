package io.hongyan.im.adapter.sql;

import io.hongyan.im.adapter.sql.MarkMapper.MarkRow;
import io.hongyan.im.adapter.sql.MarkMapper.ReceiptCounts;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.Conversation.Kind;
import io.hongyan.im.core.send.Appended.InboxPosition;
import io.hongyan.im.core.sync.Marks;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** A mark's row is made with its conversation; here it only rises. */
final class SqliteMarks implements Marks {
    private static final EntryReceipts NOBODY = new EntryReceipts(0, 0, 0, List.of());

    private final Readers readers;
    private final GroupCommit writes;
    private final SqliteWriter writer;
    private final Heads heads;
    private final GroupHeads groups;

    SqliteMarks(Readers readers, GroupCommit writes, SqliteWriter writer, Heads heads, GroupHeads groups) {
        this.readers = readers;
        this.writes = writes;
        this.writer = writer;
        this.heads = heads;
        this.groups = groups;
    }

    @Override
    public void raise(Collection<Mark> marks) {
        if (marks.isEmpty()) {
            return;
        }
        writes.write(() -> {
            marks.forEach(this::raise);
            return null;
        });
    }

    @Override
    public Mark find(String uid, Conversation conversation) {
        MarkRow row = readers.read(reader ->
                reader.mapper(MarkMapper.class).find(uid, conversation.kind().number(), conversation.id()));
        return row == null
                ? new Mark(uid, conversation, 0, 0)
                : new Mark(uid, conversation, row.delivered(), row.read());
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
    public List<InboxPosition> appendReadEvents(Collection<Mark> marks) {
        return marks.isEmpty() ? List.of() : writes.write(() -> appendAll(marks));
    }

    private List<InboxPosition> appendAll(Collection<Mark> marks) throws SQLException {
        List<InboxPosition> positions = new ArrayList<>(marks.size());
        for (Mark mark : marks) {
            if (raise(mark)) {
                InboxHead inbox = heads.inbox(mark.uid());
                positions.add(new InboxPosition(mark.uid(), heads.next(inbox)));
                writer.rows().insertInboxRow(inbox, MessageRows.KIND_READ, idOf(mark.conversation()), mark.readSeq());
            }
        }
        return positions;
    }

    /** Of a conversation that exists. */
    private long idOf(Conversation conversation) {
        return conversation.kind() == Kind.GROUP
                ? groups.find(conversation).id()
                : heads.conversation(conversation).id();
    }

    /** False where there is no such mark. */
    private boolean raise(Mark mark) {
        Conversation conversation = mark.conversation();
        return writing()
                        .raise(
                                mark.uid(),
                                conversation.kind().number(),
                                conversation.id(),
                                mark.deliveredSeq(),
                                mark.readSeq())
                > 0;
    }

    /** Within a write. */
    private MarkMapper writing() {
        return writer.mapper(MarkMapper.class);
    }
}
