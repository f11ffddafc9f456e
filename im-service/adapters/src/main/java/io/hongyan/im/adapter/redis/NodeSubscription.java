package io.hongyan.im.adapter.redis;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.BinaryJedisShardedPubSub;
import redis.clients.jedis.Connection;
import redis.clients.jedis.exceptions.JedisException;

/** Listens to the channel of one other node, on its own connection, until it is closed; reconnects by itself. */
final class NodeSubscription {
    private static final Logger LOG = LoggerFactory.getLogger(NodeSubscription.class);
    private static final long PAUSE_MILLIS = 300;

    private final RedisLink link;
    private final String channel;
    private final NodeNoticeReceiver receiver;
    private final LongSupplier nanos;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Connection connection;
    private volatile long lastSeenAtNanos;

    NodeSubscription(RedisLink link, String channel, NodeNoticeReceiver receiver, LongSupplier nanos) {
        this.link = link;
        this.channel = channel;
        this.receiver = receiver;
        this.nanos = nanos;
        this.lastSeenAtNanos = nanos.getAsLong();
    }

    /** For the thread of this subscription; returns when it is closed. */
    void run() {
        try {
            do {
                listen();
            } while (!closed.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
        }
    }

    private void listen() {
        try (Connection own = link.subscriber(channel)) {
            connection = own;
            if (closed.getCount() > 0) {
                lastSeenAtNanos = nanos.getAsLong();
                new Listener().proceed(own, channel.getBytes(StandardCharsets.UTF_8));
            }
        } catch (JedisException trouble) {
            LOG.debug("not listening to {}, will try again: {}", channel, trouble.toString());
        } catch (RuntimeException mistake) {
            // The thread must survive: without it this node would get no notices any more.
            LOG.warn("a notice of a node on {} could not be processed", channel, mistake);
        } finally {
            connection = null;
        }
    }

    /** Closes a connection on which nothing comes any more, so that another is made. Any thread. */
    void breakOffIfSilent(long silenceMillis) {
        if (nanos.getAsLong() - lastSeenAtNanos > TimeUnit.MILLISECONDS.toNanos(silenceMillis)) {
            lastSeenAtNanos = nanos.getAsLong();
            breakOff();
        }
    }

    /** Any thread. */
    void close() {
        closed.countDown();
        breakOff();
    }

    private void breakOff() {
        Connection present = connection;
        if (present != null) {
            try {
                present.forceDisconnect();
            } catch (IOException | JedisException trouble) {
                LOG.debug("a connection could not be ended: {}", trouble.toString());
            }
        }
    }

    private final class Listener extends BinaryJedisShardedPubSub {
        @Override
        public void onSSubscribe(byte[] name, int channels) {
            lastSeenAtNanos = nanos.getAsLong();
            receiver.subscribed();
        }

        @Override
        public void onSMessage(byte[] name, byte[] message) {
            lastSeenAtNanos = nanos.getAsLong();
            receiver.received(message);
        }
    }
}
