package io.hongyan.im.core.inbox;

import io.hongyan.im.core.inbox.GroupCursors.GroupCursorMove;
import io.hongyan.im.core.message.DeviceKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Cursors in large groups that have moved in memory and are not stored yet, like {@link CursorBook} for inboxes. A crash
 * forgets at most what was not flushed: those entries come again.
 */
public final class GroupCursorBook {
    private static final int BATCH_MAX = 5_000;

    private final GroupCursors stored;
    private final DeliveryCounters counters;

    /** device → group → cursor. Inner maps are only touched inside {@code compute} of the outer one. */
    private final Map<DeviceKey, Map<String, Long>> moved = new ConcurrentHashMap<>();

    public GroupCursorBook(GroupCursors stored, DeliveryCounters counters) {
        this.stored = stored;
        this.counters = counters;
    }

    void moved(DeviceKey device, String group, long seq) {
        moved.compute(device, (same, cursors) -> {
            Map<String, Long> all = cursors == null ? new HashMap<>(4) : cursors;
            all.merge(group, seq, Math::max);
            return all;
        });
    }

    /**
     * The device begins to read these groups, each after a number. Durable on return: were it forgotten, and the user out
     * of the group and in it again when the device comes back, it would be taken for one that has only just come in. Blocks.
     */
    void begin(DeviceKey device, Map<String, Long> starts) {
        List<GroupCursorMove> moves = new ArrayList<>();
        starts.forEach((group, seq) -> moves.add(new GroupCursorMove(device, group, seq)));
        if (!moves.isEmpty()) {
            stored.move(moves);
        }
    }

    /** Where the device stands, by group. Blocks. */
    Map<String, Long> find(DeviceKey device) {
        // Memory first: what a flush takes out of it in between is in the storage by then.
        Map<String, Long> all = new HashMap<>();
        moved.computeIfPresent(device, (same, cursors) -> {
            all.putAll(cursors);
            return cursors;
        });
        stored.find(device).forEach((group, seq) -> all.merge(group, seq, Math::max));
        return all;
    }

    /** The device reads this group no more. Blocks. */
    void forget(DeviceKey device, String group) {
        moved.computeIfPresent(device, (same, cursors) -> {
            cursors.remove(group);
            return cursors.isEmpty() ? null : cursors;
        });
        stored.forget(device, Set.of(group));
    }

    /** Writes what has moved. Blocks; what could not be written is tried again by the next flush. */
    public void flush() {
        List<GroupCursorMove> batch = new ArrayList<>();
        for (DeviceKey device : moved.keySet()) {
            moved.computeIfPresent(device, (same, cursors) -> {
                cursors.forEach((group, seq) -> batch.add(new GroupCursorMove(device, group, seq)));
                return cursors;
            });
            if (batch.size() >= BATCH_MAX) {
                write(batch);
                batch.clear();
            }
        }
        write(batch);
    }

    private void write(List<GroupCursorMove> batch) {
        if (batch.isEmpty()) {
            return;
        }
        stored.move(List.copyOf(batch));
        counters.add(DeliveryCounter.GROUP_CURSORS_WRITTEN, batch.size());
        for (GroupCursorMove written : batch) {
            moved.computeIfPresent(written.device(), (same, cursors) -> {
                cursors.remove(written.group(), written.seq());
                return cursors.isEmpty() ? null : cursors;
            });
        }
    }
}
