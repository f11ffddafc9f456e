package io.hongyan.broker.server;

import io.moquette.broker.Server;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.FutureTask;
import java.util.function.BiConsumer;

/**
 * Moquette's session threads, made to outlive what their commands throw. Moquette offers no way in: the array of their queues is
 * reached by reflection, once at the start, and each queue gets one in front of it that wraps the commands. The threads go on
 * taking from the queues they know.
 */
final class MoquetteLoops {
    private final BlockingQueue<FutureTask<String>>[] queues;
    private final Object sessions;
    private final Method retrieve;
    private final Method purge;
    private final Method disconnected;

    /**
     * @param failed gets what a command threw, on the session thread, and the connection whose packet led to it, null where none
     *     did
     */
    @SuppressWarnings("unchecked")
    MoquetteLoops(Server server, BiConsumer<Connection, Throwable> failed) {
        try {
            this.queues = (BlockingQueue<FutureTask<String>>[])
                    field(field(field(server, "dispatcher"), "sessionLoops"), "sessionQueues");
            this.sessions = field(server, "sessions");
            this.retrieve = method(sessions.getClass(), "retrieve", String.class);
            this.purge = method(sessions.getClass(), "purgeSessionState", retrieve.getReturnType());
            this.disconnected = method(retrieve.getReturnType(), "disconnected");
        } catch (ReflectiveOperationException changed) {
            throw new IllegalStateException("This Moquette is not built like the one the gate was made for", changed);
        }
        for (int i = 0; i < queues.length; i++) {
            queues[i] = new Front(queues[i], failed);
        }
    }

    /**
     * Drops the session of a client that is not connected, behind the commands that wait for it. Moquette's own way to do so
     * needs a connection.
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
        queues[queue].offer(command);
    }

    /** Where commands are put, one per session thread. */
    List<BlockingQueue<FutureTask<String>>> queues() {
        return Arrays.asList(queues);
    }

    private static Object field(Object of, String name) throws ReflectiveOperationException {
        Field field = of.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field.get(of);
    }

    private static Method method(Class<?> of, String name, Class<?>... parameters) throws ReflectiveOperationException {
        Method method = of.getDeclaredMethod(name, parameters);
        method.setAccessible(true);
        return method;
    }

    /** What commands are offered to; nothing else is asked of it, and nothing is ever in it. */
    private static final class Front extends ArrayBlockingQueue<FutureTask<String>> {
        private static final long serialVersionUID = 1;

        private final transient BlockingQueue<FutureTask<String>> queue;
        private final transient BiConsumer<Connection, Throwable> failed;

        Front(BlockingQueue<FutureTask<String>> queue, BiConsumer<Connection, Throwable> failed) {
            super(1);
            this.queue = queue;
            this.failed = failed;
        }

        @Override
        public boolean offer(FutureTask<String> command) {
            return queue.offer(new MoquetteTask(command, failed));
        }
    }
}
