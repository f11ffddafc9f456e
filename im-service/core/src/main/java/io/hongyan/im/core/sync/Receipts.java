package io.hongyan.im.core.sync;

import io.hongyan.im.core.feed.FeedBody;
import io.hongyan.im.core.inbox.Delivery;
import io.hongyan.im.core.inbox.DeliveryListener;
import io.hongyan.im.core.inbox.Entry;
import io.hongyan.im.core.inbox.Event;
import io.hongyan.im.core.inbox.Notice;
import io.hongyan.im.core.message.Conversation;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.StoredMessage;
import io.hongyan.im.core.message.SystemUser;
import io.hongyan.im.core.metrics.MessagingCounters;
import io.hongyan.im.core.peer.PeerNotice;
import io.hongyan.im.core.peer.Peers;
import io.hongyan.im.core.send.Appended.InboxPosition;
import io.hongyan.im.core.session.TellUsers;
import io.hongyan.im.core.sync.Marks.Mark;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Delivered and read marks that have moved in memory: the notice task tells the other side, the flush task writes
 * them. A crash forgets at most what was not flushed; marks are watermarks, so the next one covers it.
 */
public final class Receipts implements DeliveryListener {
    private static final int BATCH_MAX = 5_000;

    private final Marks marks;
    private final TellUsers users;
    private final Peers peers;
    private final SyncLimits limits;
    private final MessagingCounters counters;
    private final Consumer<List<FeedBody.Receipt>> feed;
    private final Map<Key, Moved> moved = new ConcurrentHashMap<>();

    private record Key(String uid, Conversation conversation) {}

    /**
     * @param readByHand the read number the user has set, which the own devices learn as an event
     * @param told whether the other side has been sent these numbers
     */
    private record Moved(long delivered, long read, long readByHand, boolean told) {
        static final Moved NOTHING = new Moved(0, 0, 0, true);

        Moved raised(long newDelivered, long newRead, long newReadByHand, boolean tell) {
            return new Moved(
                    Math.max(delivered, newDelivered),
                    Math.max(read, newRead),
                    Math.max(readByHand, newReadByHand),
                    told && !tell);
        }
    }

    /** @param feed is told of what has moved; may block and throw */
    public Receipts(
            Marks marks,
            TellUsers users,
            Peers peers,
            SyncLimits limits,
            MessagingCounters counters,
            Consumer<List<FeedBody.Receipt>> feed) {
        this.marks = marks;
        this.users = users;
        this.peers = peers;
        this.limits = limits;
        this.counters = counters;
        this.feed = feed;
    }

    @Override
    public void delivered(DeviceKey device, StoredMessage message) {
        raise(device.uid(), message.conversation(), message.seq(), 0, 0, true);
    }

    /** Who writes has read what stands above: no receipt for that, no event. The system has no marks. */
    @Override
    public void sent(String uid, Conversation conversation, long seq) {
        if (uid.equals(SystemUser.UID)) {
            return;
        }
        raise(uid, conversation, 0, seq, 0, false);
    }

    /** @return false if there is no room: nothing was noted */
    boolean read(String uid, Conversation conversation, long seq) {
        return raise(uid, conversation, 0, seq, seq, true);
    }

    /** The mark with what has moved since it was stored. */
    Mark current(Mark stored) {
        Moved newer = moved.getOrDefault(new Key(stored.uid(), stored.conversation()), Moved.NOTHING);
        return new Mark(
                stored.uid(),
                stored.conversation(),
                Math.max(stored.deliveredSeq(), newer.delivered),
                Math.max(stored.readSeq(), newer.read));
    }

    private boolean raise(
            String uid, Conversation conversation, long delivered, long read, long readByHand, boolean tell) {
        Key key = new Key(uid, conversation);
        if (moved.size() >= limits.marksMax() && !moved.containsKey(key)) {
            counters.marksDropped.increment();
            return false;
        }
        // In a group each mark would be a notice to every other member: they ask for receipts instead.
        boolean tellPeer = tell && conversation.kind() == Conversation.Kind.DIRECT;
        moved.compute(
                key, (same, now) -> (now == null ? Moved.NOTHING : now).raised(delivered, read, readByHand, tellPeer));
        return true;
    }

    /** Tells the other side of direct conversations. Does not block. */
    public void tellPeers() {
        moved.forEach((key, now) -> {
            if (now.told) {
                return;
            }
            Notice receipt = new Notice.Receipt(key.uid(), key.conversation(), now.delivered, now.readByHand);
            String peer = key.conversation().peerOf(key.uid());
            counters.receiptsSent.add(users.everywhere(List.of(peer), receipt));
            moved.computeIfPresent(
                    key,
                    (same, later) ->
                            later.equals(now) ? new Moved(now.delivered, now.read, now.readByHand, true) : later);
        });
    }

    /** Writes what has moved. Blocks; what could not be written is tried again by the next flush. */
    public void flush(Delivery delivery) {
        write(now -> now.readByHand > 0, batch -> announce(batch, marks.appendReadEvents(batch), delivery));
        write(now -> now.readByHand == 0, marks::raise);
    }

    private void announce(List<Mark> batch, List<InboxPosition> positions, Delivery delivery) {
        if (positions.size() != batch.size()) {
            // Some were passed over: let the devices look for themselves.
            for (Mark mark : batch) {
                delivery.refresh(mark.uid());
                peers.tell(new PeerNotice.LookAtInbox(mark.uid()));
            }
            return;
        }
        for (int i = 0; i < positions.size(); i++) {
            Mark mark = batch.get(i);
            Event event = new Event.ReadUpTo(mark.conversation(), mark.readSeq());
            Entry.OfEvent entry = new Entry.OfEvent(positions.get(i).seq(), event);
            delivery.announce(mark.uid(), entry);
            peers.tell(new PeerNotice.EventStored(mark.uid(), entry));
        }
    }

    /** Writes the marks that match. */
    private void write(Predicate<Moved> which, Consumer<List<Mark>> storage) {
        List<Map.Entry<Key, Moved>> batch = new ArrayList<>();
        for (Map.Entry<Key, Moved> entry : moved.entrySet()) {
            Moved now = entry.getValue();
            if (now.told && which.test(now)) {
                batch.add(Map.entry(entry.getKey(), now));
            }
            if (batch.size() == BATCH_MAX) {
                write(batch, storage);
                batch.clear();
            }
        }
        if (!batch.isEmpty()) {
            write(batch, storage);
        }
    }

    private void write(List<Map.Entry<Key, Moved>> batch, Consumer<List<Mark>> storage) {
        // First, so that a crash in between repeats events and loses none.
        tellFeed(batch);
        storage.accept(batch.stream()
                .map(entry -> new Mark(
                        entry.getKey().uid(),
                        entry.getKey().conversation(),
                        entry.getValue().delivered,
                        entry.getValue().read))
                .toList());
        counters.marksWritten.add(batch.size());
        batch.forEach(entry -> moved.remove(entry.getKey(), entry.getValue()));
    }

    /** Who writes has read what stands above: that is no receipt. */
    private void tellFeed(List<Map.Entry<Key, Moved>> batch) {
        List<FeedBody.Receipt> receipts = new ArrayList<>();
        for (Map.Entry<Key, Moved> entry : batch) {
            Moved now = entry.getValue();
            if (now.delivered > 0 || now.readByHand > 0) {
                Key key = entry.getKey();
                receipts.add(new FeedBody.Receipt(key.uid(), key.conversation(), now.delivered, now.readByHand));
            }
        }
        if (!receipts.isEmpty()) {
            feed.accept(receipts);
        }
    }
}
