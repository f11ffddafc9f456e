package io.hongyan.broker.server;

import io.moquette.broker.IRetainedRepository;
import io.moquette.broker.RetainedMessage;
import io.moquette.broker.subscriptions.Topic;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * Moquette's retained messages with limits. The gate takes a {@link Place} for a message before it passes it on, or
 * refuses the PUBLISH: however many a client sends at once, each is counted before the next one is checked. Safe for
 * many threads.
 */
final class LimitedRetained implements IRetainedRepository {
    /** Size of one besides its payload and topic. */
    static final int MESSAGE_BYTES = 256;

    private static final int OWN_LEVELS = 2;
    private static final Usage NONE = new Usage();

    private final IRetainedRepository messages;
    private final GenericLimits.RetainedLimits limits;
    private final GateCounters counters;
    private final Map<String, Holding> byTopic = new HashMap<>();
    private final Map<String, Usage> byPrefix = new HashMap<>();
    private final Usage total = new Usage();

    private static final class Usage {
        private int messages;
        private long bytes;
    }

    /** What a topic counts for: its retained message, or the largest of those that are about to be stored. */
    private static final class Holding {
        private int retainedBytes;
        private int places;
        private int bytes;
    }

    /** Space for a message that Moquette has not stored yet. */
    final class Place {
        private final String topic;
        private boolean open = true;

        private Place(String topic) {
            this.topic = topic;
        }

        /** Moquette has handled the message: if it was not retained, the space is free again. */
        void giveBack() {
            synchronized (LimitedRetained.this) {
                if (open) {
                    open = false;
                    Holding holding = byTopic.get(topic);
                    holding.places--;
                    settle(topic, holding, holding.retainedBytes);
                }
            }
        }
    }

    LimitedRetained(IRetainedRepository messages, GenericLimits.RetainedLimits limits, GateCounters counters) {
        this.messages = messages;
        this.limits = limits;
        this.counters = counters;
    }

    /** @param ownPrefix prefix of the user's own topics, with a slash at its end; empty = the user has none */
    synchronized boolean mayRetain(String topic, int payloadBytes, String ownPrefix) {
        if (payloadBytes == 0) {
            return true;
        }
        Holding holding = byTopic.get(topic);
        int before = holding == null ? 0 : holding.bytes;
        int more = bytes(topic, payloadBytes) - before;
        if (!fits(total, more, before == 0, limits.messagesMax(), limits.bytesMax())) {
            return false;
        }
        return ownPrefix.isEmpty()
                || fits(
                        byPrefix.getOrDefault(ownPrefix, NONE),
                        more,
                        before == 0,
                        limits.messagesPerUserMax(),
                        limits.bytesPerUserMax());
    }

    /** Null if there is no space for the message, which has a payload; otherwise it must be released in the end. */
    synchronized Place take(String topic, int payloadBytes, String ownPrefix) {
        if (!mayRetain(topic, payloadBytes, ownPrefix)) {
            return null;
        }
        Holding holding = byTopic.computeIfAbsent(topic, none -> new Holding());
        holding.places++;
        settle(topic, holding, bytes(topic, payloadBytes));
        return new Place(topic);
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
        if (count(topic.toString(), message.payload().readableBytes())) {
            messages.retain(topic, message);
        }
    }

    @Override
    public synchronized void retain(Topic topic, MqttPublishMessage message, Instant expiry) {
        if (count(topic.toString(), message.payload().readableBytes())) {
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

    private boolean count(String topic, int payloadBytes) {
        Place place = MoquetteTask.place();
        boolean placed = place != null && place.open && place.topic.equals(topic);
        if (!placed && !mayRetain(topic, payloadBytes, "")) {
            counters.increment(GateCounter.RETAINED_REFUSED);
            return false;
        }
        Holding holding = byTopic.computeIfAbsent(topic, none -> new Holding());
        holding.retainedBytes = bytes(topic, payloadBytes);
        if (placed) {
            place.open = false;
            holding.places--;
        }
        settle(topic, holding, holding.retainedBytes);
        return true;
    }

    private void forget(String topic) {
        Holding holding = byTopic.get(topic);
        if (holding != null) {
            holding.retainedBytes = 0;
            settle(topic, holding, 0);
        }
    }

    /**
     * Counts a topic anew: for so many bytes, and for no less than before while messages for it are about to be stored.
     */
    private void settle(String topic, Holding holding, int bytes) {
        int now = holding.places > 0 ? Math.max(holding.bytes, bytes) : bytes;
        int messagesMore = (now > 0 ? 1 : 0) - (holding.bytes > 0 ? 1 : 0);
        int bytesMore = now - holding.bytes;
        holding.bytes = now;
        if (now == 0) {
            byTopic.remove(topic);
        }
        add(total, messagesMore, bytesMore);
        String prefix = prefix(topic);
        if (prefix != null) {
            Usage usage = byPrefix.computeIfAbsent(prefix, none -> new Usage());
            add(usage, messagesMore, bytesMore);
            if (usage.messages == 0) {
                byPrefix.remove(prefix);
            }
        }
    }

    private static boolean fits(Usage usage, int moreBytes, boolean oneMore, int messagesMax, int bytesMax) {
        // A change that only shrinks is always accepted, or an exceeded limit could never be left.
        return (!oneMore || usage.messages < messagesMax) && (moreBytes <= 0 || usage.bytes + moreBytes <= bytesMax);
    }

    private static void add(Usage usage, int messages, long bytes) {
        usage.messages += messages;
        usage.bytes += bytes;
    }

    private static int bytes(String topic, int payloadBytes) {
        return MESSAGE_BYTES + topic.getBytes(StandardCharsets.UTF_8).length + payloadBytes;
    }

    /** The first levels, with a slash at the end, which is the form of users' prefixes. Null if there are fewer. */
    private static String prefix(String topic) {
        int slash = -1;
        for (int level = 0; level < OWN_LEVELS; level++) {
            slash = topic.indexOf('/', slash + 1);
            if (slash < 0) {
                return null;
            }
        }
        return topic.substring(0, slash + 1);
    }
}
