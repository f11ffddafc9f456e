package io.hongyan.im.core.send;

import io.hongyan.im.core.inbox.DeliveryLimits;
import io.hongyan.im.core.inbox.InboxLimits;
import io.hongyan.settings.Defaults;
import io.hongyan.settings.InSection;
import io.hongyan.settings.Setting;

/** Bounds of messages on their way: how they are stored, delivered and kept in inboxes. */
public record MessageLimits(
        LaneLimits lane,

        DeliveryLimits delivery,

        @Setting(
                value = "Content of one message.",
                defaultValue = "65_536",
                name = "messages.content_bytes_max",
                unit = "bytes",
                min = 1,
                max = 16 << 20)
        int contentBytesMax,

        InboxLimits inbox,

        @InSection("messages") ChangeLimits changes) {
    public static final MessageLimits DEFAULT = Defaults.of(MessageLimits.class);

    public MessageLimits(int contentBytesMax) {
        this(LaneLimits.DEFAULT, DeliveryLimits.DEFAULT, contentBytesMax, InboxLimits.DEFAULT, ChangeLimits.DEFAULT);
    }
}
