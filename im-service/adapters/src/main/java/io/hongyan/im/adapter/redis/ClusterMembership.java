package io.hongyan.im.adapter.redis;

import io.hongyan.im.adapter.redis.RedisNoticePublisher.Publisher;
import io.hongyan.im.core.cluster.GateInfo;
import io.hongyan.im.core.cluster.NodeNoticeHandler;
import io.hongyan.im.core.cluster.OtherNodes;
import io.hongyan.im.core.session.OnlineSession;
import io.hongyan.im.core.session.SessionDirectory;
import io.hongyan.im.core.session.Sessions;
import io.hongyan.runtime.ThreadWatch;
import io.hongyan.runtime.WatchedThreads;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's part in a cluster that shares a Redis: its lease, its sessions, and the notices to and from the other
 * nodes. Redis need not be up: the node works alone, and joins when it can.
 */
public final class ClusterMembership implements WatchedThreads {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterMembership.class);
    private static final long WAIT_MILLIS = 100;
    private static final long RELEASE_WAIT_MILLIS = 50;
    private static final long STOP_MILLIS = 2_000;
    private static final long DAY_MILLIS = 86_400_000;

    private final RedisCounters counters = new RedisCounters();
    private final RedisLink link;
    private final NodeRegistry registry;
    private final RedisSessionDirectory sessions;
    private final RedisNoticePublisher otherNodes;
    private final String channelPrefix;
    private final NodeNoticeLimits limits;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final ThreadFactory threads;
    private final List<Thread> running = new ArrayList<>();

    private volatile NodeInfo self;
    private final CountDownLatch stopped = new CountDownLatch(1);

    // Set by start(); the rest is the keeper's.
    private NodeNoticeHandler fromNodes;
    private Supplier<List<GateInfo>> ownGates;
    private Supplier<Map<String, String>> ownAddresses;
    private RedisSessionDirectory.Found found;
    private final Map<String, NodeSubscription> subscriptions = new HashMap<>();
    private final List<Thread> listening = new ArrayList<>();
    private long renewAtNanos;
    private long checkAtNanos;
    private long settleAtNanos;
    private long recoveriesSeen;
    private boolean joined;

    /**
     * @param self this node
     * @param nanos a clock that only goes forward
     * @param threads makes the threads of {@link #start}
     */
    public ClusterMembership(
            RedisOptions settings, NodeInfo self, InstantSource clock, LongSupplier nanos, ThreadFactory threads) {
        this(settings, NodeNoticeLimits.DEFAULT, self, clock, nanos, threads, UnaryOperator.identity());
    }

    /** @param decorator wraps what sends to the other nodes */
    ClusterMembership(
            RedisOptions settings,
            NodeNoticeLimits limits,
            NodeInfo self,
            InstantSource clock,
            LongSupplier nanos,
            ThreadFactory threads,
            UnaryOperator<Publisher> decorator) {
        this.self = self;
        this.limits = limits;
        this.clock = clock;
        this.nanos = nanos;
        this.threads = threads;
        link = new RedisLink(settings, counters, nanos);
        registry = new NodeRegistry(link, settings.prefix(), limits.leaseMillis(), DAY_MILLIS);
        SessionKeys keys = new SessionKeys(link, settings.prefix(), self.name(), DAY_MILLIS);
        sessions = new RedisSessionDirectory(keys, registry, self.name(), counters, clock);
        channelPrefix = settings.prefix() + ":node:";
        byte[] channel = channel(self.name()).getBytes(StandardCharsets.UTF_8);
        otherNodes = new RedisNoticePublisher(
                decorator.apply(bytes -> link.publish(channel, bytes)), limits, counters, clock);
    }

    RedisLink link() {
        return link;
    }

    public SessionDirectory sessions() {
        return sessions;
    }

    public OtherNodes otherNodes() {
        return otherNodes;
    }

    public RedisCounters counters() {
        return counters;
    }

    /** The other live nodes, as last read. */
    public List<NodeInfo> others() {
        return registry.nodes().stream()
                .filter(node -> !node.name().equals(self.name()))
                .toList();
    }

    /** Live nodes, as last read. */
    public List<NodeInfo> nodes() {
        return registry.nodes();
    }

    /** Notices that wait to be sent to other nodes. */
    public int waiting() {
        return otherNodes.waiting();
    }

    /** Whether Redis does not answer now. */
    public boolean isAway() {
        return link.isAway();
    }

    /**
     * Joins the cluster: before the first client connects, and before clients of other nodes send to it.
     *
     * @param gates addresses of this node's gates for clients; does not block
     * @param addresses of this node, by purpose; does not block
     */
    public void start(
            NodeNoticeHandler taking,
            Sessions open,
            Supplier<List<GateInfo>> gates,
            Supplier<Map<String, String>> addresses) {
        fromNodes = taking;
        ownGates = gates;
        ownAddresses = addresses;
        found = new RedisSessionDirectory.Found() {
            @Override
            public void lost(OnlineSession own, OnlineSession winner) {
                boolean sameDevice = own.device().equals(winner.device());
                open.displacedHere(own.connection(), winner.device().device(), sameDevice, clock.millis());
            }

            @Override
            public void displaced(OnlineSession loser, OnlineSession own) {
                open.displaced(loser, own);
            }
        };
        renewAtNanos = nanos.getAsLong();
        checkAtNanos = renewAtNanos + TimeUnit.MILLISECONDS.toNanos(limits.checkMillis());
        keep(0);
        begin("redis-keeper", this::keepUntilStopped);
        begin("redis-peers", this::sendUntilStopped);
    }

    private void begin(String name, Runnable work) {
        Thread thread = threads.newThread(work);
        thread.setName(name);
        running.add(thread);
        thread.start();
    }

    @Override
    public void watch(ThreadWatch watch) {
        for (Thread thread : running) {
            watch.mustLive("the thread " + thread.getName(), thread::isAlive);
        }
    }

    private void sendUntilStopped() {
        try {
            boolean found = true;
            while (found || !stopping()) {
                found = sendOnce();
            }
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean sendOnce() throws InterruptedException {
        try {
            return otherNodes.runOnce(WAIT_MILLIS);
        } catch (RuntimeException mistake) {
            LOG.error("notices of this node could not be sent; the other nodes will compare heads", mistake);
            otherNodes.loseSome(1);
            return false;
        }
    }

    private void keepUntilStopped() {
        try {
            while (!stopping()) {
                keep(RELEASE_WAIT_MILLIS);
            }
            leave();
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
        }
    }

    private void keep(long waitMillis) {
        if (link.isAway()) {
            fromNodes.alone();
        }
        try {
            long now = nanos.getAsLong();
            if (now - renewAtNanos >= 0) {
                renewAtNanos = now + TimeUnit.MILLISECONDS.toNanos(limits.renewMillis());
                renew(now);
            }
            if (now - checkAtNanos >= 0) {
                checkAtNanos = now + TimeUnit.MILLISECONDS.toNanos(limits.checkMillis());
                sessions.wantCheck();
            }
            subscriptions.values().forEach(one -> one.breakOffIfSilent(limits.silenceMillis()));
            boolean more = joined && sessions.checkSome(found);
            sessions.releaseSome(more ? 0 : waitMillis);
        } catch (RedisAwayException away) {
            pause(waitMillis);
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
            stopped.countDown();
        } catch (RuntimeException mistake) {
            LOG.error("the node could not renew its lease and sessions in Redis; it will try again", mistake);
            pause(waitMillis);
        }
    }

    private boolean stopping() {
        return stopped.getCount() == 0;
    }

    private void pause(long millis) {
        try {
            stopped.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
            stopped.countDown();
        }
    }

    private void renew(long now) {
        NodeRegistry.Renewal renewal;
        try {
            self = self.with(ownAddresses.get(), sessions.size(), ownGates.get());
            long before = clock.millis();
            renewal = registry.renew(self);
            sessions.clockDifference(renewal.atMillis() - (before + clock.millis()) / 2);
        } catch (RedisAwayException away) {
            registry.unsettle();
            throw away;
        }
        boolean cameBack = link.recoveries() != recoveriesSeen;
        recoveriesSeen = link.recoveries();
        if (!joined || cameBack || !renewal.goodBefore()) {
            registry.unsettle();
            settleAtNanos = now + TimeUnit.MILLISECONDS.toNanos(limits.leaseMillis());
        } else if (now - settleAtNanos >= 0) {
            registry.settle();
        }
        follow(registry.names());
        if (joined && !renewal.goodBefore()) {
            counters.increment(RedisCounter.LEASES_LAPSED);
        }
        if (joined && (cameBack || !renewal.goodBefore())) {
            // The others too: commands of this node to which Redis did not answer may have had an effect, and nobody
            // was told.
            otherNodes.loseSome(1);
            missed();
        } else if (joined && !renewal.gone().isEmpty()) {
            missed();
        }
        joined = true;
    }

    /** Notices may have been sent, or changes made, of which this node does not know. */
    private void missed() {
        counters.increment(RedisCounter.HEALS);
        sessions.wantCheck();
        fromNodes.missed();
    }

    private void follow(Set<String> names) {
        subscriptions.entrySet().removeIf(entry -> {
            boolean gone = !names.contains(entry.getKey());
            if (gone) {
                entry.getValue().close();
            }
            return gone;
        });
        listening.removeIf(thread -> !thread.isAlive());
        for (String name : names) {
            if (!name.equals(self.name()) && !subscriptions.containsKey(name)) {
                NodeNoticeReceiver receiver = new NodeNoticeReceiver(fromNodes::take, this::missed, counters, clock);
                NodeSubscription subscription = new NodeSubscription(link, channel(name), receiver, nanos);
                subscriptions.put(name, subscription);
                Thread thread = threads.newThread(subscription::run);
                thread.setName("redis-from-" + name);
                listening.add(thread);
                thread.start();
            }
        }
    }

    private String channel(String name) {
        return channelPrefix + name;
    }

    private void leave() throws InterruptedException {
        subscriptions.values().forEach(NodeSubscription::close);
        try {
            while (sessions.releaseSome(0)) {
                // There may be more.
            }
            registry.leave(self.name());
        } catch (RedisAwayException away) {
            LOG.debug("the lease of this node will expire by itself");
        }
    }

    /** Sends waiting notices and leaves the cluster; its sessions must be closed by then. */
    public void close() throws InterruptedException {
        stopped.countDown();
        for (Thread thread : running) {
            thread.join(STOP_MILLIS);
            thread.interrupt();
        }
        for (Thread thread : listening) {
            thread.join(STOP_MILLIS);
        }
        link.close();
    }
}
