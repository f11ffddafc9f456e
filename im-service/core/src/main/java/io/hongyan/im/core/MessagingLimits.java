package io.hongyan.im.core;

import io.hongyan.im.core.feed.FeedOptions;
import io.hongyan.im.core.feed.ReportDestination;
import io.hongyan.im.core.group.GroupLimits;
import io.hongyan.im.core.hint.HintLimits;
import io.hongyan.im.core.inbox.DeliveryLimits;
import io.hongyan.im.core.inbox.InboxLimits;
import io.hongyan.im.core.push.PushLimits;
import io.hongyan.im.core.send.LaneLimits;
import io.hongyan.im.core.session.SessionLimits;
import io.hongyan.im.core.sync.SyncLimits;
import io.hongyan.settings.Defaults;
import io.hongyan.settings.InSection;
import io.hongyan.settings.Setting;
import java.util.Map;

/** Every limit of the core. */
public record MessagingLimits(
        LaneLimits lane,

        DeliveryLimits delivery,

        SessionLimits sessions,

        @InSection("calls") SyncLimits sync,

        HintLimits hints,

        GroupLimits groups,

        PushLimits push,

        FeedOptions feed,

        @Setting(
                value = "Content of one message.",
                defaultValue = "65_536",
                name = "messages.content_bytes_max",
                unit = "bytes",
                min = 1,
                max = 16 << 20)
        int contentBytesMax,

        InboxLimits inbox) {
    /** Nothing is stored for the feed. */
    public static final MessagingLimits DEFAULT =
            Defaults.of(MessagingLimits.class).withFeed(FeedOptions.OFF);

    /**
     * With destinations for reports, and with what one setting gives to several parts: the content of messages to pushes, the
     * lane's transactions to the journal of the feed.
     */
    public MessagingLimits reportingTo(Map<String, ReportDestination> destinations) {
        return new MessagingLimits(
                lane,
                delivery,
                sessions,
                sync,
                hints,
                groups,
                push.withContent(contentBytesMax),
                feed.with(destinations, lane),
                contentBytesMax,
                inbox);
    }

    public MessagingLimits withFeed(FeedOptions other) {
        return new MessagingLimits(lane, delivery, sessions, sync, hints, groups, push, other, contentBytesMax, inbox);
    }
}
