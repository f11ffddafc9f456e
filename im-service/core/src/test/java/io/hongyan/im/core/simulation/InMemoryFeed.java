package io.hongyan.im.core.simulation;

import io.hongyan.im.core.feed.EventDraft;
import io.hongyan.im.core.feed.EventLog;
import io.hongyan.im.core.feed.Feed;
import io.hongyan.im.core.feed.FeedEvent;
import io.hongyan.im.core.feed.FeedPartitions;
import io.hongyan.im.core.feed.FeedPosition;
import io.hongyan.im.core.feed.FeedStorage;
import io.hongyan.im.core.feed.Partitions;
import io.hongyan.im.core.message.MessageId;
import io.hongyan.im.core.message.StoredMessage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/** The feed over plain collections; to "crash" is to go on with the same object. The object is the lock. */
public final class InMemoryFeed implements EventLog, Feed, FeedPartitions {
    private static final int TRIMMED_AT_ONCE = 1_000;

    private final List<StoredMessage> messages = new ArrayList<>();
    private final Map<MessageId, Integer> places = new HashMap<>();
    private final List<EventDraft> events = new ArrayList<>();
    private final Holding[] holdings = new Holding[Partitions.COUNT];
    private long trimmed;
    private long trimmedMessages;

    private static final class Holding {
        private FeedPosition position = FeedPosition.START;
        private String holder;
        private long leaseUntil;
        private long fence;

        boolean isHeldUnder(long number) {
            return holder != null && fence == number;
        }
    }

    public InMemoryFeed() {
        for (int i = 0; i < holdings.length; i++) {
            holdings[i] = new Holding();
        }
    }

    public FeedStorage ports() {
        return new FeedStorage(this, this, this);
    }

    /** Everything there was that is no message, trimmed or not. */
    synchronized List<EventDraft> eventDrafts() {
        return List.copyOf(events);
    }

    /** A message is in the log. */
    public synchronized void stored(StoredMessage message) {
        places.put(new MessageId(message.conversation(), message.seq()), messages.size());
        messages.add(message);
    }

    /** The log has another entry with that number now: the feed refers to it. */
    synchronized void changed(StoredMessage message) {
        messages.set(places.get(new MessageId(message.conversation(), message.seq())), message);
    }

    @Override
    public synchronized void append(List<EventDraft> batch) {
        events.addAll(batch);
    }

    @Override
    public synchronized long trim(long olderThanMillis, long eventsMax, boolean unsentKept) {
        long lastOld = 0;
        long last = Math.min(events.size(), trimmed + TRIMMED_AT_ONCE);
        for (long number = trimmed + 1; number <= last; number++) {
            lastOld = events.get((int) number - 1).atMillis() < olderThanMillis ? number : lastOld;
        }
        long wanted = Math.max(lastOld, Math.min(last, events.size() - eventsMax));
        long sent = unsentKept ? sent(FeedPosition::event) : Long.MAX_VALUE;
        long upTo = Math.min(Math.min(wanted, sent), events.size() - 1);
        long going = Math.max(0, upTo - trimmed);
        trimmed += going;
        return going;
    }

    private long sent(ToLongFunction<FeedPosition> part) {
        return Arrays.stream(holdings)
                .mapToLong(holding -> part.applyAsLong(holding.position))
                .min()
                .orElseThrow();
    }

    @Override
    public synchronized long trimMessages(long olderThanMillis, boolean unsentKept) {
        long lastOld = 0;
        long last = Math.min(messages.size(), trimmedMessages + TRIMMED_AT_ONCE);
        for (long place = trimmedMessages + 1; place <= last; place++) {
            lastOld = messages.get((int) place - 1).sentAtMillis() < olderThanMillis ? place : lastOld;
        }
        long sent = unsentKept ? sent(FeedPosition::message) : Long.MAX_VALUE;
        long upTo = Math.min(Math.min(lastOld, sent), messages.size() - 1);
        long going = Math.max(0, upTo - trimmedMessages);
        trimmedMessages += going;
        return going;
    }

    @Override
    public synchronized FeedPage read(
            FeedPosition after, FeedPosition upTo, BitSet partitions, int eventsMax, long bytesMax) {
        List<Item> items = new ArrayList<>();
        long bytes = 0;
        long message = after.message();
        boolean room = true;
        for (; message < Math.min(upTo.message(), messages.size()); message++) {
            FeedEvent event = FeedEvent.of(messages.get((int) message));
            int partition = Partitions.of(event.key());
            if (message >= trimmedMessages && partitions.get(partition)) {
                bytes += event.body().bytes();
                room = items.isEmpty() || items.size() < eventsMax && bytes <= bytesMax;
                if (!room) {
                    break;
                }
                items.add(new Item(partition, new FeedPosition(message + 1, after.event()), event));
            }
        }
        long number = after.event();
        for (; room && number < Math.min(upTo.event(), events.size()); number++) {
            FeedEvent event = FeedEvent.of(number + 1, events.get((int) number));
            int partition = Partitions.of(event.key());
            if (number >= trimmed && partitions.get(partition)) {
                bytes += event.body().bytes();
                if (!items.isEmpty() && (items.size() >= eventsMax || bytes > bytesMax)) {
                    break;
                }
                items.add(new Item(partition, new FeedPosition(message, number + 1), event));
            }
        }
        boolean missed = after.event() < trimmed || after.message() < trimmedMessages;
        return new FeedPage(List.copyOf(items), new FeedPosition(message, number), missed);
    }

    @Override
    public synchronized Lag lag(FeedPosition after) {
        long number = Math.max(after.event(), trimmed);
        long message = Math.max(after.message(), trimmedMessages);
        long behind = Math.max(0, messages.size() - message) + Math.max(0, events.size() - number);
        long oldest = Long.MAX_VALUE;
        if (message < messages.size()) {
            oldest = messages.get((int) message).sentAtMillis();
        }
        if (number < events.size()) {
            oldest = Math.min(oldest, events.get((int) number).atMillis());
        }
        return new Lag(behind, behind == 0 ? 0 : oldest);
    }

    @Override
    public synchronized List<Held> claim(String holder, BitSet wanted, long nowMillis, long leaseUntilMillis) {
        List<Held> claimed = new ArrayList<>();
        for (int i = 0; i < holdings.length; i++) {
            Holding one = holdings[i];
            if (wanted.get(i) && (one.holder == null || one.holder.equals(holder) || one.leaseUntil <= nowMillis)) {
                one.holder = holder;
                one.leaseUntil = leaseUntilMillis;
                one.fence++;
                claimed.add(new Held(i, one.position, one.fence));
            }
        }
        return claimed;
    }

    @Override
    public synchronized BitSet renew(Collection<Held> held, long leaseUntilMillis) {
        BitSet kept = new BitSet();
        for (Held one : held) {
            Holding holding = holdings[one.partition()];
            if (holding.isHeldUnder(one.fence())) {
                holding.leaseUntil = leaseUntilMillis;
                kept.set(one.partition());
            }
        }
        return kept;
    }

    @Override
    public synchronized BitSet moveTo(Collection<Held> positions) {
        BitSet refused = new BitSet();
        for (Held one : positions) {
            Holding holding = holdings[one.partition()];
            if (holding.isHeldUnder(one.fence())) {
                holding.position = new FeedPosition(
                        Math.max(holding.position.message(), one.position().message()),
                        Math.max(holding.position.event(), one.position().event()));
            } else {
                refused.set(one.partition());
            }
        }
        return refused;
    }

    @Override
    public synchronized void release(Collection<Held> held) {
        for (Held one : held) {
            if (holdings[one.partition()].isHeldUnder(one.fence())) {
                holdings[one.partition()].holder = null;
            }
        }
    }
}
