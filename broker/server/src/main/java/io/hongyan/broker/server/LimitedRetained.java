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
 * Moquette's retained messages with limits. The gate asks {@link #mayRetain} first, to refuse the PUBLISH; what comes past that,
 * such as two at the same moment, is not retained. Safe for many threads.
 */
final class LimitedRetained implements IRetainedRepository {
    /** What one costs besides its payload and topic. */
    static final int MESSAGE_BYTES = 256;

    private static final int OWN_LEVELS = 2;
    private static final Usage NONE = new Usage();

    private final IRetainedRepository messages;
    private final GenericLimits.RetainedLimits limits;
    private final GateCounters counters;
    private final Map<String, Integer> bytesByTopic = new HashMap<>();
    private final Map<String, Usage> byPrefix = new HashMap<>();
    private final Usage total = new Usage();

    private static final class Usage {
        private int messages;
        private long bytes;
    }

    LimitedRetained(IRetainedRepository messages, GenericLimits.RetainedLimits limits, GateCounters counters) {
        this.messages = messages;
        this.limits = limits;
        this.counters = counters;
    }

    /** @param ownPrefix below which the user has topics of his own, with a slash at its end; empty = he has none */
    synchronized boolean mayRetain(String topic, int payloadBytes, String ownPrefix) {
        if (payloadBytes == 0) {
            return true;
        }
        int before = bytesByTopic.getOrDefault(topic, 0);
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
        if (!mayRetain(topic, payloadBytes, "")) {
            counters.increment(GateCounter.RETAINED_REFUSED);
            return false;
        }
        forget(topic);
        int bytes = bytes(topic, payloadBytes);
        bytesByTopic.put(topic, bytes);
        add(total, 1, bytes);
        String prefix = prefix(topic);
        if (prefix != null) {
            add(byPrefix.computeIfAbsent(prefix, none -> new Usage()), 1, bytes);
        }
        return true;
    }

    private void forget(String topic) {
        Integer bytes = bytesByTopic.remove(topic);
        if (bytes == null) {
            return;
        }
        add(total, -1, -bytes);
        String prefix = prefix(topic);
        if (prefix != null) {
            Usage usage = byPrefix.get(prefix);
            add(usage, -1, -bytes);
            if (usage.messages == 0) {
                byPrefix.remove(prefix);
            }
        }
    }

    private static boolean fits(Usage usage, int moreBytes, boolean oneMore, int messagesMax, int bytesMax) {
        // What only shrinks fits always, or a limit that was passed could not be come back from.
        return (!oneMore || usage.messages < messagesMax) && (moreBytes <= 0 || usage.bytes + moreBytes <= bytesMax);
    }

    private static void add(Usage usage, int messages, long bytes) {
        usage.messages += messages;
        usage.bytes += bytes;
    }

    private static int bytes(String topic, int payloadBytes) {
        return MESSAGE_BYTES + topic.getBytes(StandardCharsets.UTF_8).length + payloadBytes;
    }

    /** The first levels, with a slash at the end: that is how topics of users begin. Null where there are fewer. */
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
