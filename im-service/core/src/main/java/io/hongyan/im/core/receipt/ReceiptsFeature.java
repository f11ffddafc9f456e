package io.hongyan.im.core.receipt;

import io.hongyan.im.core.cluster.OtherNodes;
import io.hongyan.im.core.feed.FeedBody;
import io.hongyan.im.core.group.Groups;
import io.hongyan.im.core.group.ReadRights;
import io.hongyan.im.core.inbox.Announcements;
import io.hongyan.im.core.inbox.DeliveryListener;
import io.hongyan.im.core.message.BlockingWork;
import io.hongyan.im.core.send.History;
import io.hongyan.im.core.session.TellUsers;
import io.hongyan.im.core.work.Feature;
import io.hongyan.im.core.work.PeriodicTask;
import io.hongyan.metrics.Counters;
import java.util.List;
import java.util.function.Consumer;

/** Notes how far users have received and read their conversations, and tells others of it. */
public final class ReceiptsFeature implements Feature {
    private static final long TELL_MILLIS = 200;
    private static final long FLUSH_MILLIS = 1_000;

    private final Counters<ReceiptCounter> counters = new Counters<>(ReceiptCounter.class);
    private final Announcements announcements;
    private final Receipts receipts;
    private final MarkRead markRead;
    private final ReadReceipts readReceipts;

    /** What is read of the storage. */
    public record Stores(Marks marks, History history, Groups groups) {}

    /**
     * Who learns of marks.
     *
     * @param feed may block and throw
     */
    public record Told(
            Announcements announcements,
            TellUsers users,
            OtherNodes otherNodes,
            Consumer<List<FeedBody.Receipt>> feed) {}

    public ReceiptsFeature(Stores stores, Told told, ReadRights rights, BlockingWork calls, ReceiptLimits limits) {
        this.announcements = told.announcements;
        this.receipts = new Receipts(stores.marks, told.users, told.otherNodes, limits, counters, told.feed);
        this.markRead = new MarkRead(stores.history, stores.marks, receipts, rights, calls);
        this.readReceipts = new ReadReceipts(stores.history, stores.marks, stores.groups, rights, calls, limits);
    }

    public Counters<ReceiptCounter> counters() {
        return counters;
    }

    /** To be told of all that is delivered. */
    public DeliveryListener listener() {
        return receipts;
    }

    public NewestMarks newestMarks() {
        return receipts;
    }

    public MarkRead markRead() {
        return markRead;
    }

    public ReadReceipts readReceipts() {
        return readReceipts;
    }

    @Override
    public List<PeriodicTask> tasks() {
        return List.of(
                new PeriodicTask("send receipts", TELL_MILLIS, receipts::tellPeers),
                new PeriodicTask("write marks", FLUSH_MILLIS, () -> receipts.flush(announcements)));
    }

    @Override
    public void flush() {
        receipts.tellPeers();
        receipts.flush(announcements);
    }
}
