package io.hongyan.broker.hook.grpc;

import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerCallHandler;
import io.grpc.ServerCredentials;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.hongyan.broker.hook.BrokerHook;
import io.hongyan.broker.hook.DisconnectCause;
import io.hongyan.broker.hook.GateRouter;
import io.hongyan.broker.hook.GateStatus;
import io.hongyan.broker.hook.grpc.NodeLink.Node;
import io.hongyan.broker.hook.grpc.v1.Frame;
import io.hongyan.metrics.Counters;
import io.hongyan.runtime.FatalErrors;
import io.hongyan.runtime.RateLimitedLog;
import io.hongyan.runtime.ThreadWatch;
import io.hongyan.runtime.WatchedThreads;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accepts gates at a node: each gate talks to the hook over its own link, and the router finds it by its name while the
 * link lasts. When a link ends, the hook is told of the end of each of its connections.
 */
public final class GateLinks implements AutoCloseable, WatchedThreads {
    private static final Logger LOG = LoggerFactory.getLogger(GateLinks.class);
    /** A thread that has not run for so long counts as stuck. */
    private static final long TURN_MILLIS_MAX = 15_000;

    private static final int FLOW_CONTROL_BYTES = 1 << 20;
    private static final int SENDERS = 2;
    private static final long CLOSE_MILLIS = 2_000;

    final BrokerHook hook;
    final LinkSettings settings;
    final Counters<LinkCounter> counters;
    final InstantSource clock;
    final LongSupplier nanoTime;
    final LongSupplier fencingEpoch;
    final ExecutorService senders;

    private final ServerCredentials credentials;
    private final GateRouter router;
    private final Function<String, CompletionStage<Void>> arrivals;
    private final ScheduledExecutorService timer;
    private final BrokenStreams broken;
    private final Map<String, GateLink> links = new ConcurrentHashMap<>();
    private Server server;
    private volatile int port;
    /** Empty if this node does not know the nodes. */
    private volatile List<Node> nodes = List.of();

    private volatile boolean closing;

    /**
     * @param router gets each gate while it is connected
     * @param arrivals told the name of each new gate, before anything of its clients; does not block. If it fails, the
     *     gate is refused
     * @param tls null = plain
     * @param fencingEpoch rises after each process stall that was long enough for gates to go to another node: links from
     *     before are ended unread. Does not block
     */
    public GateLinks(
            BrokerHook hook,
            GateRouter router,
            Function<String, CompletionStage<Void>> arrivals,
            LinkSettings settings,
            LinkTls tls,
            Counters<LinkCounter> counters,
            InstantSource clock,
            LongSupplier nanoTime,
            LongSupplier fencingEpoch) {
        this.hook = hook;
        this.router = router;
        this.arrivals = arrivals;
        this.settings = settings;
        this.credentials = tls == null ? InsecureServerCredentials.create() : tls.forNode();
        this.counters = counters;
        this.broken = new BrokenStreams(counters);
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.fencingEpoch = fencingEpoch;
        this.senders = Executors.newFixedThreadPool(SENDERS, task -> NodeLink.daemon(task, "gate-link-send"));
        this.timer = Executors.newSingleThreadScheduledExecutor(task -> NodeLink.daemon(task, "gate-links"));
    }

    /**
     * @param atPort 0 = any free one
     * @throws IOException the address is in use, or is not of this machine
     */
    public void start(String host, int atPort) throws IOException {
        ServerCallHandler<Frame, Frame> handler = (call, headers) -> new GateLink(this, call);
        server = NettyServerBuilder.forAddress(new InetSocketAddress(host, atPort), credentials)
                .directExecutor()
                .flowControlWindow(FLOW_CONTROL_BYTES)
                .maxInboundMessageSize(LinkSettings.MESSAGE_BYTES_MAX)
                .addStreamTracerFactory(broken)
                .addService(ServerServiceDefinition.builder(LinkMethod.SERVICE)
                        .addMethod(LinkMethod.open(counters), handler)
                        .build())
                .build()
                .start();
        port = server.getPort();
        timer.scheduleAtFixedRate(
                () -> links.values()
                        .forEach(link -> FatalErrors.contain(
                                        link::tick, failure -> LOG.error("The check of a link failed", failure))
                                .run()),
                settings.pingMillis(),
                settings.pingMillis(),
                TimeUnit.MILLISECONDS);
        timer.scheduleAtFixedRate(
                FatalErrors.contain(this::summarizeLog, failure -> LOG.error("The log cannot be summed up", failure)),
                RateLimitedLog.PERIOD_MILLIS,
                RateLimitedLog.PERIOD_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    /** Writes a summary of what broke links to the log. */
    void summarizeLog() {
        broken.summarize();
    }

    @Override
    public void watch(ThreadWatch watch) {
        watch.mustRun("the timer of the links to gates", timer, TURN_MILLIS_MAX);
        watch.mustRun("the sender of the links to gates", senders, TURN_MILLIS_MAX);
    }

    /** The bound port, also after it is closed. */
    public int port() {
        return port;
    }

    /** Gates that are connected now. */
    public int links() {
        return links.size();
    }

    /** The status that each gate sent last, at most a second old. */
    public List<GateStatus> gates() {
        return links.values().stream()
                .map(GateLink::status)
                .filter(Objects::nonNull)
                .toList();
    }

    /** Sends the list of nodes to the gates if it has changed; gates that connect later get it too. */
    public void tellNodes(List<Node> now) {
        if (!now.equals(nodes)) {
            nodes = List.copyOf(now);
            links.values().forEach(link -> link.tellNodes(nodes));
        }
    }

    List<Node> nodes() {
        return nodes;
    }

    /** Bytes that wait to be sent to gates. */
    public long waitingBytes() {
        return links.values().stream().mapToLong(GateLink::waitingBytes).sum();
    }

    /** Tells the gates to go to other nodes: their clients stay connected. */
    @Override
    public void close() {
        closing = true;
        links.values().forEach(GateLink::sayBye);
        if (server != null) {
            server.shutdown();
            try {
                if (!server.awaitTermination(CLOSE_MILLIS, TimeUnit.MILLISECONDS)) {
                    server.shutdownNow();
                    server.awaitTermination(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
                }
            } catch (InterruptedException interrupted) {
                server.shutdownNow();
                Thread.currentThread().interrupt();
            }
        }
        links.values().forEach(link -> link.end(DisconnectCause.SERVER_SHUTTING_DOWN));
        timer.shutdownNow();
        senders.shutdown();
    }

    /** @return null if the gate is accepted, else the reason for the refusal */
    String admit(GateLink link) {
        if (closing) {
            return "the node stops";
        }
        if (links.size() >= settings.linksMax() && !links.containsKey(link.gate())) {
            return "the node has " + settings.linksMax() + " gates";
        }
        GateLink before = links.put(link.gate(), link);
        if (before != null) {
            // The gate knows better than this node that the earlier link is broken.
            before.end(DisconnectCause.GATE_LOST);
        }
        router.add(link.gate(), link);
        counters.increment(LinkCounter.OPENED);
        LOG.info("Gate {} has connected", link.gate());
        arrivals.apply(link.gate()).whenComplete((noted, trouble) -> {
            if (trouble != null) {
                LOG.warn("Gate {} is refused: {}", link.gate(), trouble.toString());
                link.end(DisconnectCause.SERVER_BUSY);
            }
        });
        return null;
    }

    /** The reason with which its connections ended for this node. */
    DisconnectCause causeOfEnd() {
        return closing ? DisconnectCause.SERVER_SHUTTING_DOWN : DisconnectCause.GATE_LOST;
    }

    void ended(GateLink link, int connections) {
        router.remove(link.gate(), link);
        links.remove(link.gate(), link);
        counters.increment(LinkCounter.LOST);
        LOG.info("Gate {} has disconnected, with {} connections", link.gate(), connections);
    }
}
