package io.hongyan.broker.server;

import io.moquette.broker.IRetainedRepository;
import io.moquette.broker.Server;

/**
 * Replaces Moquette's own stores, which have no limits, in a server that has just started, before any client connects.
 */
final class MoquetteStores {
    final LimitedRetained retained;
    final LimitedQueues queues;

    private MoquetteStores(LimitedRetained retained, LimitedQueues queues) {
        this.retained = retained;
        this.queues = queues;
    }

    /** @throws IllegalStateException this is not the expected version of Moquette */
    static MoquetteStores install(Server server, GenericLimits limits, GateCounters counters) {
        Object dispatcher = MoquetteInside.get(server, "dispatcher");
        IRetainedRepository unlimited = (IRetainedRepository) MoquetteInside.get(dispatcher, "retainedRepository");
        LimitedRetained retained = new LimitedRetained(unlimited, limits.retained(), counters);
        LimitedQueues queues = new LimitedQueues(limits.queues(), counters);
        MoquetteInside.set(dispatcher, "retainedRepository", retained);
        MoquetteInside.set(MoquetteInside.get(server, "sessions"), "queueRepository", queues);
        return new MoquetteStores(retained, queues);
    }
}
