package io.hongyan.broker.server;

import io.moquette.broker.Server;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/**
 * Moquette's session threads, changed so that a command that throws does not end them: a queue in front of each of
 * their queues wraps the commands. The threads still take from the queues they know.
 */
final class MoquetteLoops {
    /**
     * Limit per thread for commands that must not be dropped. There are two for each client that leaves while the queue
     * is full.
     */
    private static final int LATE_MAX = 65_536;

    private final BlockingQueue<FutureTask<String>>[] queues;
    private final Object group;
    private final Method terminate;
    private final Object sessions;
    private final Method retrieve;
    private final Method purge;
    private final Method disconnected;

    /**
     * @param failed gets the exception of a command, on the session thread, and the connection whose packet led to it,
     *     null if none did
     */
    @SuppressWarnings("unchecked")
    MoquetteLoops(Server server, BiConsumer<Connection, Throwable> failed) {
        this.group = MoquetteInside.get(MoquetteInside.get(server, "dispatcher"), "sessionLoops");
        this.terminate = MoquetteInside.method(group.getClass(), "terminate");
        this.queues = (BlockingQueue<FutureTask<String>>[]) MoquetteInside.get(group, "sessionQueues");
        this.sessions = MoquetteInside.get(server, "sessions");
        this.retrieve = MoquetteInside.method(sessions.getClass(), "retrieve", String.class);
        Class<?> session = retrieve.getReturnType();
        this.purge = MoquetteInside.method(sessions.getClass(), "purgeSessionState", session);
        this.disconnected = MoquetteInside.method(session, "disconnected");
        for (int i = 0; i < queues.length; i++) {
            queues[i] = new Front(queues[i], failed);
        }
    }

    /**
     * Drops the session of a client that is not connected, after the commands that wait for it. Moquette's own way to
     * do this needs a connection.
     */
    void forget(String clientId) {
        int queue = Math.abs(clientId.hashCode()) % queues.length;
        FutureTask<String> command = new FutureTask<>(() -> {
            Object session = retrieve.invoke(sessions, clientId);
            if (session != null && (boolean) disconnected.invoke(session)) {
                purge.invoke(sessions, session);
            }
            return clientId;
        });
        MoquetteTask.surelyCausedBy(null, () -> queues[queue].offer(command));
    }

    /** Interrupts the threads and waits until each has ended, at most five seconds for each. */
    void end() {
        try {
            terminate.invoke(group);
        } catch (ReflectiveOperationException failure) {
            throw new IllegalStateException("Moquette's session threads do not end", failure);
        }
    }

    /** The queues for commands, one per session thread. */
    List<BlockingQueue<FutureTask<String>>> queues() {
        return Arrays.asList(queues);
    }

    /**
     * Commands are offered to it; it is used for nothing else and always empty. Commands that must not be dropped wait
     * here while the queue behind is full, and nothing overtakes them.
     */
    private static final class Front extends ArrayBlockingQueue<FutureTask<String>> {
        private static final long serialVersionUID = 1;

        private final transient BlockingQueue<FutureTask<String>> queue;
        private final transient BiConsumer<Connection, Throwable> failed;
        private final transient Queue<MoquetteTask> late = new ConcurrentLinkedQueue<>();
        private final transient AtomicInteger lateCount = new AtomicInteger();

        Front(BlockingQueue<FutureTask<String>> queue, BiConsumer<Connection, Throwable> failed) {
            super(1);
            this.queue = queue;
            this.failed = failed;
        }

        @Override
        public boolean offer(FutureTask<String> command) {
            MoquetteTask task = new MoquetteTask(command, failed, this::offerLate);
            if (lateCount.get() == 0 && queue.offer(task)) {
                return true;
            }
            if (task.surely() && lateCount.get() < LATE_MAX) {
                lateCount.incrementAndGet();
                late.add(task);
                offerLate();
                return true;
            }
            task.dropped();
            if (task.surely()) {
                failed.accept(null, new IllegalStateException("Too many Moquette commands wait for its thread"));
            }
            return false;
        }

        /** Called after each command: if late ones wait the queue was full, so there are commands. */
        private void offerLate() {
            if (lateCount.get() == 0) {
                return;
            }
            synchronized (late) {
                for (MoquetteTask next = late.peek(); next != null && queue.offer(next); next = late.peek()) {
                    late.remove();
                    lateCount.decrementAndGet();
                }
            }
        }
    }
}
