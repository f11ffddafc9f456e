package io.hongyan.broker.server;

import io.moquette.broker.AbstractSessionMessageQueue;
import io.moquette.broker.IQueueRepository;
import io.moquette.broker.SessionMessageQueue;
import io.moquette.broker.SessionRegistry.EnqueuedMessage;
import io.moquette.broker.SessionRegistry.PublishedMessage;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Moquette's queues of messages that wait for sessions, in memory and with limits. Safe for many threads. */
final class LimitedQueues implements IQueueRepository {
    /** Size of one besides its payload. */
    static final int MESSAGE_BYTES = 256;

    private final ConcurrentHashMap<String, SessionMessageQueue<EnqueuedMessage>> queues = new ConcurrentHashMap<>();
    private final AtomicLong bytes = new AtomicLong();
    private final GenericLimits.QueueLimits limits;
    private final GateCounters counters;

    LimitedQueues(GenericLimits.QueueLimits limits, GateCounters counters) {
        this.limits = limits;
        this.counters = counters;
    }

    long bytes() {
        return bytes.get();
    }

    @Override
    public Set<String> listQueueNames() {
        return queues.keySet();
    }

    @Override
    public boolean containsQueue(String clientId) {
        return queues.containsKey(clientId);
    }

    @Override
    public SessionMessageQueue<EnqueuedMessage> getOrCreateQueue(String clientId) {
        return queues.computeIfAbsent(clientId, LimitedQueue::new);
    }

    @Override
    public void close() {
        // Moquette needs nothing from it in memory.
    }

    private final class LimitedQueue extends AbstractSessionMessageQueue<EnqueuedMessage> {
        private final Queue<EnqueuedMessage> messages = new ConcurrentLinkedQueue<>();
        private final AtomicInteger size = new AtomicInteger();
        private final AtomicLong held = new AtomicLong();
        private final String clientId;

        LimitedQueue(String clientId) {
            this.clientId = clientId;
        }

        /**
         * A marker of an exchange in progress is no message and always accepted; there are at most as many as packet
         * ids.
         */
        @Override
        public void enqueue(EnqueuedMessage message) {
            checkEnqueuePreconditions(message);
            int cost = cost(message);
            boolean full = size.get() >= limits.messagesPerSessionMax()
                    || held.get() + cost > limits.bytesPerSessionMax()
                    || bytes.get() + cost > limits.bytesMax();
            if (full && message instanceof PublishedMessage) {
                counters.increment(GateCounter.QUEUED_DROPPED);
                message.release();
                return;
            }
            account(1, cost);
            messages.add(message);
        }

        @Override
        public EnqueuedMessage dequeue() {
            checkDequeuePreconditions();
            EnqueuedMessage message = messages.poll();
            if (message != null) {
                account(-1, -cost(message));
            }
            return message;
        }

        @Override
        public boolean isEmpty() {
            checkIsEmptyPreconditions();
            return messages.isEmpty();
        }

        @Override
        public void closeAndPurge() {
            for (EnqueuedMessage message = messages.poll(); message != null; message = messages.poll()) {
                account(-1, -cost(message));
                message.release();
            }
            queues.remove(clientId, this);
            closed = true;
        }

        private void account(int messagesMore, int bytesMore) {
            size.addAndGet(messagesMore);
            held.addAndGet(bytesMore);
            bytes.addAndGet(bytesMore);
        }
    }

    /** A slice keeps the whole buffer alive. */
    private static int cost(EnqueuedMessage message) {
        return MESSAGE_BYTES
                + (message instanceof PublishedMessage published
                        ? published.getPayload().capacity()
                        : 0);
    }
}
