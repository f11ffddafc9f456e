package io.hongyan.broker.hook.grpc;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.hongyan.broker.hook.BrokerControl;
import io.hongyan.broker.hook.BrokerHook;
import io.hongyan.broker.hook.ConnectionId;
import io.hongyan.broker.hook.DisconnectCause;
import io.hongyan.broker.hook.GateStatus;
import io.hongyan.broker.hook.LastPacket;
import io.hongyan.broker.hook.PublishRequest;
import io.hongyan.broker.hook.PublishVerdict;
import io.hongyan.broker.hook.grpc.v1.Connecting;
import io.hongyan.broker.hook.grpc.v1.Delivered;
import io.hongyan.broker.hook.grpc.v1.Disconnected;
import io.hongyan.broker.hook.grpc.v1.Frame;
import io.hongyan.broker.hook.grpc.v1.Hello;
import io.hongyan.broker.hook.grpc.v1.Item;
import io.hongyan.broker.hook.grpc.v1.Publishing;
import io.hongyan.broker.hook.grpc.v1.Pushes;
import io.hongyan.broker.hook.grpc.v1.Resuming;
import io.hongyan.broker.hook.grpc.v1.Subscribing;
import io.hongyan.runtime.FatalErrors;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One gate as its node sees it, from the beginning of its stream to the end. gRPC calls the methods of the listener one
 * at a time; answers and pushes come from any thread.
 */
final class GateLink extends ServerCall.Listener<Frame> implements BrokerControl, SendQueue.Stream {
    private static final Logger LOG = LoggerFactory.getLogger(GateLink.class);

    private final GateLinks owner;
    private final BrokerHook hook;
    private final ServerCall<Frame, Frame> call;
    private final SendQueue sendQueue;
    private final ReadPause reading;
    private final long fencingEpoch;
    private final ConcurrentHashMap<Long, LinkedConnection> connections = new ConcurrentHashMap<>();

    private volatile String gate;
    /** Null until the gate has sent its status. */
    private volatile GateStatus status;

    private volatile long lastSeenNanos;
    /** Guarded by this, as are the calls of the hook for the gate, so that none comes after the end. */
    private boolean ended;

    GateLink(GateLinks owner, ServerCall<Frame, Frame> call) {
        this.owner = owner;
        this.hook = owner.hook;
        this.call = call;
        this.sendQueue = new SendQueue(this, owner.senders, owner.settings.frameBytesMax(), owner.counters);
        this.reading = new ReadPause(owner.settings.unansweredBytesMax(), owner.counters, this::readNext);
        this.lastSeenNanos = owner.nanoTime.getAsLong();
        this.fencingEpoch = owner.fencingEpoch.getAsLong();
        call.sendHeaders(new Metadata());
        call.request(1);
    }

    private void readNext() {
        lastSeenNanos = owner.nanoTime.getAsLong();
        call.request(1);
    }

    String gate() {
        return gate;
    }

    /** Null until the gate has sent its status. */
    GateStatus status() {
        return status;
    }

    long waitingBytes() {
        return sendQueue.waitingBytes();
    }

    /** Sends a sign of life, and checks that the gate has sent one. */
    void tick() {
        if (isOfBefore()) {
            endAsOfBefore();
            return;
        }
        long silentNanos = owner.nanoTime.getAsLong() - lastSeenNanos;
        if (silentNanos > TimeUnit.MILLISECONDS.toNanos(owner.settings.silenceMillis()) && !reading.paused()) {
            LOG.warn("Gate {} has sent nothing for too long; its link is closed", gate);
            end(DisconnectCause.GATE_LOST);
        } else {
            sendQueue.add(NodeCodec.PING);
        }
    }

    /** Does no harm before the gate's Hello: the list is sent again then. */
    void tellNodes(List<NodeLink.Node> nodes) {
        if (!nodes.isEmpty()) {
            sendQueue.add(NodeCodec.nodes(nodes));
        }
    }

    void sayBye() {
        sendQueue.add(NodeCodec.bye());
    }

    /** Ends the link and tells the hook of the end of each connection; does nothing if the link has ended. */
    void end(DisconnectCause cause) {
        endNow(
                cause,
                () -> call.close(Status.UNAVAILABLE.withDescription("the node has ended the link"), new Metadata()));
    }

    /** @param last closes the stream, null if it is closed */
    private synchronized void endNow(DisconnectCause cause, Runnable last) {
        if (ended) {
            return;
        }
        ended = true;
        sendQueue.close(last);
        if (gate != null) {
            owner.ended(this, connections.size());
            connections.forEach((number, connection) -> notice(() ->
                    hook.disconnected(id(number), cause, connection.lastPacketAtMillis, connection.expirySeconds)));
            connections.clear();
        }
    }

    /**
     * Whether the process stalled since the link began. The gate may have gone to another node and asked it what waits
     * here, so nothing of it is handled and no answer is sent. A gate that is still connected goes to the next node it
     * knows.
     */
    private boolean isOfBefore() {
        return owner.fencingEpoch.getAsLong() != fencingEpoch;
    }

    private synchronized void endAsOfBefore() {
        if (!ended) {
            LOG.warn("The link of gate {} is closed, because this process stalled", gate);
            end(DisconnectCause.GATE_LOST);
        }
    }

    private ConnectionId id(long number) {
        return new ConnectionId(gate, number);
    }

    // ---- messages from the gate

    @Override
    public void onMessage(Frame frame) {
        if (frame == LinkMethod.MALFORMED) {
            Status why = Status.INVALID_ARGUMENT.withDescription("malformed message");
            endNow(DisconnectCause.GATE_LOST, () -> call.close(why, new Metadata()));
            return;
        }
        lastSeenNanos = owner.nanoTime.getAsLong();
        owner.counters.add(LinkCounter.CALLS_RECEIVED, frame.getItemsCount());
        if (isOfBefore()) {
            endAsOfBefore();
            return;
        }
        try {
            take(frame);
        } catch (Throwable fault) {
            owner.counters.unreadable(LOG, "gate", fault);
            end(DisconnectCause.GATE_LOST);
            return;
        }
        reading.messageRead();
    }

    private synchronized void take(Frame frame) {
        for (Item item : frame.getItemsList()) {
            if (ended || isOfBefore()) {
                return;
            }
            if (gate == null) {
                greet(item);
            } else {
                takeAlone(item);
            }
        }
    }

    /** An item that cannot be handled costs the client it is from, not the link. */
    private void takeAlone(Item item) {
        try {
            take(item);
        } catch (Throwable fault) {
            itemFailed(fault);
            long question = GateCodec.question(item);
            if (question != 0) {
                sendQueue.add(NodeCodec.failed(question, fault));
            }
        }
    }

    private void greet(Item item) {
        Hello hello = item.getHello();
        String refusal =
                hello.getVersion() == LinkMethod.VERSION && !hello.getGate().isEmpty()
                        ? null
                        : "this node takes only version " + LinkMethod.VERSION + " of the link";
        if (refusal == null) {
            gate = hello.getGate();
            refusal = owner.admit(this);
        }
        if (refusal == null) {
            sendQueue.add(NodeCodec.welcome());
            tellNodes(owner.nodes());
        } else {
            gate = null;
            ended = true;
            owner.counters.increment(LinkCounter.REFUSED);
            Status why = Status.FAILED_PRECONDITION.withDescription(refusal);
            sendQueue.close(() -> call.close(why, new Metadata()));
        }
    }

    private void take(Item item) {
        switch (item.getKindCase()) {
            case PUBLISHING -> publishing(item.getPublishing());
            case DELIVERED -> delivered(item.getDelivered());
            case CONNECTING -> connecting(item.getConnecting());
            case CONNECTED -> notice(() -> hook.connected(id(item.getConnected().getConnection())));
            case SUBSCRIBING -> subscribing(item.getSubscribing());
            case DISCONNECTED -> disconnected(item.getDisconnected());
            case HEARD -> lastSeen(GateCodec.lastSeen(gate, item.getHeard()));
            case RESUMING -> resuming(item.getResuming());
            case ABOUT -> status = GateCodec.about(gate, item.getAbout());
            default -> {
                // A ping, or an item of a later release that can be ignored.
            }
        }
    }

    private void connecting(Connecting item) {
        connections.put(
                item.getConnection(), new LinkedConnection(item.getSessionExpirySeconds(), owner.clock.millis()));
        answer(
                item.getQuestion(),
                asked(() -> hook.connecting(GateCodec.connecting(gate, item))),
                verdict -> NodeCodec.answer(item.getQuestion(), verdict));
    }

    private void resuming(Resuming item) {
        owner.counters.increment(LinkCounter.CLIENTS_ANNOUNCED);
        connections.put(
                item.getConnection(),
                new LinkedConnection(item.getSessionExpirySeconds(), item.getLastPacketAtMillis()));
        answer(
                item.getQuestion(),
                asked(() -> hook.resuming(GateCodec.resuming(gate, item))),
                verdict -> NodeCodec.answer(item.getQuestion(), verdict));
    }

    /** Pushes caused by the new filters are sent after the answer, even if the hook has answered before it returns. */
    private void subscribing(Subscribing item) {
        LinkedConnection connection = connections.get(item.getConnection());
        if (connection != null) {
            connection.hold();
        }
        answer(
                item.getQuestion(),
                asked(() -> hook.subscribing(id(item.getConnection()), GateCodec.change(item))),
                verdicts -> NodeCodec.answer(item.getQuestion(), verdicts));
        if (connection != null) {
            connection.release(sendQueue);
        }
    }

    private void publishing(Publishing item) {
        PublishRequest request = GateCodec.publishing(gate, item);
        int bytes = request.payload().length;
        reading.begin(bytes);
        CompletionStage<PublishVerdict> verdict = asked(() -> hook.publishing(request));
        verdict.whenComplete((answer, failure) -> reading.end(bytes));
        answer(item.getQuestion(), verdict, answer -> NodeCodec.answer(item.getQuestion(), answer));
    }

    /** A question that cannot be passed to the hook costs one client, not the link. */
    private <T> CompletionStage<T> asked(Supplier<CompletionStage<T>> question) {
        try {
            return question.get();
        } catch (Throwable failure) {
            itemFailed(failure);
            return CompletableFuture.failedFuture(failure);
        }
    }

    private <T> void answer(long question, CompletionStage<T> verdict, Function<T, Item> written) {
        verdict.whenComplete((answer, failure) -> {
            FatalErrors.escalate(failure);
            if (!isOfBefore()) {
                sendQueue.add(answer == null ? NodeCodec.failed(question, failure) : written.apply(answer));
            }
        });
    }

    private void notice(Runnable call) {
        try {
            call.run();
        } catch (Throwable failure) {
            itemFailed(failure);
        }
    }

    /** What a gate asked or told could not be handled: who is concerned notices, the link stays. */
    private void itemFailed(Throwable failure) {
        owner.counters.increment(LinkCounter.ITEMS_FAILED);
        LOG.debug("A call of gate {} could not be handled", gate, failure);
        FatalErrors.escalate(failure);
    }

    private void delivered(Delivered item) {
        for (int i = 0; i < item.getConnectionsCount(); i++) {
            ConnectionId connection = id(item.getConnections(i));
            long token = item.getTokens(i);
            notice(() -> hook.delivered(connection, token));
        }
    }

    private void lastSeen(List<LastPacket> packets) {
        for (LastPacket packet : packets) {
            LinkedConnection connection = connections.get(packet.connection().number());
            if (connection != null) {
                connection.lastPacketAtMillis = packet.atMillis();
            }
        }
        notice(() -> hook.lastSeen(packets));
    }

    private void disconnected(Disconnected item) {
        connections.remove(item.getConnection());
        notice(() -> hook.disconnected(
                id(item.getConnection()),
                GateCodec.cause(item.getCause()),
                item.getLastPacketAtMillis(),
                item.getSessionExpirySeconds()));
    }

    @Override
    public void onHalfClose() {
        endNow(DisconnectCause.GATE_LOST, () -> call.close(Status.OK, new Metadata()));
    }

    @Override
    public void onCancel() {
        endNow(owner.causeOfEnd(), null);
    }

    @Override
    public void onReady() {
        sendQueue.ready();
    }

    // ---- messages to the gate

    @Override
    public void push(byte[] shared, List<Target> targets) {
        List<Target> sent = passable(shared, targets);
        if (!sent.isEmpty()) {
            sendQueue.add(NodeCodec.push(shared, sent));
        }
    }

    @Override
    public void pushAll(List<Multicast> pushes) {
        Pushes.Builder item = Pushes.newBuilder();
        int bytes = 0;
        for (Multicast push : pushes) {
            List<Target> sent = passable(push.shared(), push.targets());
            if (sent.isEmpty()) {
                continue;
            }
            Pushes.Multicast multicast = NodeCodec.multicast(push.shared(), sent);
            item.addPushes(multicast);
            bytes += multicast.getSerializedSize();
            if (bytes > owner.settings.frameBytesMax()) {
                sendQueue.add(Item.newBuilder().setPushes(item).build());
                item = Pushes.newBuilder();
                bytes = 0;
            }
        }
        if (item.getPushesCount() > 0) {
            sendQueue.add(Item.newBuilder().setPushes(item).build());
        }
    }

    @Override
    public void disconnect(ConnectionId connection, DisconnectCause cause) {
        Item item = NodeCodec.disconnect(connection, cause);
        LinkedConnection known = connections.get(connection.number());
        if (known == null || !known.held(item)) {
            sendQueue.add(item);
        }
    }

    /** Without those that must wait, and those for which there is no space. */
    private List<Target> passable(byte[] shared, List<Target> targets) {
        boolean full = sendQueue.waitingBytes() + shared.length > owner.settings.queueBytesMax();
        int passing = 0;
        while (passing < targets.size() && passes(shared, targets.get(passing), full)) {
            passing++;
        }
        if (passing == targets.size()) {
            return targets;
        }
        List<Target> some = new ArrayList<>(targets.subList(0, passing));
        for (Target target : targets.subList(passing + 1, targets.size())) {
            if (passes(shared, target, full)) {
                some.add(target);
            }
        }
        return some;
    }

    /** Called once per target, because it also decides what happens to one that is not sent. */
    private boolean passes(byte[] shared, Target target, boolean full) {
        LinkedConnection connection = connections.get(target.connection().number());
        if (connection == null || !full && connection.isPlain()) {
            return true;
        }
        if (full || connection.overflowed()) {
            owner.counters.increment(LinkCounter.PUSHES_DROPPED);
            // A gap in tracked deliveries would count as delivered once a later one is acknowledged.
            if (target.token() != Target.NO_TOKEN && connection.overflow()) {
                owner.counters.increment(LinkCounter.CONNECTIONS_OVERFLOWED);
                sendQueue.add(NodeCodec.disconnect(target.connection(), DisconnectCause.QUOTA_EXCEEDED));
            }
            return false;
        }
        return !connection.held(NodeCodec.push(shared, List.of(target)));
    }

    // ---- the stream

    @Override
    public boolean isReady() {
        return call.isReady();
    }

    @Override
    public void send(Frame frame) {
        call.sendMessage(frame);
    }

    @Override
    public void sent(long waitingBytes) {
        // Nothing waits for space here: what does not fit is refused.
    }
}
