package io.hongyan.im.adapter.redis;

import io.hongyan.im.adapter.redis.SessionKeys.Claim;
import io.hongyan.im.adapter.redis.SessionKeys.Claimed;
import io.hongyan.im.adapter.redis.SessionKeys.Ended;
import io.hongyan.im.adapter.redis.SessionKeys.Read;
import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.session.LocalSessionDirectory;
import io.hongyan.im.core.session.OnlineSession;
import io.hongyan.im.core.session.SessionDirectory;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Which users are online at which node, in Redis; this node's own sessions also in memory. While Redis is away a login
 * is decided by that memory alone, and is counted; when Redis is back, {@link #wantCheck} has all own sessions entered
 * again with their stamps, and the newest of each user stay.
 */
final class RedisSessionDirectory implements SessionDirectory {
    private static final int PAGE = 200;
    private static final int LOCKS = 1_024;
    private static final int RELEASES_MAX = 100_000;
    private static final long MICROS_PER_MILLI = 1_000;

    private final SessionKeys keys;
    private final NodeRegistry registry;
    private final String node;
    private final RedisCounters counters;
    private final InstantSource clock;

    private final LocalSessionDirectory memory = new LocalSessionDirectory();
    private final Map<ConnectionKey, Claim> own = new ConcurrentHashMap<>();
    private final LinkedBlockingDeque<Ended> releases = new LinkedBlockingDeque<>(RELEASES_MAX);

    /** One user's logins at this node come to Redis in the same order as to the memory. */
    private final Object[] claimLocks =
            Stream.generate(Object::new).limit(LOCKS).toArray();

    private volatile boolean checkWanted;
    private volatile long differenceMillis;
    // Only used by the keeper thread.
    private Iterator<Claim> checking = List.<Claim>of().iterator();

    /** Gets the results of a check. */
    interface Found {
        /** An own session was displaced. */
        void lost(OnlineSession own, OnlineSession winner);

        /** An own session has displaced one of another node. */
        void displaced(OnlineSession loser, OnlineSession own);
    }

    RedisSessionDirectory(
            SessionKeys keys, NodeRegistry registry, String node, RedisCounters counters, InstantSource clock) {
        this.keys = keys;
        this.registry = registry;
        this.node = node;
        this.counters = counters;
        this.clock = clock;
    }

    @Override
    public List<OnlineSession> claim(OnlineSession newcomer, int perClassMax) {
        String uid = newcomer.device().uid();
        synchronized (claimLocks[Math.floorMod(uid.hashCode(), LOCKS)]) {
            return enter(newcomer, perClassMax, memory.claim(newcomer, perClassMax), 0);
        }
    }

    /** While Redis is away, by the sessions of this node alone. */
    @Override
    public long returning(DeviceKey device, long tokenIssuedAt, long nowMillis) {
        long here = memory.returning(device, tokenIssuedAt, nowMillis);
        try {
            return keys.returning(device, tokenIssuedAt, nowMillis);
        } catch (RedisAwayException away) {
            return here;
        }
    }

    @Override
    public List<OnlineSession> reclaim(OnlineSession earlier, int perClassMax, long stamp) {
        String uid = earlier.device().uid();
        long given = stamp == 0 ? stampOf(earlier) : stamp;
        synchronized (claimLocks[Math.floorMod(uid.hashCode(), LOCKS)]) {
            List<OnlineSession> displacedHere =
                    memory.reclaim(earlier, perClassMax, session -> session == earlier ? given : stampHere(session));
            return enter(earlier, perClassMax, displacedHere, -given);
        }
    }

    @Override
    public long stamp(String uid, ConnectionKey connection) {
        Claim claim = own.get(connection);
        return claim == null ? 0 : claim.stamp();
    }

    private long stampHere(OnlineSession session) {
        Claim claim = own.get(session.connection());
        return claim == null ? stampOf(session) : claim.stamp();
    }

    /** How far the clock of Redis is ahead of that of this node: logins without Redis are ordered by it. */
    void clockDifference(long millis) {
        differenceMillis = millis;
        keys.clockDifference(millis);
    }

    /**
     * @param stamp 0 = of a new login; below 0 = its absolute value is that of an earlier login, unless Redis has one
     */
    private List<OnlineSession> enter(
            OnlineSession newcomer, int perClassMax, List<OnlineSession> displacedHere, long stamp) {
        String uid = newcomer.device().uid();
        List<OnlineSession> displaced = new ArrayList<>(displacedHere);
        long entered;
        try {
            Claimed claimed = keys.claim(new Claim(newcomer, perClassMax, stamp), registry.claimNames());
            entered = claimed.stamp();
            Set<ConnectionKey> known = new HashSet<>();
            displaced.forEach(session -> known.add(session.connection()));
            List<OnlineSession> losers = claimed.stays() ? claimed.displaced() : List.of(newcomer);
            losers.stream().filter(session -> known.add(session.connection())).forEach(displaced::add);
        } catch (RedisAwayException away) {
            counters.increment(RedisCounter.LOGINS_ALONE);
            entered = stamp == 0 ? stampAlone(uid) : -stamp;
        }
        own.put(newcomer.connection(), new Claim(newcomer, perClassMax, entered));
        displaced.forEach(session -> {
            own.remove(session.connection());
            memory.release(uid, session.connection());
        });
        return displaced;
    }

    private static long stampOf(OnlineSession session) {
        return session.loginAtMillis() * MICROS_PER_MILLI;
    }

    private long stampAlone(String uid) {
        long stamp = (clock.millis() + differenceMillis) * MICROS_PER_MILLI;
        for (OnlineSession session : memory.of(uid)) {
            Claim before = own.get(session.connection());
            stamp = before == null ? stamp : Math.max(stamp, before.stamp() + 1);
        }
        return stamp;
    }

    @Override
    public void release(String uid, ConnectionKey connection) {
        memory.release(uid, connection);
        own.remove(connection);
        if (!releases.offer(new Ended(uid, connection))) {
            // It counts as online until the user logs in again, or no node has refreshed it for long.
            counters.increment(RedisCounter.RELEASES_DROPPED);
        }
    }

    @Override
    public void lastSeen(Collection<LastSeen> lastSeen) {
        memory.lastSeen(lastSeen);
        List<LastSeen> page = new ArrayList<>(PAGE);
        try {
            for (LastSeen one : lastSeen) {
                page.add(one);
                if (page.size() == PAGE) {
                    note(page);
                    page.clear();
                }
            }
            if (!page.isEmpty()) {
                note(page);
            }
        } catch (RedisAwayException away) {
            // The next one has newer values.
            return;
        }
    }

    private void note(List<LastSeen> page) {
        keys.lastSeen(List.copyOf(page), LastSeen::uid, LastSeen::connection, LastSeen::lastPacketAtMillis);
    }

    @Override
    public List<OnlineSession> of(String uid) {
        List<Read> read;
        try {
            read = keys.of(uid);
        } catch (RedisAwayException away) {
            return here(uid);
        }
        List<OnlineSession> here = here(uid);
        List<OnlineSession> all = new ArrayList<>();
        Set<ConnectionKey> added = new HashSet<>();
        for (Read one : read) {
            OnlineSession session = one.held().session();
            if (one.held().node().equals(node)) {
                here.stream()
                        .filter(present -> present.connection().equals(session.connection()))
                        .forEach(all::add);
                added.add(session.connection());
            } else if (registry.mayLive(one.held().node())) {
                all.add(session);
            }
        }
        here.stream().filter(session -> !added.contains(session.connection())).forEach(all::add);
        return List.copyOf(all);
    }

    @Override
    public Set<String> onlineElsewhere(Collection<String> uids) {
        Set<String> online = new HashSet<>();
        List<String> all = List.copyOf(uids);
        try {
            for (int from = 0; from < all.size(); from += PAGE) {
                keys.ofAll(all.subList(from, Math.min(all.size(), from + PAGE))).forEach((uid, sessions) -> {
                    boolean elsewhere = sessions.stream()
                            .map(session -> session.held().node())
                            .anyMatch(holder -> !holder.equals(node) && registry.mayLive(holder));
                    if (elsewhere) {
                        online.add(uid);
                    }
                });
            }
        } catch (RedisAwayException away) {
            return online;
        }
        return online;
    }

    @Override
    public List<OnlineSession> here(String uid) {
        return memory.of(uid);
    }

    /** Sessions of this node. */
    int size() {
        return own.size();
    }

    /** All own sessions must be checked again. Any thread. */
    void wantCheck() {
        checkWanted = true;
    }

    /**
     * Checks some own sessions, if that was requested: sessions that Redis does not have are entered again, and
     * displaced ones are found. For one thread.
     *
     * @return whether there may be more
     * @throws RedisAwayException all are checked again later
     */
    boolean checkSome(Found found) {
        if (!checking.hasNext()) {
            if (!checkWanted) {
                return false;
            }
            checkWanted = false;
            checking = own.values().iterator();
        }
        List<Claim> page = new ArrayList<>(PAGE);
        while (checking.hasNext() && page.size() < PAGE) {
            page.add(checking.next());
        }
        if (!page.isEmpty()) {
            try {
                settle(page, keys.claimAll(page, registry.claimNames()), found);
            } catch (RedisAwayException away) {
                checking = List.<Claim>of().iterator();
                checkWanted = true;
                throw away;
            }
        }
        return checking.hasNext();
    }

    private void settle(List<Claim> page, List<Claimed> results, Found found) {
        counters.add(RedisCounter.SESSIONS_RECLAIMED, page.size());
        for (int i = 0; i < page.size(); i++) {
            OnlineSession session = page.get(i).session();
            Claimed result = results.get(i);
            boolean present = own.containsKey(session.connection());
            if (!present) {
                // It ended, or was displaced, while it was being entered.
                releases.offer(new Ended(session.device().uid(), session.connection()));
            } else if (!result.stays()) {
                counters.increment(RedisCounter.SESSIONS_LOST);
                own.remove(session.connection());
                memory.release(session.device().uid(), session.connection());
                found.lost(session, result.winner());
            }
            if (result.stays()) {
                result.displaced().forEach(loser -> {
                    own.remove(loser.connection());
                    memory.release(loser.device().uid(), loser.connection());
                    found.displaced(loser, session);
                });
            }
        }
    }

    /**
     * Removes some ended sessions from Redis. For one thread.
     *
     * @return whether there were any
     * @throws RedisAwayException it is tried again later
     */
    boolean releaseSome(long waitMillis) throws InterruptedException {
        Ended first = releases.poll(waitMillis, TimeUnit.MILLISECONDS);
        if (first == null) {
            return false;
        }
        List<Ended> page = new ArrayList<>(PAGE);
        page.add(first);
        releases.drainTo(page, PAGE - 1);
        try {
            keys.release(page);
            return true;
        } catch (RedisAwayException away) {
            for (Ended ended : page) {
                if (!releases.offerFirst(ended)) {
                    counters.increment(RedisCounter.RELEASES_DROPPED);
                }
            }
            throw away;
        }
    }
}
