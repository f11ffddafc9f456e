package io.hongyan.bench.chaos.run;

import io.hongyan.protocol.v1.ReadMark;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/** What a device says it has read: now and then the message that has just come. Never again, as the next one says more. */
final class ReadMarks {
    /** Packet ids that the {@link Outbox} does not use. */
    private static final int PACKET_ID_MIN = Outbox.PACKET_ID_MAX + 1;

    private static final int UNACKNOWLEDGED_MAX = 8;
    private static final double PART = 0.1;

    private final RandomGenerator random;
    /** By packet id. */
    private final Map<Integer, Mark> unacknowledged = new HashMap<>();

    record Mark(int packetId, String address, long seq, byte[] payload) {}

    ReadMarks(RandomGenerator random) {
        this.random = random;
    }

    int size() {
        return unacknowledged.size();
    }

    /**
     * A message has come.
     *
     * @return what to say now, or null
     */
    Mark came(String address, long seq) {
        if (random.nextDouble() >= PART || unacknowledged.size() == UNACKNOWLEDGED_MAX) {
            return null;
        }
        int packetId = PACKET_ID_MIN;
        while (unacknowledged.containsKey(packetId)) {
            packetId++;
        }
        ReadMark payload = ReadMark.newBuilder()
                .setPeer(HistoryNames.peer(address))
                .setSeq(seq)
                .build();
        Mark mark = new Mark(packetId, address, seq, payload.toByteArray());
        unacknowledged.put(packetId, mark);
        return mark;
    }

    /** Removes a mark; null if none has that packet id. */
    Mark acknowledged(int packetId) {
        return unacknowledged.remove(packetId);
    }

    /** Their connection is over. */
    void forget() {
        unacknowledged.clear();
    }
}
