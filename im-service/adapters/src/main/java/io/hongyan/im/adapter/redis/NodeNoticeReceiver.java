package io.hongyan.im.adapter.redis;

import com.google.protobuf.InvalidProtocolBufferException;
import io.hongyan.im.adapter.redis.wire.PeerBatch;
import io.hongyan.im.adapter.redis.wire.PeerEntry;
import io.hongyan.im.core.cluster.NodeNotice;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Receives the notices of one other node and detects missing ones. For one thread. */
final class NodeNoticeReceiver {
    private static final Logger LOG = LoggerFactory.getLogger(NodeNoticeReceiver.class);
    private static final long UNKNOWN = 0;

    private final Consumer<List<NodeNotice>> take;
    private final Runnable missed;
    private final RedisCounters counters;
    private final InstantSource clock;

    private long next = UNKNOWN;

    /**
     * @param take gets the notices
     * @param missed told that some may be missing
     */
    NodeNoticeReceiver(Consumer<List<NodeNotice>> take, Runnable missed, RedisCounters counters, InstantSource clock) {
        this.take = take;
        this.missed = missed;
        this.counters = counters;
        this.clock = clock;
    }

    /** From now on all notices are received; earlier ones perhaps not. */
    void subscribed() {
        next = UNKNOWN;
        counters.increment(RedisCounter.SUBSCRIPTIONS);
        missed.run();
    }

    void received(byte[] bytes) {
        counters.increment(RedisCounter.RECEIVED_BATCHES);
        counters.add(RedisCounter.RECEIVED_BYTES, bytes.length);
        PeerBatch batch;
        try {
            batch = PeerBatch.parseFrom(bytes);
        } catch (InvalidProtocolBufferException unreadable) {
            gap("an unreadable notice");
            return;
        }
        if (next != UNKNOWN && batch.getFirst() != next) {
            gap("notice " + batch.getFirst() + " in the place of " + next);
        }
        next = batch.getFirst() + batch.getNoticesCount();
        counters.lagMillis.set(Math.max(0, clock.millis() - batch.getSentAtMillis()));
        if (batch.getVersion() != RedisNoticePublisher.VERSION) {
            gap("version " + batch.getVersion());
            return;
        }
        take(batch);
    }

    private void take(PeerBatch batch) {
        List<NodeNotice> notices = new ArrayList<>(batch.getNoticesCount());
        boolean allKnown = true;
        for (PeerEntry entry : batch.getNoticesList()) {
            Optional<NodeNotice> notice = NodeNoticeCodec.decode(entry);
            notice.ifPresent(notices::add);
            allKnown &= notice.isPresent() || entry.hasGroupChanged();
        }
        counters.add(RedisCounter.RECEIVED_NOTICES, notices.size());
        if (!notices.isEmpty()) {
            take.accept(notices);
        }
        if (!allKnown) {
            gap("a notice of a newer version");
        }
    }

    private void gap(String what) {
        counters.increment(RedisCounter.GAPS);
        LOG.debug("received from another node: {}", what);
        missed.run();
    }
}
