package io.hongyan.im.core.feed;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;

/**
 * What waits, by key: keys take turns, one entry each, and the entries of one key stay in their order. Any thread may add, one
 * takes.
 */
final class EventTurns<E> {
    /** Whose turn is next stands first. */
    private final Map<String, Queue<E>> turns = new LinkedHashMap<>();

    synchronized void add(String key, E entry) {
        turns.computeIfAbsent(key, absent -> new ArrayDeque<>(1)).add(entry);
        notifyAll();
    }

    /** Whether there is something; where there is nothing yet, it waits for it, at most so long. */
    synchronized boolean await(long millisMax) throws InterruptedException {
        if (turns.isEmpty() && millisMax > 0) {
            // The caller comes again, so it need not be the whole time.
            wait(millisMax);
        }
        return !turns.isEmpty();
    }

    /** What {@link #remove} would give; null where nothing waits. */
    synchronized E peek() {
        return turns.isEmpty() ? null : turns.values().iterator().next().peek();
    }

    /** Something must wait. */
    synchronized E remove() {
        Iterator<Map.Entry<String, Queue<E>>> first = turns.entrySet().iterator();
        Map.Entry<String, Queue<E>> turn = first.next();
        String key = turn.getKey();
        Queue<E> own = turn.getValue();
        first.remove();
        E entry = own.remove();
        if (!own.isEmpty()) {
            turns.put(key, own);
        }
        return entry;
    }
}
