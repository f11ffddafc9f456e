package io.hongyan.broker.server;

import io.moquette.broker.IRetainedRepository;
import io.moquette.broker.RetainedMessage;
import io.moquette.broker.subscriptions.Topic;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Moquette's retained messages with limits. The gate takes a {@link Place} for a message before it passes it on, or
 * refuses the PUBLISH: however many a client sends at once, each is counted before the next one is checked. Safe for
 * many threads.
 */
final class LimitedRetained implements IRetainedRepository {
    /** Size of one besides its payload, topic and properties. */
    static final int MESSAGE_BYTES = 256;

    private static final Usage NONE = new Usage();

    private final IRetainedRepository messages;
    private final GenericLimits.RetainedLimits limits;
    private final GateCounters counters;
    private final Map<String, Holding> byTopic = new HashMap<>();
    private final Map<Owner, Usage> byOwner = new HashMap<>();
    private final Usage total = new Usage();

    private static final class Usage {
        private int messages;
        private long bytes;
    }

    /**
     * What a topic counts for: its retained message, or the largest of those that are about to be stored. The owner is
     * who has published last.
     */
    private static final class Holding {
        private int retainedBytes;
        private Owner retainedOwner;
        private int places;
        private int bytes;
        private Owner owner;
    }

    /** Space for a message that Moquette has not stored yet. */
    final class Place {
        private final String topic;
        private final Owner owner;
        private boolean open = true;

        private Place(String topic, Owner owner) {
            this.topic = topic;
            this.owner = owner;
        }

        /** Moquette has handled the message: if it was not retained, the space is free again. */
        void giveBack() {
            synchronized (LimitedRetained.this) {
                if (open) {
                    open = false;
                    Holding holding = byTopic.get(topic);
                    holding.places--;
                    settle(topic, holding);
                }
            }
        }
    }

    LimitedRetained(IRetainedRepository messages, GenericLimits.RetainedLimits limits, GateCounters counters) {
        this.messages = messages;
        this.limits = limits;
        this.counters = counters;
    }

    /** What a message counts for. */
    static int bytes(MqttPublishMessage message) {
        return bytes(
                message.variableHeader().topicName(),
                message.payload().readableBytes(),
                message.variableHeader().properties());
    }

    static int bytes(String topic, int payloadBytes, MqttProperties properties) {
        return MESSAGE_BYTES + ByteBufUtil.utf8Bytes(topic) + payloadBytes + MoquettePackets.memoryBytes(properties);
    }

    /**
     * Whether there is space for a message that has a payload; if not, it is counted.
     *
     * @param owner null = only the totals hold
     */
    synchronized boolean mayRetain(String topic, int bytes, Owner owner) {
        GateCounter full = full(topic, bytes, owner);
        if (full != null) {
            counters.increment(full);
        }
        return full == null;
    }

    /** Null if there is no space for the message, which has a payload; otherwise it must be released in the end. */
    synchronized Place take(String topic, int bytes, Owner owner) {
        if (!mayRetain(topic, bytes, owner)) {
            return null;
        }
        Holding holding = byTopic.computeIfAbsent(topic, none -> new Holding());
        holding.places++;
        change(topic, holding, owner, Math.max(holding.bytes, bytes));
        return new Place(topic, owner);
    }

    /** Number of messages, including those that are about to be stored. */
    synchronized int size() {
        return total.messages;
    }

    synchronized long bytes() {
        return total.bytes;
    }

    @Override
    public synchronized void retain(Topic topic, MqttPublishMessage message) {
        if (count(topic.toString(), bytes(message))) {
            messages.retain(topic, message);
        }
    }

    @Override
    public synchronized void retain(Topic topic, MqttPublishMessage message, Instant expiry) {
        if (count(topic.toString(), bytes(message))) {
            messages.retain(topic, message, expiry);
        }
    }

    @Override
    public synchronized void cleanRetained(Topic topic) {
        forget(topic.toString());
        messages.cleanRetained(topic);
    }

    @Override
    public boolean isEmpty() {
        return messages.isEmpty();
    }

    @Override
    public Collection<RetainedMessage> retainedOnTopic(String filter) {
        return messages.retainedOnTopic(filter);
    }

    @Override
    public Collection<RetainedMessage> listExpirable() {
        return messages.listExpirable();
    }

    private boolean count(String topic, int bytes) {
        Place place = MoquetteTask.place();
        boolean placed = place != null && place.open && place.topic.equals(topic);
        if (!placed && !mayRetain(topic, bytes, null)) {
            return false;
        }
        Holding holding = byTopic.computeIfAbsent(topic, none -> new Holding());
        holding.retainedBytes = bytes;
        holding.retainedOwner = placed ? place.owner : null;
        if (placed) {
            place.open = false;
            holding.places--;
        }
        settle(topic, holding);
        return true;
    }

    private void forget(String topic) {
        Holding holding = byTopic.get(topic);
        if (holding != null) {
            holding.retainedBytes = 0;
            holding.retainedOwner = null;
            settle(topic, holding);
        }
    }

    /** Counts a topic anew: for no less than before while messages for it are about to be stored. */
    private void settle(String topic, Holding holding) {
        if (holding.places > 0) {
            change(topic, holding, holding.owner, Math.max(holding.bytes, holding.retainedBytes));
        } else {
            change(topic, holding, holding.retainedOwner, holding.retainedBytes);
        }
    }

    private void change(String topic, Holding holding, Owner owner, int bytes) {
        add(holding.owner, holding.bytes > 0 ? -1 : 0, -holding.bytes);
        holding.owner = owner;
        holding.bytes = bytes;
        add(owner, bytes > 0 ? 1 : 0, bytes);
        if (bytes == 0) {
            byTopic.remove(topic);
        }
    }

    private void add(Owner owner, int messagesMore, int bytesMore) {
        add(total, messagesMore, bytesMore);
        if (owner != null) {
            Usage usage = byOwner.computeIfAbsent(owner, none -> new Usage());
            add(usage, messagesMore, bytesMore);
            if (usage.messages == 0) {
                byOwner.remove(owner);
            }
        }
    }

    /** The counter for the limit that the message would exceed, null if there is none. */
    private GateCounter full(String topic, int bytes, Owner owner) {
        Holding holding = byTopic.get(topic);
        int before = holding == null ? 0 : holding.bytes;
        int own = holding == null || !Objects.equals(holding.owner, owner) ? 0 : before;
        Usage usage = owner == null ? NONE : byOwner.getOrDefault(owner, NONE);
        if (owner != null
                && !fits(usage, bytes - own, own == 0, limits.messagesPerUserMax(), limits.bytesPerUserMax())) {
            return GateCounter.RETAINED_REFUSED_USER;
        }
        return fits(total, bytes - before, before == 0, limits.messagesMax(), limits.bytesMax())
                ? null
                : GateCounter.RETAINED_REFUSED_TOTAL;
    }

    private static boolean fits(Usage usage, int moreBytes, boolean oneMore, int messagesMax, int bytesMax) {
        // A change that only shrinks is always accepted, or an exceeded limit could never be left.
        return (!oneMore || usage.messages < messagesMax) && (moreBytes <= 0 || usage.bytes + moreBytes <= bytesMax);
    }

    private static void add(Usage usage, int messages, long bytes) {
        usage.messages += messages;
        usage.bytes += bytes;
    }
}
