package io.hongyan.im.core.sync;

import io.hongyan.im.core.inbox.Cursors;
import io.hongyan.im.core.inbox.DeliveryListener;
import io.hongyan.im.core.inbox.DeviceRoom;
import io.hongyan.im.core.inbox.Entry;
import io.hongyan.im.core.inbox.Event;
import io.hongyan.im.core.inbox.Inbox;
import io.hongyan.im.core.inbox.InboxPage;
import io.hongyan.im.core.message.Answer;
import io.hongyan.im.core.message.BlockingWork;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.PageLimits;
import io.hongyan.im.core.message.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Gives a page of the inbox; asking for what follows a number acknowledges everything up to it. */
public final class PullInbox {
    private final Inbox inbox;
    private final Cursors cursors;
    private final DeliveryListener listener;
    private final BlockingWork blocking;
    private final PageLimits limits;
    private final DeviceRoom room;

    public PullInbox(
            Inbox inbox,
            Cursors cursors,
            DeliveryListener listener,
            BlockingWork blocking,
            PageLimits limits,
            DeviceRoom room) {
        this.inbox = inbox;
        this.cursors = cursors;
        this.listener = listener;
        this.blocking = blocking;
        this.limits = limits;
        this.room = room;
    }

    /**
     * @param afterSeq the last number the client has; the device's cursor rises to it, never above the head and never
     *     back
     * @param limit entries at most, 0 = the default
     * @return entries after {@code afterSeq}; where they were trimmed, first an event that says so
     */
    public CompletionStage<Answer<InboxPage>> pull(DeviceKey device, long afterSeq, int limit) {
        if (afterSeq < 0 || limit < 0) {
            return CompletableFuture.completedFuture(new Answer.Refused<>(Refusal.MALFORMED));
        }
        return blocking.submit(device.uid(), () -> {
            long cursor = cursors.start(device, room).cursor();
            InboxPage page = inbox.read(device.uid(), afterSeq, limits.page(limit), limits.pageBytesMax());
            long acknowledged = Math.min(afterSeq, page.headSeq());
            if (acknowledged > cursor) {
                markDelivered(device, cursor, acknowledged);
                cursors.acknowledged(device, acknowledged);
            }
            return new Answer.Given<>(withTrimmed(page, afterSeq));
        });
    }

    /**
     * The messages of the page before are delivered now. Marks are watermarks: of a client that skips ahead by more
     * than a page, the newest page tells enough.
     */
    private void markDelivered(DeviceKey device, long aboveSeq, long upToSeq) {
        long from = Math.max(aboveSeq, upToSeq - limits.pageMax());
        while (from < upToSeq) {
            List<Entry> entries = inbox.read(device.uid(), from, (int) (upToSeq - from), limits.pageBytesMax())
                    .entries();
            if (entries.isEmpty()) {
                return;
            }
            for (Entry entry : entries) {
                if (entry.seq() <= upToSeq
                        && entry instanceof Entry.OfMessage message
                        && !message.message().sender().equals(device.uid())) {
                    listener.delivered(device, message.message());
                }
            }
            from = entries.get(entries.size() - 1).seq();
        }
    }

    private static InboxPage withTrimmed(InboxPage page, long afterSeq) {
        // Not afterSeq + 1, which is below 0 for the highest number.
        if (page.oldestSeq() - 1 <= afterSeq) {
            return page;
        }
        List<Entry> entries = new ArrayList<>();
        entries.add(new Entry.OfEvent(page.oldestSeq() - 1, new Event.Trimmed(page.oldestSeq())));
        entries.addAll(page.entries());
        return new InboxPage(entries, page.headSeq(), page.oldestSeq());
    }
}
