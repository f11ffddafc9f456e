package io.hongyan.im.adapter.sql;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Rows found by their name, the least used forgotten first. Values may be changed in place along with their rows: what
 * was put or {@link #touched} since the last commit is forgotten when the transaction fails, and read again from the
 * rows that are there then. Writer's thread only.
 */
final class KeyCache<K, V> implements SqliteWriter.Remembering {
    private final Map<K, V> values;
    private final List<K> uncommitted = new ArrayList<>();

    KeyCache(int keysMax) {
        this.values = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > keysMax;
            }
        };
    }

    V get(K key) {
        return values.get(key);
    }

    void put(K key, V value) {
        values.put(key, value);
        uncommitted.add(key);
    }

    /** The value is about to change with its row. */
    void touched(K key) {
        uncommitted.add(key);
    }

    /** It is read from its row when it is asked for next. */
    void forget(K key) {
        values.remove(key);
    }

    @Override
    public void committed() {
        uncommitted.clear();
    }

    @Override
    public void undone() {
        uncommitted.forEach(values::remove);
        uncommitted.clear();
    }
}
