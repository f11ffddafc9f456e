package io.hongyan.broker.server;

import io.moquette.broker.IRetainedRepository;
import io.moquette.broker.Server;

/**
 * Puts stores with limits in the place of Moquette's own, which have none, in a server that has just started, before any client
 * is in it.
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
        Object dispatcher = MoquetteInside.get(server, "dispatcher");
        IRetainedRepository unlimited = (IRetainedRepository) MoquetteInside.get(dispatcher, "retainedRepository");
        LimitedRetained retained = new LimitedRetained(unlimited, limits.retained(), counters);
        LimitedQueues queues = new LimitedQueues(limits.queues(), counters);
        MoquetteInside.set(dispatcher, "retainedRepository", retained);
        MoquetteInside.set(MoquetteInside.get(server, "sessions"), "queueRepository", queues);
        return new MoquetteStores(retained, queues);
    }
}
