package io.hongyan.broker.server;

import io.moquette.broker.Server;
import java.lang.reflect.Field;
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
    private static final String[] PATH = {"dispatcher", "sessionLoops", "sessionQueues"};

    private final BlockingQueue<FutureTask<String>>[] queues;

    /**
     * @param failed gets what a command threw, on the session thread, and the connection whose packet led to it, null where none
     *     did
     */
    MoquetteLoops(Server server, BiConsumer<Connection, Throwable> failed) {
        this.queues = queues(server);
        for (int i = 0; i < queues.length; i++) {
            queues[i] = new Front(queues[i], failed);
        }
    }

    /** Where commands are put, one per session thread. */
    List<BlockingQueue<FutureTask<String>>> queues() {
        return Arrays.asList(queues);
    }

    @SuppressWarnings("unchecked")
    private static BlockingQueue<FutureTask<String>>[] queues(Server server) {
        Object at = server;
        try {
            for (String name : PATH) {
                Field field = at.getClass().getDeclaredField(name);
                field.setAccessible(true);
                at = field.get(at);
            }
        } catch (ReflectiveOperationException changed) {
            throw new IllegalStateException("This Moquette is not built like the one the gate was made for", changed);
        }
        return (BlockingQueue<FutureTask<String>>[]) at;
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
