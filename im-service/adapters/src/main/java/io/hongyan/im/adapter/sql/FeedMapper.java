package io.hongyan.im.adapter.sql;

import io.hongyan.im.core.feed.FeedEvent;
import org.apache.ibatis.annotations.Param;
import org.apache.ibatis.session.ResultHandler;

/** SQL of {@code SqlFeed}, {@link SqlEventLog} and {@link SqlFeedPartitions}. */
public interface FeedMapper {
    Ends findEnds();

    /** @param partitions one bit for each wanted one */
    void readMessages(
            @Param("after") long after,
            @Param("upTo") long upTo,
            @Param("partitions") long partitions,
            @Param("limit") int limit,
            ResultHandler<MessageItem> rows);

    void readEvents(
            @Param("after") long after,
            @Param("upTo") long upTo,
            @Param("partitions") long partitions,
            @Param("limit") int limit,
            ResultHandler<EventItem> rows);

    /** Null where there is none. */
    Long findMessageTime(long after);

    /** Null where there is none. */
    Long findEventTime(long after);

    void insertEvent(
            @Param("partition") int partition,
            @Param("kind") int kind,
            @Param("at") long at,
            @Param("payload") byte[] payload);

    /** Among so many of the oldest; null where there is none. */
    Long findLastOldEvent(@Param("olderThan") long olderThan, @Param("limit") int limit);

    /** Up to where every partition has been sent. */
    long findSentEvent();

    int deleteEvents(long upTo);

    /** Up to where every partition has been sent. */
    long findSentMessage();

    int claim(
            @Param("partition") int partition,
            @Param("holder") String holder,
            @Param("now") long now,
            @Param("leaseUntil") long leaseUntil);

    PartitionRow findPartition(int partition);

    int renew(@Param("partition") int partition, @Param("fence") long fence, @Param("leaseUntil") long leaseUntil);

    int moveTo(
            @Param("partition") int partition,
            @Param("fence") long fence,
            @Param("message") long message,
            @Param("event") long event);

    void release(@Param("partition") int partition, @Param("fence") long fence);

    /** Between what ids there is anything; 0 where there is nothing. Messages that are their own places begin at 1. */
    record Ends(long firstMessage, long lastMessage, long firstEvent, long lastEvent) {}

    /** A message at its place among all. */
    record MessageItem(long id, int partition, int conversationKind, String conversationName, MessageRow message) {
        public FeedEvent toEvent() {
            return FeedEvent.of(message.toMessage(Kinds.conversation(conversationKind, conversationName)));
        }
    }

    /** An event as stored. */
    record EventItem(long id, int partition, int kind, long atMillis, byte[] payload) {}

    /** How far a partition was sent. */
    record PartitionRow(int partition, long messageId, long eventId, long fence) {}
}
