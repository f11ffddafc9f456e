package io.hongyan.servers;

import org.apache.rocketmq.store.ha.DefaultHAService;

/**
 * Replication for a broker that has no replicas: does not listen. The broker's own implementation would open a port on
 * all addresses. Named in {@code META-INF/service}, where the broker looks for it.
 */
public final class NoReplicas extends DefaultHAService {

    @Override
    public void start() {}

    @Override
    public void shutdown() {}
}
