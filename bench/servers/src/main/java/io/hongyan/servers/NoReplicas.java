package io.hongyan.servers;

import org.apache.rocketmq.store.ha.DefaultHAService;

/**
 * Replication for a broker that has no replicas: listens to nobody. The one that comes with the broker would open a port
 * on all addresses. Named in {@code META-INF/service}, from where the broker takes it.
 */
public final class NoReplicas extends DefaultHAService {

    @Override
    public void start() {}

    @Override
    public void shutdown() {}
}
