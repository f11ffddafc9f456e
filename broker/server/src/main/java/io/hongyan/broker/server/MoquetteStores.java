package io.hongyan.broker.server;

import io.moquette.broker.IRetainedRepository;
import io.moquette.broker.Server;
import java.lang.reflect.Field;

/**
 * Puts stores with limits in the place of Moquette's own, which have none. Moquette makes them itself and lets nobody choose, so
 * they are exchanged in a server that has just started, before any client is in it.
 */
final class MoquetteStores {
    final LimitedRetained retained;
    final LimitedQueues queues;

    private MoquetteStores(LimitedRetained retained, LimitedQueues queues) {
        this.retained = retained;
        this.queues = queues;
    }

    /** @throws IllegalStateException this is not the version of Moquette that is known here */
    static MoquetteStores install(Server server, GenericLimits limits, GateCounters counters) {
        try {
            Object dispatcher = field(Server.class, "dispatcher").get(server);
            Field retainedField = field(dispatcher.getClass(), "retainedRepository");
            LimitedRetained retained = new LimitedRetained(
                    (IRetainedRepository) retainedField.get(dispatcher), limits.retained(), counters);
            Object sessions = field(Server.class, "sessions").get(server);
            LimitedQueues queues = new LimitedQueues(limits.queues(), counters);
            retainedField.set(dispatcher, retained);
            field(sessions.getClass(), "queueRepository").set(sessions, queues);
            return new MoquetteStores(retained, queues);
        } catch (ReflectiveOperationException other) {
            throw new IllegalStateException("Moquette is not built as it was", other);
        }
    }

    private static Field field(Class<?> type, String name) throws NoSuchFieldException {
        Field field = type.getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }
}
