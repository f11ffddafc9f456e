package io.hongyan.im.adapter.sql.sqlite;

import io.hongyan.im.adapter.sql.BoundedPage;
import io.hongyan.im.adapter.sql.EventBodies;
import io.hongyan.im.adapter.sql.FeedMapper;
import io.hongyan.im.adapter.sql.FeedMapper.Ends;
import io.hongyan.im.adapter.sql.FeedMapper.EventItem;
import io.hongyan.im.adapter.sql.FeedMapper.MessageItem;
import io.hongyan.im.adapter.sql.ReadExecutor;
import io.hongyan.im.core.feed.EventDraft;
import io.hongyan.im.core.feed.Feed;
import io.hongyan.im.core.feed.FeedEvent;
import io.hongyan.im.core.feed.FeedPosition;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The log itself, read in the order of its commits, and the events beside it. Rows of one writer: below a number that is
 * there, none will appear.
 */
final class SqlFeed implements Feed {
    /** Rows looked at for one page, of whatever partition. */
    private static final int ROWS_PER_PAGE_MAX = 50_000;

    private final ReadExecutor reads;
    private final EventBodies bodies;

    SqlFeed(ReadExecutor reads, EventBodies bodies) {
        this.reads = reads;
        this.bodies = bodies;
    }

    @Override
    public FeedPage read(FeedPosition after, FeedPosition upTo, BitSet partitions, int eventsMax, long bytesMax) {
        return reads.read(connection ->
                read(connection.mapper(FeedMapper.class), after, upTo, mask(partitions), eventsMax, bytesMax));
    }

    private FeedPage read(
            FeedMapper mapper, FeedPosition after, FeedPosition upTo, long partitions, int eventsMax, long bytesMax) {
        Ends ends = mapper.findEnds();
        long lastMessage = lastLookedAt(after.message(), upTo.message(), ends.lastMessage());
        long lastEvent = lastLookedAt(after.event(), upTo.event(), ends.lastEvent());
        // Half a page at most goes to events while there are messages, and the other way round.
        int eventsShare = (int) Math.min(lastEvent - after.event(), eventsMax / 2);
        long bytesShare = eventsShare == 0 ? 0 : bytesMax / 2;
        List<Item> items = new ArrayList<>();

        BoundedPage<MessageItem> messages =
                new BoundedPage<>(row -> row.message().bytes(), bytes(bytesMax - bytesShare), true);
        int messagesLimit = eventsMax - eventsShare;
        mapper.readMessages(after.message(), lastMessage, partitions, messagesLimit, messages);
        for (MessageItem row : messages.rows()) {
            items.add(new Item(row.partition(), new FeedPosition(row.id(), after.event()), row.toEvent()));
        }
        long nextMessage = messages.isFull(messagesLimit) ? messages.last().id() : lastMessage;

        BoundedPage<EventItem> events =
                new BoundedPage<>(row -> row.payload().length, bytes(bytesMax - messages.bytes()), items.isEmpty());
        int eventsLimit = eventsMax - items.size();
        mapper.readEvents(after.event(), lastEvent, partitions, eventsLimit, events);
        for (EventItem row : events.rows()) {
            items.add(new Item(row.partition(), new FeedPosition(nextMessage, row.id()), toEvent(row)));
        }
        long nextEvent = !events.isFull(eventsLimit)
                ? lastEvent
                : events.rows().isEmpty() ? after.event() : events.last().id();

        boolean trimmed = after.event() + 1 < ends.firstEvent() || after.message() + 1 < ends.firstMessage();
        return new FeedPage(List.copyOf(items), new FeedPosition(nextMessage, nextEvent), trimmed);
    }

    /** The last row that is looked at. */
    private static long lastLookedAt(long after, long upTo, long last) {
        return Math.max(after, Math.min(Math.min(upTo, last), after + ROWS_PER_PAGE_MAX));
    }

    private static int bytes(long count) {
        return (int) Math.min(count, Integer.MAX_VALUE);
    }

    private static long mask(BitSet partitions) {
        long[] words = partitions.toLongArray();
        return words.length == 0 ? 0 : words[0];
    }

    private FeedEvent toEvent(EventItem row) {
        return FeedEvent.of(row.id(), new EventDraft(row.atMillis(), bodies.read(row.kind(), row.payload())));
    }

    @Override
    public Lag lag(FeedPosition after) {
        return reads.read(connection -> {
            FeedMapper mapper = connection.mapper(FeedMapper.class);
            Ends ends = mapper.findEnds();
            long messages = Math.max(0, ends.lastMessage() - Math.max(after.message(), ends.firstMessage() - 1));
            long events = Math.max(0, ends.lastEvent() - Math.max(after.event(), ends.firstEvent() - 1));
            Long messageTime = messages == 0 ? null : mapper.findMessageTime(after.message());
            Long eventTime = events == 0 ? null : mapper.findEventTime(after.event());
            return new Lag(messages + events, oldest(messageTime, eventTime));
        });
    }

    private static long oldest(Long one, Long other) {
        if (one == null || other == null) {
            return one != null ? one : other != null ? other : 0;
        }
        return Math.min(one, other);
    }
}
