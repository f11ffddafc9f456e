package io.hongyan.broker.server;

import io.moquette.broker.AbstractSessionMessageQueue;
import io.moquette.broker.IQueueRepository;
import io.moquette.broker.SessionMessageQueue;
import io.moquette.broker.SessionRegistry.EnqueuedMessage;
import io.moquette.broker.SessionRegistry.PublishedMessage;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.mqtt.MqttProperties.MqttProperty;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Moquette's queues of messages that wait for sessions, in memory and with limits. Safe for many threads. */
final class LimitedQueues implements IQueueRepository {
    /** Size of one besides its payload, topic and properties. */
    static final int MESSAGE_BYTES = 256;

    private final ConcurrentHashMap<String, SessionMessageQueue<EnqueuedMessage>> queues = new ConcurrentHashMap<>();
    private final AtomicLong bytes = new AtomicLong();
    private final ConcurrentHashMap<Owner, Long> bytesByOwner = new ConcurrentHashMap<>();
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
        /** Null if there is none. */
        private final Owner owner;

        /** While Moquette begins the session of the connection whose CONNECT led to the current command. */
        LimitedQueue(String clientId) {
            this.clientId = clientId;
            Connection cause = MoquetteTask.cause();
            this.owner = cause == null ? null : cause.owner;
        }

        /**
         * A marker of an exchange in progress is no message and always accepted; there are at most as many as packet
         * ids.
         */
        @Override
        public void enqueue(EnqueuedMessage message) {
            checkEnqueuePreconditions(message);
            int cost = cost(message);
            GateCounter full = full(cost);
            if (full != null && message instanceof PublishedMessage) {
                counters.increment(full);
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

        /** The counter for the limit that so many more bytes would exceed, null if there is none. */
        private GateCounter full(int cost) {
            if (size.get() >= limits.messagesPerSessionMax() || held.get() + cost > limits.bytesPerSessionMax()) {
                return GateCounter.QUEUED_DROPPED_SESSION;
            }
            if (owner != null && bytesByOwner.getOrDefault(owner, 0L) + cost > limits.bytesPerUserMax()) {
                return GateCounter.QUEUED_DROPPED_USER;
            }
            return bytes.get() + cost > limits.bytesMax() ? GateCounter.QUEUED_DROPPED_TOTAL : null;
        }

        private void account(int messagesMore, int bytesMore) {
            size.addAndGet(messagesMore);
            held.addAndGet(bytesMore);
            bytes.addAndGet(bytesMore);
            if (owner != null) {
                bytesByOwner.merge(owner, (long) bytesMore, LimitedQueues::sumOrNone);
            }
        }
    }

    /** Null instead of zero, so that owners without waiting messages take no memory. */
    private static Long sumOrNone(Long before, Long more) {
        long sum = before + more;
        return sum == 0 ? null : (Long) sum;
    }

    /** Each session counts the whole message, although sessions share the memory for it. */
    private static int cost(EnqueuedMessage message) {
        if (!(message instanceof PublishedMessage published)) {
            return MESSAGE_BYTES;
        }
        // A slice keeps the whole buffer alive.
        int bytes = MESSAGE_BYTES
                + ByteBufUtil.utf8Bytes(published.getTopic().toString())
                + published.getPayload().capacity();
        for (MqttProperty<?> property : published.getMqttProperties()) {
            bytes += MoquettePackets.memoryBytes(property);
        }
        return bytes;
    }
}
