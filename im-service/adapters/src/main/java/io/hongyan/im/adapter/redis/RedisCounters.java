package io.hongyan.im.adapter.redis;

import io.hongyan.metrics.Counters;
import java.util.concurrent.atomic.AtomicLong;

/** What the node's part in the cluster counts since it started. */
public final class RedisCounters extends Counters<RedisCounter> {
    final AtomicLong lagMillis = new AtomicLong();

    RedisCounters() {
        super(RedisCounter.class);
    }

    /** Age of what came last from another node, by the clocks of both. */
    public long lagMillis() {
        return lagMillis.get();
    }
}
