package io.hongyan.broker.hook.grpc;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.hongyan.broker.hook.BrokerControl;
import io.hongyan.broker.hook.BrokerControl.Multicast;
import io.hongyan.broker.hook.ConnectionId;
import io.hongyan.broker.hook.grpc.v1.Frame;
import io.hongyan.broker.hook.grpc.v1.Item;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stream to one node, from the attempt to its end. gRPC calls the methods of the listener one at a time; questions
 * come from any thread. Questions that are unanswered at its end stay unanswered.
 */
final class NodeStream extends ClientCall.Listener<Frame> implements SendQueue.Stream {
    private static final Logger LOG = LoggerFactory.getLogger(NodeStream.class);

    final ManagedChannel channel;
    final SendQueue sendQueue;

    private final String gate;
    private final BrokerControl broker;
    private final Owner owner;
    private final LinkCounters counters;
    private final LongSupplier nanoTime;
    private final ClientCall<Frame, Frame> call;
    private final ConcurrentHashMap<Long, Question<?>> questions = new ConcurrentHashMap<>();
    private final AtomicLong lastQuestion = new AtomicLong();
    /** Pushes in the message that is being read. */
    private final List<Multicast> gathered = new ArrayList<>();

    private volatile long lastSeenNanos;
    private boolean welcomed;
    private boolean onPurpose;

    private record Question<T>(CompletableFuture<T> answer, Function<Item, T> read, LongFunction<Item> asked) {
        void answered(Item item) {
            if (item.hasFailed()) {
                answer.completeExceptionally(
                        new IllegalStateException(item.getFailed().getWhy()));
            } else {
                answer.complete(read.apply(item));
            }
        }
    }

    NodeStream(
            String gate,
            ManagedChannel channel,
            BrokerControl broker,
            Owner owner,
            LinkSettings settings,
            LinkCounters counters,
            Executor sender,
            LongSupplier nanoTime) {
        this.gate = gate;
        this.channel = channel;
        this.broker = broker;
        this.owner = owner;
        this.counters = counters;
        this.nanoTime = nanoTime;
        this.call = channel.newCall(LinkMethod.open(counters), CallOptions.DEFAULT);
        this.sendQueue = new SendQueue(this, sender, settings.frameBytesMax(), counters);
        this.lastSeenNanos = nanoTime.getAsLong();
    }

    void start() {
        call.start(this, new Metadata());
        call.request(1);
        sendQueue.add(GateCodec.hello(gate));
    }

    /** Ends the stream; {@link Owner#ended} follows. Does nothing if it has ended. */
    void cancel(String why) {
        call.cancel(why, null);
    }

    /** Ends the stream after the current message is sent. */
    void halfClose() {
        sendQueue.close(call::halfClose);
    }

    /** Sends a sign of life, and checks that the node has sent one. */
    void tick(long silenceNanosMax) {
        if (nanoTime.getAsLong() - lastSeenNanos > silenceNanosMax) {
            cancel("the node has sent nothing for too long");
        } else {
            sendQueue.add(owner.sign());
        }
    }

    /** @param item makes the question with its number */
    <T> CompletionStage<T> ask(LongFunction<Item> item, Function<Item, T> read) {
        long number = lastQuestion.incrementAndGet();
        CompletableFuture<T> answer = new CompletableFuture<>();
        questions.put(number, new Question<>(answer, read, item));
        sendQueue.add(item.apply(number));
        return answer;
    }

    // ---- messages from the node

    @Override
    public void onMessage(Frame frame) {
        lastSeenNanos = nanoTime.getAsLong();
        counters.add(LinkCounter.CALLS_RECEIVED, frame.getItemsCount());
        try {
            for (Item item : frame.getItemsList()) {
                take(item);
            }
            flushPushes();
        } catch (Throwable fault) {
            counters.unreadable(LOG, "node", fault);
            gathered.clear();
            cancel("unreadable");
        }
        call.request(1);
    }

    private void take(Item item) {
        switch (item.getKindCase()) {
            case PUSHES -> NodeCodec.addPushes(gate, item.getPushes(), gathered);
            case PUBLISH_ANSWER -> {
                // Pushes may be held back behind answers while the connection lasts: then more of them are sent
                // together.
                if (item.getPublishAnswer().getThenClose()
                        || item.getPublishAnswer().hasClose()) {
                    flushPushes();
                }
                answered(item.getPublishAnswer().getQuestion(), item);
            }
            case CONNECT_ANSWER -> answered(item.getConnectAnswer().getQuestion(), item);
            case SUBSCRIBE_ANSWER -> {
                // Pushes before this answer are not for the new filters.
                flushPushes();
                answered(item.getSubscribeAnswer().getQuestion(), item);
            }
            case RESUME_ANSWER -> answered(item.getResumeAnswer().getQuestion(), item);
            case FAILED -> answered(item.getFailed().getQuestion(), item);
            case DISCONNECT -> {
                flushPushes();
                broker.disconnect(
                        new ConnectionId(gate, item.getDisconnect().getConnection()),
                        GateCodec.cause(item.getDisconnect().getCause()));
            }
            case WELCOME -> {
                if (!welcomed) {
                    welcomed = true;
                    sendQueue.add(owner.sign());
                    owner.welcomed(this);
                }
            }
            case NODES -> owner.told(this, NodeCodec.nodes(item.getNodes()));
            case BYE -> {
                onPurpose = true;
                cancel("the node stops");
            }
            default -> {
                // A ping, or an item of a later release that can be ignored.
            }
        }
    }

    private void answered(long number, Item item) {
        Question<?> question = questions.remove(number);
        if (question != null) {
            question.answered(item);
        }
    }

    private void flushPushes() {
        if (!gathered.isEmpty()) {
            broker.pushAll(List.copyOf(gathered));
            gathered.clear();
        }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        sendQueue.close(null);
        List<LongFunction<Item>> unanswered = new ArrayList<>();
        if (!onPurpose) {
            questions.values().forEach(question -> unanswered.add(question.asked));
        }
        questions.clear();
        owner.ended(this, status, unanswered);
    }

    @Override
    public void onReady() {
        sendQueue.ready();
    }

    // ---- messages to the node

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
        owner.sent(this, waitingBytes);
    }

    /** The owner of the stream. Called on threads of gRPC and of the sender. */
    interface Owner {
        void welcomed(NodeStream stream);

        /** A sign of life with the status of this gate. */
        Item sign();

        /** The list of nodes. */
        void told(NodeStream stream, List<NodeLink.Node> nodes);

        /** @param unanswered the unanswered questions, empty if the node has said that it stops */
        void ended(NodeStream stream, Status status, List<LongFunction<Item>> unanswered);

        /** @param waitingBytes bytes left in the outbox */
        void sent(NodeStream stream, long waitingBytes);
    }
}
