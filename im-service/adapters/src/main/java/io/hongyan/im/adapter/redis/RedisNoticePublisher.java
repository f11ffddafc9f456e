package io.hongyan.im.adapter.redis;

import io.hongyan.im.adapter.redis.wire.PeerBatch;
import io.hongyan.im.core.cluster.NodeNotice;
import io.hongyan.im.core.cluster.OtherNodes;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Publishes this node's notices on its own channel: all waiting notices in one batch, each with a number. A lost
 * notice, here or on the way, leaves a gap in the numbers, which the next batch shows; there is at least one batch each
 * second. {@link #tell} is for any thread, {@link #runOnce} for one.
 */
final class RedisNoticePublisher implements OtherNodes {
    static final int VERSION = 1;

    private final Publisher publisher;
    private final NodeNoticeLimits limits;
    private final RedisCounters counters;
    private final InstantSource clock;

    private final LinkedBlockingQueue<Waiting> waiting;
    private final AtomicLong waitingBytes = new AtomicLong();
    /** Not sent, and not yet counted in {@link #next}. */
    private final AtomicLong lost = new AtomicLong();

    private final List<NodeNotice> batch = new ArrayList<>();
    private long next = 1;
    private long lifeSignAtMillis;

    private record Waiting(NodeNotice notice, int bytes) {}

    /** Sends a batch to all listeners. */
    @FunctionalInterface
    interface Publisher {
        /** @throws RedisAwayException it was not sent, or perhaps it was */
        void publish(byte[] batch);
    }

    RedisNoticePublisher(Publisher publisher, NodeNoticeLimits limits, RedisCounters counters, InstantSource clock) {
        this.publisher = publisher;
        this.limits = limits;
        this.counters = counters;
        this.clock = clock;
        this.waiting = new LinkedBlockingQueue<>(limits.waitingMax());
    }

    @Override
    public void tell(NodeNotice notice) {
        int bytes = NodeNoticeCodec.bytes(notice);
        if (waitingBytes.addAndGet(bytes) > limits.waitingBytesMax() || !waiting.offer(new Waiting(notice, bytes))) {
            waitingBytes.addAndGet(-bytes);
            loseSome(1);
        }
    }

    /** Other nodes must compare heads: something may have been lost that was never sent. Any thread. */
    void loseSome(int notices) {
        lost.addAndGet(notices);
        counters.add(RedisCounter.LOST_NOTICES, notices);
    }

    /** Notices that wait now. */
    int waiting() {
        return waiting.size();
    }

    /**
     * Waits for notices, at most so long, and sends all waiting ones.
     *
     * @return whether there were any
     */
    boolean runOnce(long waitMillis) throws InterruptedException {
        long untilSign = Math.max(0, lifeSignAtMillis - clock.millis());
        Waiting first = waiting.poll(Math.min(waitMillis, untilSign), TimeUnit.MILLISECONDS);
        boolean found = first != null;
        long bytes = 0;
        boolean markers = false;
        while (first != null) {
            waitingBytes.addAndGet(-first.bytes);
            bytes += first.bytes;
            boolean repeated = markers && first.notice instanceof NodeNotice.MarkersLeft;
            markers |= first.notice instanceof NodeNotice.MarkersLeft;
            if (!repeated) {
                batch.add(first.notice);
            }
            boolean room = batch.size() < limits.batchMax() && bytes < limits.batchBytesMax();
            first = room ? waiting.poll() : null;
        }
        if (found || clock.millis() >= lifeSignAtMillis) {
            send();
        }
        return found;
    }

    private void send() {
        next += lost.getAndSet(0);
        PeerBatch.Builder encoded =
                PeerBatch.newBuilder().setVersion(VERSION).setFirst(next).setSentAtMillis(clock.millis());
        batch.forEach(notice -> encoded.addNotices(NodeNoticeCodec.encode(notice)));
        int notices = batch.size();
        batch.clear();
        next += notices;
        lifeSignAtMillis = clock.millis() + limits.lifeSignMillis();
        byte[] bytes = encoded.build().toByteArray();
        try {
            publisher.publish(bytes);
            counters.increment(RedisCounter.SENT_BATCHES);
            counters.add(RedisCounter.SENT_NOTICES, notices);
            counters.add(RedisCounter.SENT_BYTES, bytes.length);
        } catch (RedisAwayException away) {
            // The next batch that arrives shows the gap.
            counters.add(RedisCounter.LOST_NOTICES, notices);
        }
    }
}
