package io.hongyan.broker.server;

import io.hongyan.broker.hook.BrokerHook;
import io.hongyan.broker.hook.ConnectionId;
import io.hongyan.broker.hook.DisconnectCause;
import io.hongyan.broker.hook.LastPacket;
import io.hongyan.runtime.FatalErrors;
import io.hongyan.runtime.RateLimitedLog;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the connections of one server share. All event loops and the node's threads may use it. */
final class Gate {
    private static final Logger LOG = LoggerFactory.getLogger(Gate.class);
    static final long NANOS_PER_MILLI = 1_000_000;

    final BrokerConfig config;
    final BrokerHook hook;
    final GateCounters counters = new GateCounters();
    final Clients clients = new Clients();
    final KeptSessions keptSessions;
    final AddressCounts addresses;
    final HandshakeBudget handshakes;
    final LoginGuard logins;
    final Shares<String> users = new Shares<>();
    /** The traffic of all clients together. */
    final Share traffic = new Share();
    /** Sums up what clients cause. */
    final RateLimitedLog log = new RateLimitedLog(LOG::warn);

    /**
     * Whether the node is unreachable; written by {@link GatePresence}. Each loop has its own field for the state that
     * it has processed.
     */
    volatile boolean nodeAway;
    /** The node is to be asked nothing more than what clients have sent already. */
    volatile boolean nodeFull;

    /** Null until the server has started; no client is accepted before. */
    volatile MoquetteStores stores;

    /** Null until the server has started. */
    volatile MoquetteLoops loopsOfMoquette;

    private volatile ClientLimits limits;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final long startNanos;
    private final byte[] secret;
    private final Consumer<String> purge;
    final Draining draining = new Draining(this);
    private final AtomicLong lastNumber = new AtomicLong();
    private final AtomicInteger loopCount = new AtomicInteger();
    private final ConcurrentHashMap<ConnectionId, Connection> connections = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<EventLoop, GateLoop> loops = new ConcurrentHashMap<>();

    /** @param purge removes a client id from Moquette */
    Gate(
            BrokerConfig config,
            BrokerHook hook,
            Clock clock,
            LongSupplier nanoTime,
            byte[] secret,
            Consumer<String> purge) {
        this.config = config;
        this.hook = hook;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.startNanos = nanoTime.getAsLong();
        this.secret = secret;
        this.purge = purge;
        this.keptSessions = new KeptSessions(counters, config.generic());
        this.limits = new ClientLimits(config.flood(), config.packets(), config.flow());
        this.addresses = new AddressCounts(this);
        this.handshakes = new HandshakeBudget(this);
        this.logins = new LoginGuard(this);
    }

    /** Nanoseconds since the gate was made. */
    long nowNanos() {
        return nanoTime.getAsLong() - startNanos;
    }

    /** Milliseconds since the gate was made. */
    long nowMillis() {
        return nowNanos() / NANOS_PER_MILLI;
    }

    /** The same for fields that are compared by difference only. */
    int now() {
        return (int) nowMillis();
    }

    byte[] secret() {
        return secret.clone();
    }

    /** The current limits; those of the configuration hold only at the start. */
    ClientLimits limits() {
        return limits;
    }

    FloodLimits flood() {
        return limits.flood();
    }

    void changeLimits(ClientLimits changed) {
        limits = changed;
    }

    ConnectionId nextId() {
        return new ConnectionId(config.gate(), lastNumber.incrementAndGet());
    }

    GateLoop loop(Channel channel) {
        return loops.computeIfAbsent(
                channel.eventLoop(), loop -> new GateLoop(this, loop, loopCount.getAndIncrement()));
    }

    Collection<GateLoop> loops() {
        return loops.values();
    }

    void register(Connection connection) {
        connections.put(connection.id, connection);
    }

    /** Null if it has ended. */
    Connection connection(ConnectionId id) {
        return connections.get(id);
    }

    Collection<Connection> connections() {
        return connections.values();
    }

    void closed(Connection connection) {
        connections.remove(connection.id);
        handshakes.leave(connection);
        addresses.closed(connection.address);
        if (connection.userShare != null) {
            users.close(connection.client().user());
        }
        counters.increment(GateCounter.CONNECTIONS_CLOSED);
    }

    void connected(Connection connection) {
        handshakes.leave(connection);
        notice("connected", () -> hook.connected(connection.id));
    }

    void disconnected(ConnectionId id, DisconnectCause cause, int lastPacketMillis, int sessionExpirySeconds) {
        long at = timeOf(lastPacketMillis);
        notice("disconnected", () -> hook.disconnected(id, cause, at, sessionExpirySeconds));
    }

    /** Milliseconds since 1970 of a moment given by {@link #now}. */
    long timeOf(int millis) {
        return clock.millis() - (now() - millis);
    }

    void delivered(ConnectionId id, long token) {
        try {
            hook.delivered(id, token);
        } catch (Throwable failure) {
            nodeFailed("delivered", failure);
        }
    }

    void lastSeen(List<LastPacket> packets) {
        notice("last seen", () -> hook.lastSeen(packets));
    }

    /** @param question in words of the code: each has a line of its own in the log */
    void nodeFailed(String question, Throwable failure) {
        counters.increment(GateCounter.NODE_FAILURES);
        log.count("the node failed at " + question, () -> failure == null ? "no answer" : EndLog.words(failure));
        FatalErrors.escalate(failure);
    }

    void connectionFailed(ConnectionId id, Throwable failure) {
        LOG.debug("Connection {} failed", id, failure);
    }

    /** A task of the gate itself failed for one connection, which ends; {@link EndLog} logs it. */
    void taskFailed(ConnectionId id, Throwable failure) {
        counters.increment(GateCounter.TASKS_FAILED);
        LOG.debug("A task of connection {} failed", id, failure);
        FatalErrors.escalate(failure);
    }

    /** Moquette failed at a command; connection is null if none led to it. On any thread. */
    void moquetteFailed(Connection cause, Throwable failure) {
        if (cause != null) {
            cause.loop.post(new ConnectionMail(cause, connection -> connection.taskFailed(failure)));
            return;
        }
        counters.increment(GateCounter.TASKS_FAILED);
        log.count("a command of Moquette failed", () -> EndLog.words(failure));
        FatalErrors.escalate(failure);
    }

    /** A client has left Moquette; its session stays for its expiry time, or ends now. */
    void leftMoquette(Connection connection, SessionMemory memory) {
        if (!keptSessions.ended(connection, memory, nowMillis())) {
            forgetSession(connection.client().clientId());
        }
    }

    /** Has Moquette drop the sessions that have expired. */
    void forgetEndedSessions() {
        keptSessions.takeEnded(nowMillis()).forEach(this::forgetSession);
    }

    /** Moquette is to drop the session of this client after the commands it already has for it. */
    void forgetSession(String clientId) {
        MoquetteLoops running = loopsOfMoquette;
        if (running != null) {
            running.forget(clientId);
        }
    }

    /** The state of this client in Moquette is not known. */
    void purgeFromMoquette(String clientId) {
        keptSessions.forget(clientId);
        purge.accept(clientId);
    }

    private void notice(String name, Runnable call) {
        try {
            call.run();
        } catch (Throwable failure) {
            nodeFailed(name, failure);
        }
    }
}
