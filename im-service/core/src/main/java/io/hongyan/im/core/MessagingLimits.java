package io.hongyan.im.core;

import io.hongyan.im.core.feed.FeedOptions;
import io.hongyan.im.core.group.GroupLimits;
import io.hongyan.im.core.hint.HintLimits;
import io.hongyan.im.core.inbox.DeliveryLimits;
import io.hongyan.im.core.push.PushLimits;
import io.hongyan.im.core.send.LaneLimits;
import io.hongyan.im.core.session.SessionLimits;
import io.hongyan.im.core.sync.SyncLimits;

/**
 * Every limit of the core.
 *
 * @param contentBytesMax content of one message
 * @param inboxAgeMaxMillis inbox entries whose message is older are forgotten
 * @param inboxEntriesMax entries kept per inbox; the newest ones
 */
public record MessagingLimits(
        LaneLimits lane,
        DeliveryLimits delivery,
        SessionLimits sessions,
        SyncLimits sync,
        HintLimits hints,
        GroupLimits groups,
        PushLimits push,
        FeedOptions feed,
        int contentBytesMax,
        long inboxAgeMaxMillis,
        int inboxEntriesMax) {
    private static final long DAY_MILLIS = 86_400_000;

    public static final MessagingLimits DEFAULT = new MessagingLimits(
            LaneLimits.DEFAULT,
            DeliveryLimits.DEFAULT,
            SessionLimits.DEFAULT,
            SyncLimits.DEFAULT,
            HintLimits.DEFAULT,
            GroupLimits.DEFAULT,
            PushLimits.DEFAULT,
            FeedOptions.OFF,
            64 << 10,
            90 * DAY_MILLIS,
            100_000);

    public MessagingLimits withFeed(FeedOptions other) {
        return new MessagingLimits(
                lane,
                delivery,
                sessions,
                sync,
                hints,
                groups,
                push,
                other,
                contentBytesMax,
                inboxAgeMaxMillis,
                inboxEntriesMax);
    }
}
