package io.hongyan.client.data;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** A set of numbers, kept as ranges that do not touch each other. Not safe for several threads. */
public final class Spans {
    /** The last number of each range by its first. */
    private final TreeMap<Long, Long> lastByFirst = new TreeMap<>();

    /** None. */
    public Spans() {}

    /** The same numbers as {@code other}. */
    public Spans(Spans other) {
        lastByFirst.putAll(other.lastByFirst);
    }

    /** Adds one number. */
    public void add(long number) {
        add(number, number);
    }

    /** Adds all numbers from {@code first} to {@code last}; none if {@code last} is below {@code first}. */
    public void add(long first, long last) {
        if (last < first) {
            return;
        }
        long from = first;
        long to = last;
        Map.Entry<Long, Long> before = lastByFirst.floorEntry(first);
        if (before != null && before.getValue() >= first - 1) {
            from = before.getKey();
        }
        NavigableMap<Long, Long> touched = lastByFirst.subMap(from, true, Math.max(to, to + 1), true);
        for (long one : touched.values()) {
            to = Math.max(to, one);
        }
        touched.clear();
        lastByFirst.put(from, to);
    }

    /** Adds the numbers of {@code other}. */
    public void addAll(Spans other) {
        for (Map.Entry<Long, Long> range : other.lastByFirst.entrySet()) {
            add(range.getKey(), range.getValue());
        }
    }

    /** Removes one number. */
    public void remove(long number) {
        Map.Entry<Long, Long> range = lastByFirst.floorEntry(number);
        if (range == null || range.getValue() < number) {
            return;
        }
        long first = range.getKey();
        long last = range.getValue();
        lastByFirst.remove(first);
        if (first < number) {
            lastByFirst.put(first, number - 1);
        }
        if (number < last) {
            lastByFirst.put(number + 1, last);
        }
    }

    /** Removes all numbers up to {@code last}. */
    public void removeUpTo(long last) {
        Map.Entry<Long, Long> range = lastByFirst.floorEntry(last);
        lastByFirst.headMap(last, true).clear();
        if (range != null && range.getValue() > last) {
            lastByFirst.put(last + 1, range.getValue());
        }
    }

    /** Removes all numbers. */
    public void clear() {
        lastByFirst.clear();
    }

    /** Whether the number is in it. */
    public boolean contains(long number) {
        Map.Entry<Long, Long> range = lastByFirst.floorEntry(number);
        return range != null && range.getValue() >= number;
    }

    /** The last number of the range that {@code number} is in; {@code number - 1} if it is in none. */
    public long lastFrom(long number) {
        return contains(number) ? lastByFirst.floorEntry(number).getValue() : number - 1;
    }

    /** The highest number, 0 if there is none. */
    public long highest() {
        return lastByFirst.isEmpty() ? 0 : lastByFirst.lastEntry().getValue();
    }

    /** Whether there is no number. */
    public boolean isEmpty() {
        return lastByFirst.isEmpty();
    }

    /** The ranges, lowest first: the last number of each by its first. A copy. */
    public NavigableMap<Long, Long> ranges() {
        return new TreeMap<>(lastByFirst);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Spans && lastByFirst.equals(((Spans) other).lastByFirst);
    }

    @Override
    public int hashCode() {
        return lastByFirst.hashCode();
    }

    @Override
    public String toString() {
        return lastByFirst.toString();
    }
}
