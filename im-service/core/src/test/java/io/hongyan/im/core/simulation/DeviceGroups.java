package io.hongyan.im.core.simulation;

import io.hongyan.im.core.inbox.Entry;
import io.hongyan.im.core.inbox.Event;
import io.hongyan.im.core.message.DeviceKey;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/** What a device knows of the streams of large groups. */
final class DeviceGroups {
    private final Map<String, BitSet> known = new HashMap<>();
    private final Map<String, Long> acknowledged = new HashMap<>();

    void take(String group, Entry entry) {
        BitSet numbers = known.computeIfAbsent(group, name -> new BitSet());
        numbers.set((int) entry.seq());
        if (entry instanceof Entry.OfEvent event && event.event() instanceof Event.Trimmed trimmed) {
            numbers.set(1, (int) trimmed.from());
        }
    }

    void acknowledge(String group, long seq) {
        acknowledged.merge(group, seq, Math::max);
    }

    boolean knows(String group, long seq) {
        return known.getOrDefault(group, new BitSet()).get((int) seq);
    }

    long acknowledged(String group) {
        return acknowledged.getOrDefault(group, 0L);
    }

    /** The first entry of the present membership that it should have and has not; 0 where there is none. */
    long lacks(String group, GroupReplay replay, DeviceKey device) {
        long head = replay.log().size();
        if (replay.largeSeq() == 0 || !replay.isMember(device.uid())) {
            return 0;
        }
        long from = Math.max(
                replay.largeSeq() + 1, replay.intervalAt(device.uid(), head).fromSeq());
        for (long seq = from; seq <= head; seq++) {
            if (!knows(group, seq) && !World.wrote(device, replay.log().get((int) seq - 1))) {
                return seq;
            }
        }
        return 0;
    }

    /** Rises with everything that is new to it. */
    long size() {
        return known.values().stream().mapToLong(BitSet::cardinality).sum();
    }
}
