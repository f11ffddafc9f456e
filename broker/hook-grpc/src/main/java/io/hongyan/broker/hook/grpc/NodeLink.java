package io.hongyan.broker.hook.grpc;

import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.hongyan.broker.hook.BrokerControl;
import io.hongyan.broker.hook.BrokerHook;
import io.hongyan.broker.hook.ConnectRefusal;
import io.hongyan.broker.hook.ConnectRequest;
import io.hongyan.broker.hook.ConnectVerdict;
import io.hongyan.broker.hook.ConnectionId;
import io.hongyan.broker.hook.DisconnectCause;
import io.hongyan.broker.hook.FilterVerdict;
import io.hongyan.broker.hook.GateStatus;
import io.hongyan.broker.hook.LastPacket;
import io.hongyan.broker.hook.NodePresence;
import io.hongyan.broker.hook.PublishRequest;
import io.hongyan.broker.hook.PublishVerdict;
import io.hongyan.broker.hook.ResumeRequest;
import io.hongyan.broker.hook.ResumeVerdict;
import io.hongyan.broker.hook.SubscriptionChange;
import io.hongyan.broker.hook.grpc.v1.Item;
import io.hongyan.metrics.Counters;
import io.hongyan.runtime.FatalErrors;
import io.hongyan.runtime.ThreadWatch;
import io.hongyan.runtime.WatchedThreads;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hook of a gate whose node is another process. It keeps a link to one node of its list, and adds nodes that the
 * node names. When the link ends it tries the nodes one after the other, with pauses, and tells the broker through
 * {@link NodePresence}. A question that was not answered when its link ended is never answered: the broker asks it
 * again, within the limits of {@link SuspectQuestions}.
 */
public final class NodeLink implements BrokerHook, AutoCloseable, NodeStream.Owner, WatchedThreads {
    private static final Logger LOG = LoggerFactory.getLogger(NodeLink.class);
    private static final ConnectVerdict NO_NODE = new ConnectVerdict.Refuse(
            ConnectRefusal.SERVER_UNAVAILABLE, "The service cannot be reached now; try again.");
    private static final ConnectVerdict NOT_ASKED = new ConnectVerdict.Refuse(
            ConnectRefusal.SERVER_UNAVAILABLE, "The service cannot handle this login; try again later.");
    /** A thread that has not run for so long counts as stuck. */
    private static final long TURN_MILLIS_MAX = 15_000;

    private static final int FLOW_CONTROL_BYTES = 1 << 20;
    private static final long CLOSE_MILLIS = 2_000;
    private static final long CLOSE_STEP_MILLIS = 10;
    private static final int DOUBLINGS_MAX = 16;
    /** Limit for nodes that a node names; further ones are ignored. */
    private static final int TOLD_MAX = 1_000;

    private final String gate;
    private final List<Node> seeds;
    private final LinkSettings settings;
    private final ChannelCredentials credentials;
    private final Counters<LinkCounter> counters;
    private final LongSupplier nanoTime;
    private final SuspectQuestions suspects;
    private final ScheduledExecutorService control;
    private final ExecutorService sender;

    /** Replaced on the control thread. */
    private volatile List<Node> nodes;

    private BrokerControl broker;
    private NodePresence presence;
    private Supplier<GateStatus> status;

    // Only on the control thread.
    private NodeStream attempt;
    private int nextNode;
    private int failures;
    private long awaySinceNanos;
    private boolean givenUp;

    /** The stream for questions, null while there is none. Written on the control thread. */
    private volatile NodeStream current;

    /** Whether the broker was told that there is a node. Written on the control thread. */
    private volatile boolean full;

    private volatile boolean closing;

    /** A node. */
    public record Node(String host, int port) {
        @Override
        public String toString() {
            return (host.indexOf(':') >= 0 ? '[' + host + ']' : host) + ':' + port;
        }
    }

    /**
     * @param gate name of the gate in each {@link ConnectionId}
     * @param nodes to try first, at least one; gates start with different ones
     * @param tls null = plain
     */
    public NodeLink(
            String gate,
            List<Node> nodes,
            LinkSettings settings,
            LinkTls tls,
            Counters<LinkCounter> counters,
            LongSupplier nanoTime) {
        this.gate = gate;
        this.seeds = List.copyOf(nodes);
        this.nodes = seeds;
        this.settings = settings;
        this.credentials = tls == null ? InsecureChannelCredentials.create() : tls.forGate();
        this.counters = counters;
        this.nanoTime = nanoTime;
        this.suspects = new SuspectQuestions(counters, nanoTime);
        this.nextNode = Math.floorMod(gate.hashCode(), nodes.size());
        this.control = Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "node-link"));
        this.sender = Executors.newSingleThreadExecutor(task -> daemon(task, "node-link-send"));
    }

    static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Starts to look for a node.
     *
     * @param status sent to the node every second; does not block
     */
    public void start(BrokerControl control, NodePresence presence, Supplier<GateStatus> status) {
        this.broker = control;
        this.presence = presence;
        this.status = status;
        this.control.execute(() -> {
            awaySinceNanos = nanoTime.getAsLong();
            presence.away().thenRunAsync(contained(this::tryNext), this.control);
        });
        this.control.scheduleAtFixedRate(
                contained(this::tick), settings.pingMillis(), settings.pingMillis(), TimeUnit.MILLISECONDS);
    }

    /** Whether there is a link to a node now. */
    public boolean up() {
        return current != null;
    }

    /** How many nodes it knows. */
    public int nodesKnown() {
        return nodes.size();
    }

    /** Bytes that wait to be sent. */
    public long waitingBytes() {
        NodeStream stream = current;
        return stream == null ? 0 : stream.sendQueue.waitingBytes();
    }

    /** Sends what waits, if that takes only a moment, and ends the link. */
    @Override
    public void close() {
        closing = true;
        NodeStream stream = current;
        if (stream != null) {
            awaitSent(stream);
            stream.halfClose();
            stream.channel.shutdown();
            try {
                stream.channel.awaitTermination(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            stream.channel.shutdownNow();
        }
        onControl(() -> {
            if (attempt != null) {
                attempt.channel.shutdownNow();
            }
        });
        control.shutdown();
        sender.shutdownNow();
    }

    private static void awaitSent(NodeStream stream) {
        try {
            for (long waited = 0; waited < CLOSE_MILLIS && !stream.sendQueue.isEmpty(); waited += CLOSE_STEP_MILLIS) {
                TimeUnit.MILLISECONDS.sleep(CLOSE_STEP_MILLIS);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- choosing a node; on the control thread

    private void tryNext() {
        if (closing || attempt != null) {
            return;
        }
        Node node = nodes.get(nextNode % nodes.size());
        nextNode = (nextNode + 1) % nodes.size();
        ManagedChannel channel = NettyChannelBuilder.forAddress(node.host(), node.port(), credentials)
                .directExecutor()
                .disableRetry()
                .flowControlWindow(FLOW_CONTROL_BYTES)
                .maxInboundMessageSize(LinkSettings.MESSAGE_BYTES_MAX)
                .build();
        NodeStream stream = new NodeStream(gate, channel, broker, this, settings, counters, sender, nanoTime);
        attempt = stream;
        LOG.debug("Trying node {}", node);
        stream.start();
        control.schedule(
                contained(() -> {
                    if (attempt == stream && current != stream) {
                        stream.cancel(node + " does not answer");
                    }
                }),
                settings.openMillis(),
                TimeUnit.MILLISECONDS);
    }

    @Override
    public Item sign() {
        return GateCodec.about(status.get());
    }

    @Override
    public void told(NodeStream stream, List<Node> told) {
        onControl(() -> {
            if (current == stream) {
                Set<Node> all = new LinkedHashSet<>(seeds);
                told.stream().limit(TOLD_MAX).forEach(all::add);
                List<Node> now = List.copyOf(all);
                if (!now.equals(nodes)) {
                    LOG.info("Nodes known: {}", now);
                    nodes = now;
                }
            }
        });
    }

    @Override
    public void welcomed(NodeStream stream) {
        onControl(() -> {
            if (attempt != stream) {
                return;
            }
            LOG.info("Connected to the node at {}", stream.channel.authority());
            counters.increment(LinkCounter.OPENED);
            failures = 0;
            givenUp = false;
            suspects.linkBegins();
            current = stream;
            presence.back();
        });
    }

    @Override
    public void ended(NodeStream stream, Status status, List<LongFunction<Item>> unanswered) {
        onControl(() -> {
            if (attempt != stream) {
                return;
            }
            suspects.linkEnded(unanswered);
            stream.channel.shutdownNow();
            attempt = null;
            if (current == stream) {
                lost(stream, status);
            } else {
                failed(stream, status);
            }
        });
    }

    private void lost(NodeStream stream, Status status) {
        current = null;
        counters.increment(LinkCounter.LOST);
        awaySinceNanos = nanoTime.getAsLong();
        if (!closing) {
            LOG.warn("The link to the node at {} has ended: {}", stream.channel.authority(), words(status));
            roomy();
            presence.away().thenRunAsync(contained(this::tryNext), control);
        }
    }

    private void failed(NodeStream stream, Status status) {
        counters.increment(LinkCounter.ATTEMPTS_FAILED);
        // Once per round through the nodes and not after every pause: an outage must not fill the log.
        if (failures == 0 || failures == DOUBLINGS_MAX) {
            LOG.warn("No link to the node at {}: {}", stream.channel.authority(), words(status));
        }
        long pause = Math.min(
                settings.retryMillisMax(), (long) settings.retryMillisMin() << Math.min(failures, DOUBLINGS_MAX));
        failures++;
        if (!closing) {
            control.schedule(contained(this::tryNext), pause, TimeUnit.MILLISECONDS);
        }
    }

    private static String words(Status status) {
        return status.getCode() + (status.getDescription() == null ? "" : ", " + status.getDescription());
    }

    private void tick() {
        NodeStream stream = current;
        if (stream != null) {
            stream.tick(TimeUnit.MILLISECONDS.toNanos(settings.silenceMillis()));
        } else if (!givenUp
                && nanoTime.getAsLong() - awaySinceNanos > TimeUnit.MILLISECONDS.toNanos(settings.leaseMillis())) {
            givenUp = true;
            presence.givenUp();
        }
    }

    private static Runnable contained(Runnable task) {
        return FatalErrors.contain(task, failure -> LOG.error("A task of the link to the node failed", failure));
    }

    @Override
    public void watch(ThreadWatch watch) {
        watch.mustRun("the timer of the link to the node", control, TURN_MILLIS_MAX);
        watch.mustRun("the sender of the link to the node", sender, TURN_MILLIS_MAX);
    }

    private void onControl(Runnable task) {
        try {
            control.execute(contained(task));
        } catch (RejectedExecutionException closed) {
            LOG.debug("The link is closed");
        }
    }

    // ---- waiting bytes

    @Override
    public void sent(NodeStream stream, long waitingBytes) {
        if (full && waitingBytes <= settings.queueBytesMax() / 2) {
            onControl(() -> judgeRoom(stream));
        }
    }

    private void watchRoom(NodeStream stream) {
        if (!full && stream.sendQueue.waitingBytes() > settings.queueBytesMax()) {
            onControl(() -> judgeRoom(stream));
        }
    }

    /** On the control thread, so that the broker is told one thing after the other. */
    private void judgeRoom(NodeStream stream) {
        if (stream != current) {
            return;
        }
        if (!full && stream.sendQueue.waitingBytes() > settings.queueBytesMax()) {
            counters.increment(LinkCounter.FULL);
            full = true;
            presence.full();
        }
        // Check again: bytes sent before the flag was set did not cause a call.
        if (stream.sendQueue.waitingBytes() <= settings.queueBytesMax() / 2) {
            roomy();
        }
    }

    private void roomy() {
        if (full) {
            full = false;
            presence.roomy();
        }
    }

    // ---- the hook

    @Override
    public CompletionStage<ConnectVerdict> connecting(ConnectRequest request) {
        if (current == null) {
            return CompletableFuture.completedFuture(NO_NODE);
        }
        return ask(
                question -> GateCodec.connecting(question, request),
                NodeCodec::connectVerdict,
                () -> CompletableFuture.completedFuture(NOT_ASKED));
    }

    @Override
    public CompletionStage<List<FilterVerdict>> subscribing(ConnectionId connection, SubscriptionChange change) {
        return ask(
                question -> GateCodec.subscribing(question, connection, change),
                NodeCodec::filterVerdicts,
                () -> CompletableFuture.failedFuture(new IllegalStateException("no node can handle these filters")));
    }

    @Override
    public CompletionStage<PublishVerdict> publishing(PublishRequest request) {
        return ask(
                question -> GateCodec.publishing(question, request),
                NodeCodec::publishVerdict,
                () -> CompletableFuture.completedFuture(
                        new PublishVerdict.CloseUnanswered(DisconnectCause.IMPLEMENTATION_SPECIFIC_ERROR)));
    }

    @Override
    public CompletionStage<ResumeVerdict> resuming(ResumeRequest request) {
        counters.increment(LinkCounter.CLIENTS_ANNOUNCED);
        return ask(
                question -> GateCodec.resuming(question, request),
                NodeCodec::resumeVerdict,
                () -> CompletableFuture.completedFuture(
                        new ResumeVerdict.Close(DisconnectCause.IMPLEMENTATION_SPECIFIC_ERROR)));
    }

    @Override
    public void connected(ConnectionId connection) {
        tell(GateCodec.connected(connection));
    }

    @Override
    public void disconnected(
            ConnectionId connection, DisconnectCause cause, long lastPacketAtMillis, long sessionExpirySeconds) {
        tell(GateCodec.disconnected(connection, cause, lastPacketAtMillis, sessionExpirySeconds));
    }

    @Override
    public void delivered(ConnectionId connection, long token) {
        tell(GateCodec.delivered(connection, token));
    }

    @Override
    public void lastSeen(List<LastPacket> packets) {
        tell(GateCodec.lastSeen(packets));
    }

    private <T> CompletionStage<T> ask(
            LongFunction<Item> item, Function<Item, T> read, Supplier<CompletionStage<T>> condemned) {
        return suspects.ask(item, question -> askNow(question, read), condemned);
    }

    private <T> CompletionStage<T> askNow(LongFunction<Item> item, Function<Item, T> read) {
        NodeStream stream = current;
        if (stream == null) {
            // The broker is about to be told that there is no node, and will ask again.
            return new CompletableFuture<>();
        }
        CompletionStage<T> answer = stream.ask(item, read);
        watchRoom(stream);
        return answer;
    }

    private void tell(Item item) {
        NodeStream stream = current;
        if (stream != null) {
            stream.sendQueue.add(item);
        }
    }
}
