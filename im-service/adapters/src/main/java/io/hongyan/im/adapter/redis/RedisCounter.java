package io.hongyan.im.adapter.redis;

import io.hongyan.metrics.Counter;

/** What the node's part in the cluster counts; the names are those of the metrics page. */
public enum RedisCounter implements Counter {
    COMMANDS("redis_commands_total", "Commands to Redis"),
    FAILURES("redis_failures_total", "Commands to Redis that failed"),
    OUTAGES("redis_outages_total", "Times that Redis was taken to be away"),
    SENT_BATCHES("peer_sent_batches_total", "Batches of node notices sent"),
    SENT_NOTICES("peer_sent_notices_total", "Node notices sent"),
    SENT_BYTES("peer_sent_bytes_total", "Bytes of node notices sent"),
    LOST_NOTICES("peer_lost_notices_total", "Node notices that did not fit or could not be sent"),
    RECEIVED_BATCHES("peer_received_batches_total", "Batches of node notices received"),
    RECEIVED_NOTICES("peer_received_notices_total", "Node notices received"),
    RECEIVED_BYTES("peer_received_bytes_total", "Bytes of node notices received"),
    GAPS("peer_gaps_total", "Times that node notices of another node were missing"),
    HEALS("peer_heals_total", "Times that everything was compared as node notices were missing"),
    SUBSCRIPTIONS("peer_subscriptions_total", "Times that a node was listened to anew"),
    LOGINS_ALONE("cluster_logins_alone_total", "Logins that displaced nobody on other nodes, as Redis was away"),
    SESSIONS_RECLAIMED("cluster_sessions_reclaimed_total", "Sessions entered again after an outage"),
    SESSIONS_LOST("cluster_sessions_lost_total", "Sessions found displaced without having been told"),
    RELEASES_DROPPED("cluster_releases_dropped_total", "Ended sessions that Redis was not told of, as too many waited"),
    LEASES_LAPSED("cluster_leases_lapsed_total", "Times that this node said nothing for longer than its lease");

    private final String metric;
    private final String help;

    RedisCounter(String metric, String help) {
        this.metric = metric;
        this.help = help;
    }

    @Override
    public String metric() {
        return metric;
    }

    @Override
    public String help() {
        return help;
    }
}
