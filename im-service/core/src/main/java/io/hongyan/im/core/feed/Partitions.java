package io.hongyan.im.core.feed;

import java.util.BitSet;

/** The feed is sent in so many parts side by side; all events of one key are in the same. */
public final class Partitions {
    public static final int COUNT = 16;

    private Partitions() {}

    /** The partition of a key, for storages that have no reason to choose another; stored, so it never changes. */
    public static int of(String key) {
        int hash = key.hashCode();
        return (hash ^ hash >>> 16) & COUNT - 1;
    }

    public static BitSet all() {
        BitSet all = new BitSet(COUNT);
        all.set(0, COUNT);
        return all;
    }
}
