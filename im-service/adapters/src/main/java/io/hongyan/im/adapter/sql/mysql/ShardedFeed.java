package io.hongyan.im.adapter.sql.mysql;

import io.hongyan.im.adapter.sql.BoundedPage;
import io.hongyan.im.adapter.sql.EventBodies;
import io.hongyan.im.adapter.sql.FeedMapper;
import io.hongyan.im.adapter.sql.FeedMapper.EventItem;
import io.hongyan.im.adapter.sql.ReadConnection;
import io.hongyan.im.adapter.sql.Work;
import io.hongyan.im.core.feed.EventDraft;
import io.hongyan.im.core.feed.Feed;
import io.hongyan.im.core.feed.FeedEvent;
import io.hongyan.im.core.feed.FeedPosition;
import io.hongyan.im.core.message.StoredMessage;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;

/** The order of the feed, and events, are at home; messages where their conversations are. */
final class ShardedFeed implements Feed {
    /** Rows looked at for one page, of whatever partition. */
    private static final int ROWS_PER_PAGE_MAX = 50_000;

    /** Messages fetched before their bytes are counted. */
    private static final int FETCHED_AT_ONCE_MAX = 64;

    private final Shard home;
    private final ShardedBodies bodies;
    private final EventBodies eventBodies;
    private final Runnable sequencer;

    ShardedFeed(Shard home, ShardedBodies bodies, EventBodies eventBodies, Runnable sequencer) {
        this.home = home;
        this.bodies = bodies;
        this.eventBodies = eventBodies;
        this.sequencer = sequencer;
    }

    private record Ends(long firstMessage, long lastMessage, long firstEvent, long lastEvent) {}

    private record Place(long number, FanOutMarks.Entry entry) {
        int partition() {
            return (int) (entry.conversationId() & 15);
        }
    }

    @Override
    public FeedPage read(FeedPosition after, FeedPosition upTo, BitSet partitions, int eventsMax, long bytesMax) {
        sequencer.run();
        long mask = mask(partitions);
        Found found = atHome(connection -> find(connection, after, upTo, mask, eventsMax));
        List<Item> items = new ArrayList<>();
        long bytesShare = found.eventsShare == 0 ? 0 : bytesMax / 2;
        long bytes = readMessages(found.places, after.event(), bytesMax - bytesShare, items);
        return home.whole().read(session -> addEvents(session, found, after, mask, eventsMax, bytesMax - bytes, items));
    }

    /** What a page begins with. No connection to home is kept while messages are fetched, or some could wait for each other. */
    private record Found(
            Ends ends, long lastMessage, long lastEvent, int eventsShare, boolean isFull, List<Place> places) {}

    private <T> T atHome(Work<Connection, T> work) {
        return Shards.readWhole(home, work);
    }

    private static Found find(
            Connection connection, FeedPosition after, FeedPosition upTo, long partitions, int eventsMax)
            throws SQLException {
        Ends ends = ends(connection);
        long lastMessage = lastLookedAt(after.message(), upTo.message(), ends.lastMessage);
        long lastEvent = lastLookedAt(after.event(), upTo.event(), ends.lastEvent);
        // Half a page at most goes to events while there are messages, and the other way round.
        int eventsShare = (int) Math.min(lastEvent - after.event(), eventsMax / 2);
        int limit = eventsMax - eventsShare;
        List<Place> places = places(connection, after.message(), lastMessage, partitions, limit);
        return new Found(ends, lastMessage, lastEvent, eventsShare, places.size() == limit, places);
    }

    private FeedPage addEvents(
            ReadConnection session,
            Found found,
            FeedPosition after,
            long partitions,
            int eventsMax,
            long bytesMax,
            List<Item> items)
            throws SQLException {
        boolean messagesFull = items.size() < found.places.size() || found.isFull;
        long nextMessage = !messagesFull
                ? found.lastMessage
                : items.isEmpty()
                        ? after.message()
                        : items.get(items.size() - 1).position().message();

        int eventsLimit = eventsMax - items.size();
        BoundedPage<EventItem> events = new BoundedPage<>(
                row -> row.payload().length, (int) Math.min(bytesMax, Integer.MAX_VALUE), items.isEmpty());
        session.mapper(FeedMapper.class).readEvents(after.event(), found.lastEvent, partitions, eventsLimit, events);
        for (EventItem row : events.rows()) {
            FeedEvent event =
                    FeedEvent.of(row.id(), new EventDraft(row.atMillis(), eventBodies.read(row.kind(), row.payload())));
            items.add(new Item(row.partition(), new FeedPosition(nextMessage, row.id()), event));
        }
        long nextEvent = !events.isFull(eventsLimit)
                ? found.lastEvent
                : events.rows().isEmpty() ? after.event() : events.last().id();
        // Events may have been trimmed since messages were looked for.
        long firstEvent = ends(session.connection()).firstEvent;
        boolean trimmed = after.event() + 1 < firstEvent || after.message() + 1 < found.ends.firstMessage;
        return new FeedPage(List.copyOf(items), new FeedPosition(nextMessage, nextEvent), trimmed);
    }

    /** @return the bytes of the messages that were added */
    private long readMessages(List<Place> places, long eventPosition, long bytesMax, List<Item> items) {
        long bytes = 0;
        for (List<Place> some : NumberRows.parts(places, FETCHED_AT_ONCE_MAX)) {
            Map<FanOutMarks.Entry, StoredMessage> messages =
                    bodies.read(some.stream().map(Place::entry).toList());
            for (Place place : some) {
                StoredMessage message = messages.get(place.entry);
                int size = message.bytes();
                if (bytes + size > bytesMax && !items.isEmpty()) {
                    return bytes;
                }
                bytes += size;
                FeedPosition position = new FeedPosition(place.number, eventPosition);
                items.add(new Item(place.partition(), position, FeedEvent.of(message)));
            }
        }
        return bytes;
    }

    private static long lastLookedAt(long after, long upTo, long last) {
        return Math.max(after, Math.min(Math.min(upTo, last), after + ROWS_PER_PAGE_MAX));
    }

    private static long mask(BitSet partitions) {
        long[] words = partitions.toLongArray();
        return words.length == 0 ? 0 : words[0];
    }

    private static Ends ends(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        SELECT COALESCE((SELECT MIN(feed_seq) FROM im_shard_feed), 0),
                               COALESCE((SELECT MAX(feed_seq) FROM im_shard_feed), 0),
                               COALESCE((SELECT MIN(feed_seq) FROM im_event), 0),
                               COALESCE((SELECT MAX(feed_seq) FROM im_event), 0)""")) {
            row.next();
            return new Ends(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4));
        }
    }

    private static List<Place> places(Connection connection, long after, long upTo, long partitions, int limit)
            throws SQLException {
        String sql = "SELECT feed_seq, conversation_id, seq FROM im_shard_feed WHERE feed_seq > " + after
                + " AND feed_seq <= " + upTo + " AND ((" + partitions + " >> (conversation_id & 15)) & 1) = 1"
                + " ORDER BY feed_seq LIMIT " + limit;
        List<Place> places = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                places.add(new Place(row.getLong(1), new FanOutMarks.Entry(row.getLong(2), row.getLong(3))));
            }
        }
        return places;
    }

    @Override
    public Lag lag(FeedPosition after) {
        sequencer.run();
        Waiting waiting = home.whole().read(session -> {
            Connection connection = session.connection();
            Ends ends = ends(connection);
            long messages = Math.max(0, ends.lastMessage - Math.max(after.message(), ends.firstMessage - 1));
            long events = Math.max(0, ends.lastEvent - Math.max(after.event(), ends.firstEvent - 1));
            Long eventTime =
                    events == 0 ? null : session.mapper(FeedMapper.class).findEventTime(after.event());
            List<Place> first =
                    messages == 0 ? List.of() : places(connection, after.message(), ends.lastMessage, -1, 1);
            return new Waiting(messages + events, eventTime == null ? Long.MAX_VALUE : eventTime, first);
        });
        long oldest = about(waiting.first).values().stream()
                .mapToLong(ShardedBodies.About::sentAtMillis)
                .reduce(waiting.eventMillis, Math::min);
        return new Lag(waiting.count, oldest == Long.MAX_VALUE ? 0 : oldest);
    }

    /** What is not sent: how many, the time of the oldest event, and the first message. */
    private record Waiting(long count, long eventMillis, List<Place> first) {}

    private Map<FanOutMarks.Entry, ShardedBodies.About> about(List<Place> places) {
        return bodies.readAbout(places.stream().map(Place::entry).toList());
    }

    /**
     * The last of the first places whose message is older; never the newest place of all, which shows where the feed is.
     *
     * @param limit places looked at
     */
    long lastOldMessage(long olderThanMillis, int limit) {
        sequencer.run();
        List<Place> places = atHome(connection -> places(connection, 0, ends(connection).lastMessage - 1, -1, limit));
        Map<FanOutMarks.Entry, ShardedBodies.About> about = about(places);
        return places.stream()
                .filter(place -> about.get(place.entry).sentAtMillis() < olderThanMillis)
                .mapToLong(Place::number)
                .max()
                .orElse(0);
    }
}
