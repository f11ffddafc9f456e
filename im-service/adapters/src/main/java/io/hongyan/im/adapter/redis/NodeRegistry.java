package io.hongyan.im.adapter.redis;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The live nodes: each renews a lease, by the clock of Redis. One thread renews, any may ask. */
final class NodeRegistry {
    private static final String ALL = "*";
    private static final Script RENEW = Script.named("renew");

    private final RedisLink link;
    private final String seenKey;
    private final String infoKey;
    private final long leaseMillis;
    private final long forgetMillis;

    private volatile Map<String, NodeInfo> live = Map.of();
    private volatile boolean settled;

    /**
     * @param goodBefore whether the lease had not expired before
     * @param atMillis by the clock of Redis
     */
    record Renewal(boolean goodBefore, long atMillis, Set<String> come, Set<String> gone) {}

    /** @param forgetMillis after which a dead node is forgotten */
    NodeRegistry(RedisLink link, String prefix, long leaseMillis, long forgetMillis) {
        this.link = link;
        // In one slot of a Redis Cluster.
        this.seenKey = prefix + ":{nodes}:seen";
        this.infoKey = prefix + ":{nodes}:info";
        this.leaseMillis = leaseMillis;
        this.forgetMillis = forgetMillis;
    }

    /**
     * Renews its own lease and reads which nodes live.
     *
     * @throws RedisAwayException the earlier list stays
     */
    Renewal renew(NodeInfo self) {
        List<?> answer = (List<?>) link.call(
                1,
                redis -> RENEW.run(
                        redis,
                        List.of(seenKey, infoKey),
                        List.of(self.name(), self.encoded(), Long.toString(leaseMillis), Long.toString(forgetMillis))));
        Map<String, NodeInfo> now = new LinkedHashMap<>();
        for (int i = 2; i < answer.size(); i += 2) {
            String name = (String) answer.get(i);
            now.put(name, NodeInfo.decoded(name, (String) answer.get(i + 1)));
        }
        Map<String, NodeInfo> before = live;
        live = Map.copyOf(now);
        return new Renewal(
                "1".equals(answer.get(0)),
                Long.parseLong((String) answer.get(1)),
                without(now, before),
                without(before, now));
    }

    private static Set<String> without(Map<String, NodeInfo> these, Map<String, NodeInfo> those) {
        return Set.copyOf(
                these.keySet().stream().filter(name -> !those.containsKey(name)).toList());
    }

    /** Ends the own lease. */
    void leave(String name) {
        link.call(2, redis -> {
            redis.zrem(seenKey, name);
            return redis.hdel(infoKey, name);
        });
    }

    /** Whether a node lives, or is not known to be dead. */
    boolean mayLive(String name) {
        return !settled || live.containsKey(name);
    }

    /** For the script that enters sessions: the live nodes, or one name for all of them while they are not known. */
    List<String> claimNames() {
        return settled ? List.copyOf(live.keySet()) : List.of(ALL);
    }

    /**
     * Other nodes may not have renewed their leases yet, because this node, or Redis, has just started: until
     * {@link #settle} no node counts as dead.
     */
    void unsettle() {
        settled = false;
    }

    void settle() {
        settled = true;
    }

    /** Names of the live nodes, as last read. */
    Set<String> names() {
        return live.keySet();
    }

    List<NodeInfo> nodes() {
        return new ArrayList<>(live.values());
    }
}
