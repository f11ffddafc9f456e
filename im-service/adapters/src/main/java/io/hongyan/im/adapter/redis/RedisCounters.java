package io.hongyan.im.adapter.redis;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ObjLongConsumer;

/** Counters of the node's part in the cluster since it started. Any thread may add; the metrics page reads. */
public final class RedisCounters {
    final LongAdder commands = new LongAdder();
    final LongAdder failures = new LongAdder();
    final LongAdder outages = new LongAdder();
    final LongAdder sentBatches = new LongAdder();
    final LongAdder sentNotices = new LongAdder();
    final LongAdder sentBytes = new LongAdder();
    final LongAdder lostNotices = new LongAdder();
    final LongAdder receivedBatches = new LongAdder();
    final LongAdder receivedNotices = new LongAdder();
    final LongAdder receivedBytes = new LongAdder();
    final LongAdder gaps = new LongAdder();
    final LongAdder heals = new LongAdder();
    final LongAdder subscriptions = new LongAdder();
    final LongAdder loginsAlone = new LongAdder();
    final LongAdder sessionsReclaimed = new LongAdder();
    final LongAdder sessionsLost = new LongAdder();
    final LongAdder releasesDropped = new LongAdder();
    final LongAdder leasesLapsed = new LongAdder();
    final AtomicLong lagMillis = new AtomicLong();

    /**
     * Names follow the Prometheus form without a prefix; those that end in {@code _total} only rise, the others are values
     * of now.
     */
    public void forEach(ObjLongConsumer<String> consumer) {
        consumer.accept("redis_commands_total", commands.sum());
        consumer.accept("redis_failures_total", failures.sum());
        consumer.accept("redis_outages_total", outages.sum());
        consumer.accept("peer_sent_batches_total", sentBatches.sum());
        consumer.accept("peer_sent_notices_total", sentNotices.sum());
        consumer.accept("peer_sent_bytes_total", sentBytes.sum());
        consumer.accept("peer_lost_notices_total", lostNotices.sum());
        consumer.accept("peer_received_batches_total", receivedBatches.sum());
        consumer.accept("peer_received_notices_total", receivedNotices.sum());
        consumer.accept("peer_received_bytes_total", receivedBytes.sum());
        consumer.accept("peer_gaps_total", gaps.sum());
        consumer.accept("peer_heals_total", heals.sum());
        consumer.accept("peer_subscriptions_total", subscriptions.sum());
        consumer.accept("peer_lag_millis", lagMillis.get());
        consumer.accept("cluster_logins_alone_total", loginsAlone.sum());
        consumer.accept("cluster_sessions_reclaimed_total", sessionsReclaimed.sum());
        consumer.accept("cluster_sessions_lost_total", sessionsLost.sum());
        consumer.accept("cluster_releases_dropped_total", releasesDropped.sum());
        consumer.accept("cluster_leases_lapsed_total", leasesLapsed.sum());
    }
}
