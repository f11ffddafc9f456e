package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.receipt.Marks.Mark;
import java.util.List;
import org.apache.ibatis.annotations.Param;

/** SQL of {@code SqlMarks}. */
public interface MarkMapper {
    /** Null where there is no such mark. */
    MarkRow find(@Param("uid") String uid, @Param("kind") int kind, @Param("name") String name);

    /** The row of the conversation, null where it has no such entry. */
    Long findConversation(@Param("kind") int kind, @Param("name") String name, @Param("seq") long seq);

    ReceiptCounts countReceipts(
            @Param("group") boolean group,
            @Param("conversationId") long conversationId,
            @Param("seq") long seq,
            @Param("sender") String sender);

    /** By rising uid. */
    List<String> listReaders(
            @Param("group") boolean group,
            @Param("conversationId") long conversationId,
            @Param("seq") long seq,
            @Param("sender") String sender,
            @Param("limit") int limit);

    /** How many an entry was for, has reached, and has been read by, without its sender. */
    record ReceiptCounts(int recipients, int delivered, int read) {}

    /** A mark as stored. */
    record MarkRow(long delivered, long read, long readOrdinal) {
        public Mark toMark(String uid, Conversation conversation) {
            return new Mark(uid, conversation, delivered, read, readOrdinal);
        }
    }
}
