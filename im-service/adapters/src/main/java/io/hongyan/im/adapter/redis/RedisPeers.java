package io.hongyan.im.adapter.redis;

import io.hongyan.im.adapter.redis.wire.PeerBatch;
import io.hongyan.im.core.peer.PeerNotice;
import io.hongyan.im.core.peer.Peers;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Publishes what this node tells the others on one channel of its own: what waits goes together, each notice with a
 * number. What is lost, here or on the way, leaves a hole in the numbers, which the next batch shows; there is one each
 * second at least. {@link #tell} is for any thread, {@link #runOnce} for one.
 */
final class RedisPeers implements Peers {
    static final int VERSION = 1;

    private final Publisher publisher;
    private final PeerLimits limits;
    private final RedisCounters counters;
    private final InstantSource clock;

    private final LinkedBlockingQueue<Waiting> waiting;
    private final AtomicLong waitingBytes = new AtomicLong();
    /** Not sent, and not counted in {@link #next} yet. */
    private final AtomicLong lost = new AtomicLong();

    private final List<PeerNotice> batch = new ArrayList<>();
    private long next = 1;
    private long lifeSignAtMillis;

    private record Waiting(PeerNotice notice, int bytes) {}

    /** Sends a batch to whoever listens. */
    @FunctionalInterface
    interface Publisher {
        /** @throws RedisAwayException it was not sent, or perhaps it was */
        void publish(byte[] batch);
    }

    RedisPeers(Publisher publisher, PeerLimits limits, RedisCounters counters, InstantSource clock) {
        this.publisher = publisher;
        this.limits = limits;
        this.counters = counters;
        this.clock = clock;
        this.waiting = new LinkedBlockingQueue<>(limits.waitingMax());
    }

    @Override
    public void tell(PeerNotice notice) {
        int bytes = PeerCodec.bytes(notice);
        if (waitingBytes.addAndGet(bytes) > limits.waitingBytesMax() || !waiting.offer(new Waiting(notice, bytes))) {
            waitingBytes.addAndGet(-bytes);
            loseSome(1);
        }
    }

    /** Others are to look for themselves: something may have been lost that was never told. Any thread. */
    void loseSome(int notices) {
        lost.addAndGet(notices);
        counters.lostNotices.add(notices);
    }

    /** Notices that wait now. */
    int waiting() {
        return waiting.size();
    }

    /**
     * Waits for something to tell, at most so long, and sends what waits.
     *
     * @return whether there was anything
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
            boolean repeated = markers && first.notice instanceof PeerNotice.MarkersLeft;
            markers |= first.notice instanceof PeerNotice.MarkersLeft;
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
        batch.forEach(notice -> encoded.addNotices(PeerCodec.encode(notice)));
        int notices = batch.size();
        batch.clear();
        next += notices;
        lifeSignAtMillis = clock.millis() + limits.lifeSignMillis();
        byte[] bytes = encoded.build().toByteArray();
        try {
            publisher.publish(bytes);
            counters.sentBatches.increment();
            counters.sentNotices.add(notices);
            counters.sentBytes.add(bytes.length);
        } catch (RedisAwayException away) {
            // The next batch that comes through shows the hole.
            counters.lostNotices.add(notices);
        }
    }
}
