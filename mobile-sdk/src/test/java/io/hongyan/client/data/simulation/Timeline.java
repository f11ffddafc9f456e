package io.hongyan.client.data.simulation;

import java.util.Comparator;
import java.util.PriorityQueue;

/** What will happen, in the order of its time, and of its planning where the time is the same. */
final class Timeline {
    private final PriorityQueue<Planned> planned =
            new PriorityQueue<>(Comparator.comparingLong(Planned::atMillis).thenComparingLong(Planned::number));
    private long nowMillis = 1_000_000;
    private long count;

    private record Planned(long atMillis, long number, Runnable action) {}

    long nowMillis() {
        return nowMillis;
    }

    void at(long millis, Runnable action) {
        planned.add(new Planned(Math.max(nowMillis, millis), count++, action));
    }

    void after(long millis, Runnable action) {
        at(nowMillis + millis, action);
    }

    void runUntil(long millis) {
        while (!planned.isEmpty() && planned.peek().atMillis() <= millis) {
            Planned next = planned.remove();
            nowMillis = next.atMillis();
            next.action().run();
        }
        nowMillis = millis;
    }
}
