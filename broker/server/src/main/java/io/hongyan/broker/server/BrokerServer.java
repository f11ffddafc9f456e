package io.hongyan.broker.server;

import io.hongyan.broker.hook.BrokerControl;
import io.hongyan.broker.hook.BrokerHook;
import io.hongyan.broker.hook.DisconnectCause;
import io.hongyan.broker.hook.NodePresence;
import io.hongyan.broker.server.listen.Edge;
import io.hongyan.broker.server.listen.Listener;
import io.hongyan.broker.server.listen.Port;
import io.hongyan.broker.server.listen.Port.Service;
import io.hongyan.runtime.RateLimitedLog;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/**
 * An MQTT server whose node decides about logins and handles the topics it has claimed; Moquette, behind the gate,
 * serves all other MQTT. Several may run in one process.
 */
public final class BrokerServer implements AutoCloseable {
    private static final int SECRET_BYTES = 24;
    private static final int CLOSE_MILLIS = 3_000;
    private static final int CLOSE_STEP_MILLIS = 10;

    private final BrokerConfig config;
    private final Gate gate;
    private final MoquetteServer moquette;
    private final BrokerControl control;
    private final NodePresence presence;
    private final Edge edge;
    private final boolean ownEdge;
    private final GatePipeline pipeline;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final MemoryGuard memory;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Must be called before anything else in the process uses Netty, if a server is to be created later. */
    public static void prepare() {
        GateExtension.enable();
    }

    /** With plain listeners only. */
    public BrokerServer(BrokerConfig config, BrokerHook hook, Clock clock, LongSupplier nanoTime, SecureRandom random) {
        this(config, Edge.open(nanoTime), true, hook, clock, nanoTime, random);
    }

    /**
     * @param edge the threads, TLS and proxies of connections; stays open when this server is closed
     * @param clock gives the time of day for reports
     * @param nanoTime a clock that never jumps, for deadlines
     * @param random makes the secret between gate and Moquette
     */
    public BrokerServer(
            BrokerConfig config, Edge edge, BrokerHook hook, Clock clock, LongSupplier nanoTime, SecureRandom random) {
        this(config, edge, false, hook, clock, nanoTime, random);
    }

    private BrokerServer(
            BrokerConfig config,
            Edge edge,
            boolean ownEdge,
            BrokerHook hook,
            Clock clock,
            LongSupplier nanoTime,
            SecureRandom random) {
        this.config = config;
        this.edge = edge;
        this.ownEdge = ownEdge;
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        byte[] secret = HexFormat.of().formatHex(bytes).getBytes(StandardCharsets.US_ASCII);
        this.moquette = new MoquetteServer(config, secret);
        this.gate = new Gate(config, hook, clock, nanoTime, secret, moquette::purge);
        this.control = new GateControl(gate);
        this.presence = new GatePresence(gate);
        this.pipeline = new GatePipeline(gate, moquette::handler);
        this.memory = new MemoryGuard(gate, DirectMemory.ofProcess());
        edge.handshakes().exempt(config.flood().networks().exempt());
    }

    /**
     * Binds the listeners; on return clients can connect.
     *
     * @throws UncheckedIOException one cannot be bound
     */
    public void start() {
        moquette.start(gate.counters);
        gate.loopsOfMoquette = moquette.guard(gate::moquetteFailed);
        // From now on connections are accepted.
        gate.stores = moquette.stores();
        for (Port port : config.listeners().ports()) {
            try {
                listeners.add(Listener.bind(
                        port, edge, port.service() == Service.MQTT ? pipeline::fill : pipeline::fillForWebSocket));
            } catch (IOException unable) {
                throw new UncheckedIOException(unable.getMessage(), unable);
            }
        }
    }

    /** What the node may ask of this server. */
    public BrokerControl control() {
        return control;
    }

    /**
     * Gets the news of a node in another process, whether it is reachable; until the first call the node counts as
     * reachable.
     */
    public NodePresence presence() {
        return presence;
    }

    /**
     * Takes over a connection that another server has accepted, and that asks for a WebSocket; on its event loop.
     *
     * @param request whole; released here. The HTTP codec is in the pipeline in front of what this adds.
     */
    public void takeWebSocket(Channel channel, FullHttpRequest request) {
        pipeline.upgrade(channel, request);
    }

    /**
     * Whether a new connection of another server of this process must be closed because {@code flood.deny} names the network of its
     * client; counted and logged with those at the broker's own ports.
     */
    public boolean denies(Channel channel) {
        return gate.addresses.denies(channel);
    }

    /** The bound plain MQTT port, -1 if there is no such listener. */
    public int mqttPort() {
        return port(Service.MQTT, false);
    }

    /** The bound plain WebSocket port, -1 if there is no such listener. */
    public int webSocketPort() {
        return port(Service.WEB_SOCKET, false);
    }

    /** The bound port, -1 if there is no such listener. */
    public int port(Service service, boolean tls) {
        return listeners.stream()
                .filter(listener ->
                        listener.port().service() == service && listener.port().tls() == tls)
                .map(Listener::number)
                .findFirst()
                .orElse(-1);
    }

    public GateCounters counters() {
        return gate.counters;
    }

    /** How many retained messages there are now. */
    public int retainedMessages() {
        return gate.stores.retained.size();
    }

    /** Bytes of retained messages now. */
    public long retainedBytes() {
        return gate.stores.retained.bytes();
    }

    /** Bytes of messages that wait for sessions now. */
    public long queuedBytes() {
        return gate.stores.queues.bytes();
    }

    /** How many milliseconds late the slowest event loop is; it rises while a loop is stuck. */
    public long loopLagMillis() {
        long most = 0;
        for (GateLoop loop : gate.loops()) {
            most = Math.max(most, loop.lagMillis());
        }
        return most;
    }

    /** The current limits on clients. */
    public ClientLimits limits() {
        return gate.limits();
    }

    /** The limits made of the current ones apply from now on, as {@link ClientLimits} says; open connections stay. */
    public synchronized void changeLimits(UnaryOperator<ClientLimits> change) {
        ClientLimits limits = change.apply(gate.limits());
        gate.changeLimits(limits);
        edge.handshakes().exempt(limits.flood().networks().exempt());
    }

    /** How many unfinished TLS handshakes an address may have from now on, at all ports of the process. */
    public void changeHandshakesPerAddressMax(int handshakes) {
        edge.handshakes().limit(handshakes);
    }

    /** Closes clients if there is too little memory for buffers; called a few times a second, by one thread. */
    public void shedMemory() {
        memory.look();
    }

    /** Share of the direct memory that buffers hold, 0 to 1. */
    public double directMemoryUsed() {
        return memory.used();
    }

    /** Forgets addresses, users and sessions that are not needed any more; called every few seconds. */
    public void forgetIdle() {
        gate.forgetEndedSessions();
        gate.addresses.forgetIdle();
        gate.users.forgetIdle(gate.nowMillis());
    }

    /** Sockets open now that are not logged in. */
    public int handshakes() {
        return gate.handshakes.sockets();
    }

    /** Writes a summary of what clients caused to the log; called every {@link RateLimitedLog#PERIOD_MILLIS}. */
    public void summarizeLog() {
        gate.log.summarize();
    }

    Gate gate() {
        return gate;
    }

    /** Connections open now. */
    public int connections() {
        return gate.addresses.total();
    }

    /**
     * Direct memory that Netty uses in this process, which the JVM's own figures do not include; 0 if Netty does not
     * count it.
     */
    public long networkMemoryBytes() {
        return Math.max(0, PlatformDependent.usedDirectMemory());
    }

    /** False if the process should be replaced: some clients are not served any more. */
    public boolean healthy() {
        return moquette.healthy();
    }

    /** Clients that are connecting or connected. */
    public int clients() {
        return gate.connections().size();
    }

    /**
     * Refuses new clients and, with each {@link #drainStep}, moves some of the others away. A second call changes the
     * plan.
     */
    public void drain(DrainPlan plan) {
        gate.draining.begin(plan);
    }

    /** Accepts clients again. */
    public void undrain() {
        gate.draining.end();
    }

    /** The plan of the current drain, null if there is none. */
    public DrainPlan drainPlan() {
        return gate.draining.plan();
    }

    /** Moves away the clients whose turn has come; called periodically. */
    public void drainStep() {
        gate.draining.step();
    }

    /** Accepts no new connections; open ones stay. */
    public void stopAccepting() {
        listeners.forEach(Listener::close);
    }

    /** Tells every client that the server stops, closes the connections and stops. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        stopAccepting();
        gate.connections()
                .forEach(connection -> control.disconnect(connection.id, DisconnectCause.SERVER_SHUTTING_DOWN));
        awaitNoConnections();
        if (ownEdge) {
            edge.close();
        }
        moquette.stop();
    }

    private void awaitNoConnections() {
        CountDownLatch never = new CountDownLatch(1);
        try {
            for (int waited = 0; waited < CLOSE_MILLIS && gate.addresses.total() > 0; waited += CLOSE_STEP_MILLIS) {
                // In each round, because connections that were accepted earlier may only now be registered.
                gate.handshakes.closeAll();
                never.await(CLOSE_STEP_MILLIS, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
