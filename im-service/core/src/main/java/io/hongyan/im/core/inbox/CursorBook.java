package io.hongyan.im.core.inbox;

import io.hongyan.im.core.inbox.Devices.CursorMove;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.PartialResult;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Cursors that have moved in memory and are not stored yet. They are written by the flush task, many in one
 * transaction; whoever asks for a cursor gets the newer of the two. A crash forgets at most what was not flushed:
 * those entries come again.
 */
public final class CursorBook implements Cursors {
    private static final int BATCH_MAX = 5_000;

    private final Devices devices;
    private final InstantSource clock;
    private final DeliveryCounters counters;
    private final InboxListener listener;

    /** uid → device → cursor. Inner maps are only touched inside {@code compute} of the outer one. */
    private final Map<String, Map<String, Long>> moved = new ConcurrentHashMap<>();

    public CursorBook(Devices devices, InstantSource clock, DeliveryCounters counters) {
        this(devices, clock, counters, InboxListener.NONE);
    }

    public CursorBook(Devices devices, InstantSource clock, DeliveryCounters counters, InboxListener listener) {
        this.devices = devices;
        this.clock = clock;
        this.counters = counters;
        this.listener = listener;
    }

    @Override
    public void acknowledged(DeviceKey key, long seq) {
        if (seq > 0) {
            moved(key, seq);
        }
    }

    void moved(DeviceKey key, long seq) {
        moved.compute(key.uid(), (uid, cursors) -> {
            Map<String, Long> all = cursors == null ? new HashMap<>(4) : cursors;
            all.merge(key.device(), seq, Math::max);
            return all;
        });
        listener.acknowledged(key.uid(), seq);
    }

    @Override
    public Start start(DeviceKey key, DeviceRoom room) {
        // Memory first: what a flush takes out of it in between is in the storage by then.
        long inMemory = unflushed(key.uid(), key.device());
        var known = devices.find(key);
        if (known.isPresent()) {
            long cursor = known.get().cursor();
            return new Start(Math.max(cursor, inMemory), known.get().skipped() && inMemory < cursor);
        }
        long inMemoryOfAny = unflushed(key.uid(), null);
        Device made = devices.register(key, room, clock.millis());
        if (made.skipped()) {
            // What others have acknowledged since is sent: only what is told as missing may be missing.
            return new Start(made.cursor(), inMemory < made.cursor());
        }
        long highest = Math.max(made.cursor(), inMemoryOfAny);
        if (highest > made.cursor()) {
            moved(key, highest);
        }
        return new Start(highest, false);
    }

    /** The cursor in memory; of all the user's devices the highest where {@code device} is null; 0 = none. */
    private long unflushed(String uid, String device) {
        long[] found = {0};
        moved.computeIfPresent(uid, (same, cursors) -> {
            for (Map.Entry<String, Long> cursor : cursors.entrySet()) {
                if (device == null || device.equals(cursor.getKey())) {
                    found[0] = Math.max(found[0], cursor.getValue());
                }
            }
            return cursors;
        });
        return found[0];
    }

    /**
     * Writes what has moved. Blocks; what could not be written is tried again by the next flush.
     *
     * @throws RuntimeException why something could not
     */
    public void flush() {
        RuntimeException trouble = null;
        List<CursorMove> batch = new ArrayList<>();
        for (String uid : moved.keySet()) {
            moved.computeIfPresent(uid, (same, cursors) -> {
                cursors.forEach((device, seq) -> batch.add(new CursorMove(new DeviceKey(uid, device), seq)));
                return cursors;
            });
            if (batch.size() >= BATCH_MAX) {
                trouble = write(batch).whyOr(trouble);
                batch.clear();
            }
        }
        trouble = write(batch).whyOr(trouble);
        if (trouble != null) {
            throw trouble;
        }
    }

    private PartialResult<CursorMove> write(List<CursorMove> batch) {
        if (batch.isEmpty()) {
            return PartialResult.complete();
        }
        PartialResult<CursorMove> left = devices.moveCursors(List.copyOf(batch), clock.millis());
        counters.add(
                DeliveryCounter.CURSORS_WRITTEN, batch.size() - left.items().size());
        for (CursorMove written : batch) {
            if (left.has(written)) {
                continue;
            }
            moved.computeIfPresent(written.key().uid(), (uid, cursors) -> {
                cursors.remove(written.key().device(), written.seq());
                return cursors.isEmpty() ? null : cursors;
            });
        }
        return left;
    }
}
