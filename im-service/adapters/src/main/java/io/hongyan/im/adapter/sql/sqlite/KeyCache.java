package io.hongyan.im.adapter.sql.sqlite;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/**
 * Rows found by their name, the least used forgotten first. Values may be changed in place along with their rows: what
 * was put or {@link #touched} since the last commit is forgotten when the transaction fails, and read again from the
 * rows that are there then. Writer's thread only.
 */
final class KeyCache<K, V> implements SqliteWriter.Remembering {
    private final Map<K, V> values = new LinkedHashMap<>(16, 0.75f, true);
    private final List<K> uncommitted = new ArrayList<>();
    private final long weightMax;
    private final ToIntFunction<V> weight;
    private long weightNow;

    KeyCache(int keysMax) {
        this(keysMax, value -> 1);
    }

    /** @param weight of a value, which never changes */
    KeyCache(long weightMax, ToIntFunction<V> weight) {
        this.weightMax = weightMax;
        this.weight = weight;
    }

    V get(K key) {
        return values.get(key);
    }

    void put(K key, V value) {
        forget(key);
        values.put(key, value);
        weightNow += weight.applyAsInt(value);
        uncommitted.add(key);
        Iterator<V> leastUsed = values.values().iterator();
        while (weightNow > weightMax && leastUsed.hasNext()) {
            weightNow -= weight.applyAsInt(leastUsed.next());
            leastUsed.remove();
        }
    }

    /** The value is about to change with its row: of all that were read of that row, this one is right from now on. */
    void touched(K key, V value) {
        if (values.get(key) == value) {
            uncommitted.add(key);
        } else {
            put(key, value);
        }
    }

    /** It is read from its row when it is asked for next. */
    void forget(K key) {
        V forgotten = values.remove(key);
        if (forgotten != null) {
            weightNow -= weight.applyAsInt(forgotten);
        }
    }

    @Override
    public void committed() {
        uncommitted.clear();
    }

    @Override
    public void undone() {
        uncommitted.forEach(this::forget);
        uncommitted.clear();
    }
}
