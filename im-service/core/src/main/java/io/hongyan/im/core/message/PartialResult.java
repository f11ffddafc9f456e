package io.hongyan.im.core.message;

import java.util.Set;

/**
 * What a call has left undone because a part of the storage did not answer; all the rest is done.
 *
 * @param items empty where everything was done
 * @param why null where everything was done
 */
public record PartialResult<T>(Set<T> items, RuntimeException why) {
    public PartialResult {
        items = Set.copyOf(items);
    }

    public static <T> PartialResult<T> complete() {
        return new PartialResult<>(Set.of(), null);
    }

    public boolean has(T item) {
        return items.contains(item);
    }

    /** Of two calls. */
    public RuntimeException whyOr(RuntimeException earlier) {
        return earlier == null ? why : earlier;
    }
}
