package io.hongyan.bench.chaos.run;

import io.hongyan.bench.chaos.history.HistoryEvent;
import io.hongyan.bench.chaos.run.FaultPlan.Fault;
import io.hongyan.bench.time.BenchTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** Carries out the plan of a run: does each fault, undoes it, and notes when the part serves again. */
final class ClusterDisturber implements AutoCloseable {
    private static final long WATCH_MILLIS = 50;
    private static final long PROGRESS_MILLIS = 10_000;
    /** A run has at least one fault for each so many seconds, however slow the machine. */
    private static final int SECONDS_PER_FAULT = 30;
    /** Before the first fault most cursors should be written. */
    private static final long FIRST_MILLIS = 5_000;

    private final Cluster cluster;
    private final FaultPlan plan;
    private final Journal journal;
    private final BenchTime time;
    private final Consumer<String> progress;
    private final List<Future<?>> running = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "chaos-fault");
        thread.setDaemon(true);
        return thread;
    });
    private long progressAtMillis = PROGRESS_MILLIS;
    private int done;
    /** Whether the fault that came last is there: a move when its first slot has moved. */
    private volatile boolean begun;

    ClusterDisturber(Cluster cluster, FaultPlan plan, Journal journal, BenchTime time, Consumer<String> progress) {
        this.cluster = cluster;
        this.plan = plan;
        this.journal = journal;
        this.time = time;
        this.progress = progress;
    }

    /** Disturbs for so long; everything is healed when this returns. */
    void disturb(int seconds) {
        long start = journal.millis();
        long lastBegin = start + FaultPlan.lastBeginMillis(seconds);
        pass(Math.min(FIRST_MILLIS, seconds * 100L));
        for (Fault fault : plan.faults()) {
            if (fault.together()) {
                awaitBegun();
            } else {
                awaitHealed();
            }
            pass(fault.gapMillis());
            if (journal.millis() > lastBegin && done >= seconds / SECONDS_PER_FAULT) {
                break;
            }
            done++;
            progress.accept("%d s: acknowledged=%d, fault %s"
                    .formatted(journal.millis() / 1_000, journal.acknowledged(), fault));
            begun = fault.kind() != FaultPlan.Kind.MOVE;
            running.add(threads.submit(() -> carryOut(fault)));
        }
        awaitHealed();
        pass(start + seconds * 1_000L - journal.millis());
    }

    private void carryOut(Fault fault) {
        journal.write(at ->
                new HistoryEvent.Fault(at, fault.number(), fault.kind().written(), fault.target(), fault.millis()));
        String target = fault.target();
        switch (fault.kind()) {
            case KILL -> {
                cluster.kill(target);
                time.pause(fault.millis());
                cluster.start(target);
            }
            case PAUSE -> {
                cluster.pause(target);
                time.pause(fault.millis());
                cluster.resume(target);
            }
            case CUT -> link(fault, Links.State.CUT);
            case STALL -> link(fault, Links.State.STALLED);
            case SLOW -> link(fault, Links.State.SLOW);
            case RESTART, DRAIN -> cluster.restart(target);
            case MOVE -> {
                try (MoveSlotsScript script = cluster.moveSlots()) {
                    script.move(SlotMove.of(target), fault.millis(), moved -> note(fault, moved));
                }
            }
        }
        cluster.awaitReady(List.of(target.split(String.valueOf(HistoryEvent.LINK))));
        journal.write(at -> new HistoryEvent.Healed(at, fault.number()));
    }

    private void note(Fault fault, MoveSlotsScript.Moved moved) {
        begun = true;
        journal.write(at -> new HistoryEvent.SlotMoved(
                at, fault.number(), moved.slot(), moved.from(), moved.to(), moved.frozenMillis()));
    }

    private void link(Fault fault, Links.State state) {
        cluster.set(fault.target(), state);
        time.pause(fault.millis());
        cluster.set(fault.target(), Links.State.OPEN);
    }

    private void awaitBegun() {
        while (!begun && running.stream().anyMatch(fault -> !fault.isDone())) {
            watch();
        }
    }

    private void awaitHealed() {
        while (running.stream().anyMatch(fault -> !fault.isDone())) {
            watch();
        }
        for (Future<?> fault : running) {
            try {
                fault.get();
            } catch (ExecutionException e) {
                throw e.getCause() instanceof RuntimeException broken
                        ? broken
                        : new IllegalStateException("a fault could not be carried out", e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }
        running.clear();
    }

    private void pass(long millis) {
        long end = journal.millis() + millis;
        while (journal.millis() < end) {
            watch();
        }
    }

    private void watch() {
        cluster.failIfEnded();
        if (journal.millis() >= progressAtMillis) {
            progressAtMillis = journal.millis() + PROGRESS_MILLIS;
            progress.accept("%d s: acknowledged=%d faults=%d"
                    .formatted(journal.millis() / 1_000, journal.acknowledged(), done));
        }
        time.pause(WATCH_MILLIS);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
