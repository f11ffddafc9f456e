package io.hongyan.im.core.feed;

import io.hongyan.im.core.feed.Feed.Item;
import io.hongyan.im.core.feed.FeedPartitions.Held;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** One partition in a relay's hands: what was read of it and not sent yet, the batch under way, its failures. */
final class RelayPartition {
    private final int number;
    private final long fence;
    private final RelayLimits limits;
    private final Deque<Item> pending = new ArrayDeque<>();

    /** Everything up to here was sent. */
    private FeedPosition sent;
    /** Everything up to here was sent or is pending. */
    private FeedPosition read;
    /** As it is stored. */
    private FeedPosition moved;

    /** The first of the pending ones, under way; empty where none are. */
    private List<Item> batch = List.of();

    private int batchEventsMax;
    private int failures;
    private long pausedUntilMillis;

    RelayPartition(Held held, RelayLimits limits) {
        this.number = held.partition();
        this.fence = held.fence();
        this.limits = limits;
        this.sent = held.position();
        this.read = held.position();
        this.moved = held.position();
        this.batchEventsMax = limits.batchEventsMax();
    }

    int number() {
        return number;
    }

    long fence() {
        return fence;
    }

    FeedPosition sent() {
        return sent;
    }

    FeedPosition read() {
        return read;
    }

    Held held() {
        return new Held(number, sent, fence);
    }

    boolean hasMoved() {
        return !sent.equals(moved);
    }

    void stored(FeedPosition position) {
        moved = position;
    }

    /** Nothing is left of what was read. */
    boolean isDone() {
        return pending.isEmpty();
    }

    /** Whether a batch is under way. */
    boolean isSending() {
        return !batch.isEmpty();
    }

    boolean isFailing() {
        return failures > 0;
    }

    boolean mayBegin(long nowMillis) {
        return batch.isEmpty() && !pending.isEmpty() && nowMillis >= pausedUntilMillis;
    }

    /** Takes in what a page has of this partition. */
    void take(List<Item> items, FeedPosition upTo) {
        pending.addAll(items);
        read = upTo;
        if (pending.isEmpty()) {
            sent = upTo;
        }
    }

    /** The events that go out now. */
    List<FeedEvent> begin() {
        List<Item> first = new ArrayList<>();
        long bytes = 0;
        for (Item item : pending) {
            bytes += item.event().body().bytes();
            if (first.size() == batchEventsMax || !first.isEmpty() && bytes > limits.batchBytesMax()) {
                break;
            }
            first.add(item);
        }
        batch = first;
        return first.stream().map(Item::event).toList();
    }

    /** @return how many events were sent */
    int succeeded() {
        int count = batch.size();
        sent = batch.get(count - 1).position();
        for (int i = 0; i < count; i++) {
            pending.remove();
        }
        batch = List.of();
        failures = 0;
        batchEventsMax = Math.min(limits.batchEventsMax(), batchEventsMax * 2);
        if (pending.isEmpty()) {
            sent = read;
        }
        return count;
    }

    void failed(long nowMillis) {
        batch = List.of();
        long pause = limits.pauseMillisMin() << Math.min(failures, 20);
        pausedUntilMillis = nowMillis + Math.min(pause, limits.pauseMillisMax());
        failures++;
        batchEventsMax = Math.max(1, batchEventsMax / 2);
    }
}
