package io.hongyan.im.core.receipt;

import io.hongyan.im.core.cluster.NodeNotice;
import io.hongyan.im.core.cluster.OtherNodes;
import io.hongyan.im.core.feed.FeedBody;
import io.hongyan.im.core.inbox.Announcements;
import io.hongyan.im.core.inbox.DeliveryListener;
import io.hongyan.im.core.inbox.Entry;
import io.hongyan.im.core.inbox.Event;
import io.hongyan.im.core.inbox.Notice;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.PartialResult;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.message.SystemUser;
import io.hongyan.im.core.receipt.Marks.Mark;
import io.hongyan.im.core.receipt.Marks.ReadEvents;
import io.hongyan.im.core.session.TellUsers;
import io.hongyan.metrics.Counters;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Delivered and read marks that have moved in memory: the notice task tells the other side, the flush task writes
 * them. A crash forgets at most what was not flushed; marks are watermarks, so the next one covers it.
 */
public final class Receipts implements DeliveryListener, NewestMarks {
    private static final int BATCH_MAX = 5_000;

    private final Marks marks;
    private final TellUsers users;
    private final OtherNodes otherNodes;
    private final ReceiptLimits limits;
    private final Counters<ReceiptCounter> counters;
    private final Consumer<List<FeedBody.Receipt>> feed;
    private final Map<Key, Moved> moved = new ConcurrentHashMap<>();

    private record Key(String uid, Conversation conversation) {}

    /**
     * @param readOrdinal the ordinal of entry {@code read}
     * @param readByHand the read number the user has set, which the own devices learn as an event
     * @param told whether the other side has been sent these numbers
     * @param inFeed whether the feed has been told of them
     */
    private record Moved(long delivered, long read, long readOrdinal, long readByHand, boolean told, boolean inFeed) {
        static final Moved NOTHING = new Moved(0, 0, 0, 0, true, false);

        Moved withDelivered(long seq, boolean tell) {
            return new Moved(
                    Math.max(delivered, seq), read, readOrdinal, readByHand, told && !tell, inFeed && seq <= delivered);
        }

        /** Ordinals rise with numbers. */
        Moved withRead(long seq, long ordinal) {
            return new Moved(delivered, Math.max(read, seq), Math.max(readOrdinal, ordinal), readByHand, told, inFeed);
        }

        Moved withReadByHand(long seq, boolean tell) {
            return new Moved(
                    delivered,
                    read,
                    readOrdinal,
                    Math.max(readByHand, seq),
                    told && !tell,
                    inFeed && seq <= readByHand);
        }

        Moved toldPeer() {
            return new Moved(delivered, read, readOrdinal, readByHand, true, inFeed);
        }

        Moved toldFeed() {
            return new Moved(delivered, read, readOrdinal, readByHand, told, true);
        }
    }

    /** @param feed is told of what has moved; may block and throw */
    public Receipts(
            Marks marks,
            TellUsers users,
            OtherNodes otherNodes,
            ReceiptLimits limits,
            Counters<ReceiptCounter> counters,
            Consumer<List<FeedBody.Receipt>> feed) {
        this.marks = marks;
        this.users = users;
        this.otherNodes = otherNodes;
        this.limits = limits;
        this.counters = counters;
        this.feed = feed;
    }

    @Override
    public void delivered(DeviceKey device, StoredMessage message) {
        boolean tell = tellsPeer(message.conversation());
        raise(device.uid(), message.conversation(), now -> now.withDelivered(message.seq(), tell));
    }

    /** Who writes has read what stands above: no receipt for that, no event. The system has no marks. */
    @Override
    public void sent(String uid, Conversation conversation, long seq, long ordinal) {
        if (uid.equals(SystemUser.UID)) {
            return;
        }
        raise(uid, conversation, now -> now.withRead(seq, ordinal));
    }

    /** @return false if there is no room: nothing was noted */
    boolean read(String uid, Conversation conversation, long seq, long ordinal) {
        boolean tell = tellsPeer(conversation);
        return raise(uid, conversation, now -> now.withRead(seq, ordinal).withReadByHand(seq, tell));
    }

    @Override
    public Mark current(Mark stored) {
        Moved newer = moved.getOrDefault(new Key(stored.uid(), stored.conversation()), Moved.NOTHING);
        return new Mark(
                stored.uid(),
                stored.conversation(),
                Math.max(stored.deliveredSeq(), newer.delivered),
                Math.max(stored.readSeq(), newer.read),
                Math.max(stored.readOrdinal(), newer.readOrdinal));
    }

    private boolean raise(String uid, Conversation conversation, UnaryOperator<Moved> change) {
        Key key = new Key(uid, conversation);
        if (moved.size() >= limits.marksMax() && !moved.containsKey(key)) {
            counters.increment(ReceiptCounter.MARKS_DROPPED);
            return false;
        }
        moved.compute(key, (same, now) -> change.apply(now == null ? Moved.NOTHING : now));
        return true;
    }

    /** In a group each mark would be a notice to every other member: they ask for receipts instead. */
    private static boolean tellsPeer(Conversation conversation) {
        return conversation.kind() == Conversation.Kind.DIRECT;
    }

    /** Tells the other side of direct conversations. Does not block. */
    public void tellPeers() {
        moved.forEach(this::told);
    }

    /** Tells the other side, if it has not been told. */
    private Moved told(Key key, Moved now) {
        if (now.told) {
            return now;
        }
        Moved told = now.toldPeer();
        // Of two threads one tells it; what has risen meanwhile is told by itself.
        if (moved.replace(key, now, told)) {
            Notice receipt = new Notice.Receipt(key.uid(), key.conversation(), now.delivered, now.readByHand);
            String peer = key.conversation().peerOf(key.uid());
            counters.add(ReceiptCounter.RECEIPTS_SENT, users.everywhere(List.of(peer), receipt));
        }
        return told;
    }

    /**
     * Writes what has moved. Blocks; what could not be written is tried again by the next flush.
     *
     * @throws RuntimeException why something could not
     */
    public void flush(Announcements delivery) {
        RuntimeException trouble = write(
                now -> now.readByHand > 0, batch -> announce(batch, marks.appendReadEvents(batch), delivery), null);
        trouble = write(now -> now.readByHand == 0, marks::raise, trouble);
        if (trouble != null) {
            throw trouble;
        }
    }

    private PartialResult<Mark> announce(List<Mark> batch, ReadEvents events, Announcements delivery) {
        List<Mark> done =
                batch.stream().filter(mark -> !events.left().has(mark)).toList();
        if (events.positions().size() != done.size()) {
            // Some were passed over: let the devices look for themselves.
            for (Mark mark : done) {
                delivery.refresh(mark.uid());
                otherNodes.tell(new NodeNotice.LookAtInbox(mark.uid()));
            }
            return events.left();
        }
        for (int i = 0; i < done.size(); i++) {
            Mark mark = done.get(i);
            Event event = new Event.ReadUpTo(mark.conversation(), mark.readSeq(), mark.readOrdinal());
            Entry.OfEvent entry = new Entry.OfEvent(events.positions().get(i).seq(), event);
            delivery.announce(mark.uid(), entry);
            otherNodes.tell(new NodeNotice.EventStored(mark.uid(), entry));
        }
        return events.left();
    }

    /**
     * Writes the marks that match.
     *
     * @return why some are left, or what was given
     */
    private RuntimeException write(
            Predicate<Moved> which, Function<List<Mark>, PartialResult<Mark>> storage, RuntimeException earlier) {
        RuntimeException trouble = earlier;
        List<Map.Entry<Key, Moved>> batch = new ArrayList<>();
        for (Map.Entry<Key, Moved> entry : moved.entrySet()) {
            Moved now = entry.getValue();
            if (which.test(now)) {
                // Told here, not waited for: a mark that never rests would never be written.
                batch.add(Map.entry(entry.getKey(), told(entry.getKey(), now)));
            }
            if (batch.size() == BATCH_MAX) {
                trouble = write(batch, storage).whyOr(trouble);
                batch.clear();
            }
        }
        return batch.isEmpty() ? trouble : write(batch, storage).whyOr(trouble);
    }

    private PartialResult<Mark> write(
            List<Map.Entry<Key, Moved>> batch, Function<List<Mark>, PartialResult<Mark>> storage) {
        // First, so that a crash in between repeats events and loses none.
        tellFeed(batch);
        PartialResult<Mark> left;
        try {
            left = storage.apply(batch.stream().map(Receipts::markOf).toList());
        } catch (RuntimeException trouble) {
            batch.forEach(this::keep);
            throw trouble;
        }
        counters.add(ReceiptCounter.MARKS_WRITTEN, batch.size() - left.items().size());
        for (Map.Entry<Key, Moved> entry : batch) {
            if (left.has(markOf(entry))) {
                keep(entry);
            } else {
                moved.remove(entry.getKey(), entry.getValue());
            }
        }
        return left;
    }

    /** For the next flush, which is not to tell the feed again. */
    private void keep(Map.Entry<Key, Moved> entry) {
        Moved now = entry.getValue();
        moved.computeIfPresent(entry.getKey(), (same, later) -> later.equals(now) ? now.toldFeed() : later);
    }

    private static Mark markOf(Map.Entry<Key, Moved> entry) {
        Moved now = entry.getValue();
        Key key = entry.getKey();
        return new Mark(key.uid(), key.conversation(), now.delivered, now.read, now.readOrdinal);
    }

    /** Who writes has read what stands above: that is no receipt. */
    private void tellFeed(List<Map.Entry<Key, Moved>> batch) {
        List<FeedBody.Receipt> receipts = new ArrayList<>();
        for (Map.Entry<Key, Moved> entry : batch) {
            Moved now = entry.getValue();
            if (!now.inFeed && (now.delivered > 0 || now.readByHand > 0)) {
                Key key = entry.getKey();
                receipts.add(new FeedBody.Receipt(key.uid(), key.conversation(), now.delivered, now.readByHand));
            }
        }
        if (!receipts.isEmpty()) {
            feed.accept(receipts);
        }
    }
}
