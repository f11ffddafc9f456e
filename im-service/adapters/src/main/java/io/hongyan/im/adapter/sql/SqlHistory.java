package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.send.History;
import java.util.Collections;
import java.util.List;

/** Reads the log beside the writer. */
public final class SqlHistory implements History {
    private final ReadExecutor reads;

    public SqlHistory(ReadExecutor reads) {
        this.reads = reads;
    }

    @Override
    public List<StoredMessage> read(
            Conversation conversation, long aboveSeq, long belowSeq, boolean newest, int messagesMax, int bytesMax) {
        BoundedPage<MessageRow> page = new BoundedPage<>(MessageRow::bytes, bytesMax);
        reads.read(connection -> {
            connection
                    .mapper(HistoryMapper.class)
                    .readMessages(
                            conversation.kind().number(),
                            conversation.id(),
                            aboveSeq,
                            belowSeq,
                            newest,
                            messagesMax,
                            page);
            return page;
        });
        if (newest) {
            Collections.reverse(page.rows());
        }
        return page.rows().stream().map(row -> row.toMessage(conversation)).toList();
    }

    @Override
    public long head(Conversation conversation) {
        return reads.read(connection -> {
            Long head = connection
                    .mapper(HistoryMapper.class)
                    .findHead(conversation.kind().number(), conversation.id());
            return head == null ? 0L : head;
        });
    }

    @Override
    public Position position(Conversation conversation, long seq) {
        Position found = reads.readOne(connection -> connection
                .mapper(HistoryMapper.class)
                .findPosition(conversation.kind().number(), conversation.id(), seq));
        return found == null ? Position.NONE : found;
    }
}
