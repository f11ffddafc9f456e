package io.hongyan.bench.mqtt;

/** Packet ids of one connection, reused in the order they were returned so that none is reused soon. */
public final class PacketIds {
    public static final int IDS_MAX = 65_535;

    private final int[] free;
    private int head;
    private int count;

    /** Ids 1 to {@code limit}. */
    public PacketIds(int limit) {
        if (limit < 1 || limit > IDS_MAX) {
            throw new IllegalArgumentException("1 to " + IDS_MAX + " packet ids, not " + limit);
        }
        free = new int[limit];
        for (int i = 0; i < limit; i++) {
            free[i] = i + 1;
        }
        count = limit;
    }

    public boolean isEmpty() {
        return count == 0;
    }

    public int inUse() {
        return free.length - count;
    }

    /** A free id; there must be one. */
    public int take() {
        if (count == 0) {
            throw new IllegalStateException("every packet id is in use");
        }
        int id = free[head];
        head = head + 1 == free.length ? 0 : head + 1;
        count--;
        return id;
    }

    /** Returns an id; the caller returns each once. */
    public void giveBack(int id) {
        int tail = head + count;
        free[tail >= free.length ? tail - free.length : tail] = id;
        count++;
    }
}
