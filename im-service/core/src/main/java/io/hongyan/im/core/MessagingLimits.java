package io.hongyan.im.core;

import io.hongyan.im.core.feed.FeedOptions;
import io.hongyan.im.core.feed.ReportDestination;
import io.hongyan.im.core.group.GroupLimits;
import io.hongyan.im.core.hint.HintLimits;
import io.hongyan.im.core.message.PageLimits;
import io.hongyan.im.core.push.PushLimits;
import io.hongyan.im.core.receipt.ReceiptLimits;
import io.hongyan.im.core.send.MessageLimits;
import io.hongyan.im.core.session.SessionLimits;
import io.hongyan.settings.Defaults;
import io.hongyan.settings.InSection;
import java.util.Map;

/** The limits of the features, each of which is given its own. */
public record MessagingLimits(
        @InSection("") MessageLimits messages,

        SessionLimits sessions,

        GroupLimits groups,

        @InSection("calls") PageLimits pages,

        @InSection("calls") ReceiptLimits receipts,

        HintLimits hints,

        PushLimits push,

        FeedOptions feed) {
    /** Nothing is stored for the feed. */
    public static final MessagingLimits DEFAULT =
            Defaults.of(MessagingLimits.class).withFeed(FeedOptions.OFF);

    /**
     * With destinations for reports, and with what one setting gives to several parts: the content of messages to pushes, the
     * lane's transactions to the event writer of the feed.
     */
    public MessagingLimits reportingTo(Map<String, ReportDestination> destinations) {
        return new MessagingLimits(
                messages,
                sessions,
                groups,
                pages,
                receipts,
                hints,
                push.withContent(messages.contentBytesMax()),
                feed.with(destinations, messages.lane()));
    }

    public MessagingLimits withFeed(FeedOptions other) {
        return new MessagingLimits(messages, sessions, groups, pages, receipts, hints, push, other);
    }

    public MessagingLimits withMessages(MessageLimits other) {
        return new MessagingLimits(other, sessions, groups, pages, receipts, hints, push, feed);
    }

    public MessagingLimits withSessions(SessionLimits other) {
        return new MessagingLimits(messages, other, groups, pages, receipts, hints, push, feed);
    }

    public MessagingLimits withGroups(GroupLimits other) {
        return new MessagingLimits(messages, sessions, other, pages, receipts, hints, push, feed);
    }

    public MessagingLimits withReceipts(ReceiptLimits other) {
        return new MessagingLimits(messages, sessions, groups, pages, other, hints, push, feed);
    }
}
