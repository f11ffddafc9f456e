package io.hongyan.im.core.simulation;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.Executor;

/**
 * Virtual time, and the choice of what runs next: of all tasks that are due one is drawn with the seeded random. A task
 * runs alone and to its end, or, as a strand, up to each {@link #pause}, where others may run; so the same seed always
 * gives the same schedule.
 */
final class Scheduler implements InstantSource, AutoCloseable {
    static final long START_MILLIS = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();

    private record Task(long atMillis, long number, Life life, Runnable work) {}

    private final Random random;
    private final PriorityQueue<Task> later = new PriorityQueue<>((one, other) -> one.atMillis != other.atMillis
            ? Long.compare(one.atMillis, other.atMillis)
            : Long.compare(one.number, other.number));
    private final List<Task> due = new ArrayList<>();
    private final List<Strand> paused = new ArrayList<>();
    private long nowMillis = START_MILLIS;
    private long tasks;
    private Strand current;

    Scheduler(Random random) {
        this.random = random;
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(nowMillis);
    }

    @Override
    public long millis() {
        return nowMillis;
    }

    /** Since the simulation began. */
    long elapsedMillis() {
        return nowMillis - START_MILLIS;
    }

    /** Plans work of a process; it is dropped if the process is killed before. */
    void after(long delayMillis, Life life, Runnable work) {
        later.add(new Task(nowMillis + delayMillis, tasks++, life, work));
    }

    /** Plans work that may pause. */
    void strandAfter(long delayMillis, Life life, Runnable work) {
        after(delayMillis, life, () -> resume(new Strand(life, work)));
    }

    /** Plans work as a strand or, drawn at random, as one indivisible step, which is a lot cheaper. */
    void sometimesStrandAfter(long delayMillis, Life life, Runnable work) {
        if (random.nextInt(4) == 0) {
            strandAfter(delayMillis, life, work);
        } else {
            after(delayMillis, life, work);
        }
    }

    /** Runs tasks that may pause, each when it is due. */
    Executor executor(Life life) {
        return work -> sometimesStrandAfter(random.nextInt(3), life, work);
    }

    /**
     * Lets others run for some time where the caller is a strand; else does nothing, and neither while it holds a lock,
     * which somebody else might then wait for outside of virtual time.
     */
    void pause(long millis) {
        Strand strand = current;
        if (strand == null || strand.holdsLocks()) {
            return;
        }
        // Not bound to the life: a strand of a killed process is resumed as well, so that it can end.
        paused.add(strand);
        later.add(new Task(nowMillis + millis, tasks++, null, () -> resume(strand)));
        strand.pause();
    }

    private void resume(Strand strand) {
        paused.remove(strand);
        current = strand;
        try {
            strand.run();
        } finally {
            current = null;
        }
    }

    /** Runs one task, moving time to the next one where none is due; false if there is nothing to do any more. */
    boolean step(long untilMillis) {
        if (due.isEmpty() && !later.isEmpty() && later.peek().atMillis <= untilMillis) {
            nowMillis = Math.max(nowMillis, later.peek().atMillis);
        }
        while (!later.isEmpty() && later.peek().atMillis <= nowMillis) {
            due.add(later.poll());
        }
        if (due.isEmpty()) {
            return false;
        }
        Task task = due.remove(random.nextInt(due.size()));
        if (task.life == null || task.life.alive()) {
            task.work.run();
        }
        return true;
    }

    /** Runs everything planned for the next milliseconds. */
    void runFor(long millis) {
        long until = nowMillis + millis;
        while (step(until)) {
            // each step is one task
        }
        nowMillis = until;
    }

    /** Ends strands that wait, so that no thread stays behind. */
    @Override
    public void close() {
        for (Strand strand : List.copyOf(paused)) {
            strand.abandon();
            resume(strand);
        }
    }
}
