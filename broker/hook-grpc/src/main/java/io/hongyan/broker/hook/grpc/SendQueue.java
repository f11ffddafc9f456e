package io.hongyan.broker.hook.grpc;

import io.hongyan.broker.hook.grpc.v1.Delivered;
import io.hongyan.broker.hook.grpc.v1.Frame;
import io.hongyan.broker.hook.grpc.v1.Item;
import io.hongyan.broker.hook.grpc.v1.Pushes;
import io.hongyan.metrics.Counters;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What waits to be sent on one stream, in the order it was added. It is sent as fast as the other side accepts it: one
 * item per message when there is little to send, hundreds when there is much. Safe for many threads; adding never
 * blocks.
 */
final class SendQueue {
    private static final Logger LOG = LoggerFactory.getLogger(SendQueue.class);

    private final Stream stream;
    private final Executor sender;
    private final int frameBytesMax;
    private final Counters<LinkCounter> counters;

    // Guarded by this.
    private final ArrayDeque<Item> waiting = new ArrayDeque<>();
    private boolean sending;
    private boolean closed;
    private Runnable last;

    /** Written under the monitor. */
    private volatile long waitingBytes;

    /** @param sender runs the sending task, never two at a time */
    SendQueue(Stream stream, Executor sender, int frameBytesMax, Counters<LinkCounter> counters) {
        this.stream = stream;
        this.sender = sender;
        this.frameBytesMax = frameBytesMax;
        this.counters = counters;
    }

    void add(Item item) {
        // Computed here, on the many threads that add; the message caches it.
        int bytes = item.getSerializedSize();
        synchronized (this) {
            if (closed) {
                return;
            }
            waiting.add(item);
            waitingBytes += bytes;
            if (sending) {
                return;
            }
            sending = true;
        }
        send();
    }

    /** The other side accepts more. */
    void ready() {
        synchronized (this) {
            if (sending || closed || waiting.isEmpty()) {
                return;
            }
            sending = true;
        }
        send();
    }

    /**
     * Nothing more is sent, not even waiting items.
     *
     * @param last runs when nothing is being sent
     */
    void close(Runnable last) {
        synchronized (this) {
            closed = true;
            waiting.clear();
            waitingBytes = 0;
            this.last = last;
            if (sending) {
                return;
            }
            sending = true;
        }
        send();
    }

    long waitingBytes() {
        return waitingBytes;
    }

    synchronized boolean isEmpty() {
        return waiting.isEmpty() && !sending;
    }

    private void send() {
        try {
            sender.execute(this::sendAll);
        } catch (RejectedExecutionException stopped) {
            synchronized (this) {
                closed = true;
                waiting.clear();
            }
        }
    }

    private void sendAll() {
        for (List<Item> batch = take(); batch != null; batch = take()) {
            try {
                stream.send(frame(batch));
            } catch (RuntimeException ended) {
                LOG.debug("The stream has ended", ended);
            }
            stream.sent(waitingBytes);
        }
        Runnable end = takeLast();
        if (end != null) {
            end.run();
        }
    }

    private synchronized Runnable takeLast() {
        Runnable end = last;
        last = null;
        return end;
    }

    /** Null if nothing can be sent now; then it must be called again later. */
    private synchronized List<Item> take() {
        if (closed || waiting.isEmpty() || !stream.isReady()) {
            sending = false;
            return null;
        }
        List<Item> batch = new ArrayList<>(Math.min(waiting.size(), 1_024));
        int bytes = 0;
        do {
            Item item = waiting.poll();
            bytes += item.getSerializedSize();
            batch.add(item);
        } while (!waiting.isEmpty() && bytes + waiting.peek().getSerializedSize() <= frameBytesMax);
        waitingBytes -= bytes;
        return batch;
    }

    /** Adjacent watermarks, and adjacent pushes, become one item. */
    private Frame frame(List<Item> batch) {
        Frame.Builder frame = Frame.newBuilder();
        for (int i = 0; i < batch.size(); ) {
            int end = runEnd(batch, i);
            if (end == i + 1) {
                frame.addItems(batch.get(i));
            } else if (batch.get(i).hasPushes()) {
                frame.addItems(Item.newBuilder().setPushes(pushes(batch.subList(i, end))));
            } else {
                frame.addItems(Item.newBuilder().setDelivered(delivered(batch.subList(i, end))));
            }
            i = end;
        }
        counters.add(LinkCounter.CALLS_SENT, batch.size());
        return frame.build();
    }

    private static int runEnd(List<Item> batch, int start) {
        Item.KindCase kind = batch.get(start).getKindCase();
        int end = start + 1;
        if (kind == Item.KindCase.PUSHES || kind == Item.KindCase.DELIVERED) {
            while (end < batch.size() && batch.get(end).getKindCase() == kind) {
                end++;
            }
        }
        return end;
    }

    private static Pushes.Builder pushes(List<Item> run) {
        Pushes.Builder all = Pushes.newBuilder();
        run.forEach(item -> all.addAllPushes(item.getPushes().getPushesList()));
        return all;
    }

    private static Delivered.Builder delivered(List<Item> run) {
        Delivered.Builder all = Delivered.newBuilder();
        run.forEach(item -> {
            all.addAllConnections(item.getDelivered().getConnectionsList());
            all.addAllTokens(item.getDelivered().getTokensList());
        });
        return all;
    }

    /** Where it sends to. */
    interface Stream {
        boolean isReady();

        void send(Frame frame);

        /** @param waitingBytes bytes that are left */
        void sent(long waitingBytes);
    }
}
