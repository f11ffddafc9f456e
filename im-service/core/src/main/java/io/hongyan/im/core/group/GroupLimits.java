package io.hongyan.im.core.group;

import io.hongyan.settings.Defaults;
import io.hongyan.settings.Setting;

/** Bounds of groups. */
public record GroupLimits(
        @Setting(
                value = "Members of a group; a group may have a lower limit of its own.",
                defaultValue = "100_000",
                min = 2,
                max = 1_000_000)
        int membersMax,

        @Setting(value = "Users added or removed by one change.", defaultValue = "500", min = 1, max = 5_000)
        int membersPerChangeMax,

        @Setting(
                value = "A group with more members becomes large, for good: its messages are in no inbox, members"
                        + " read the group's own stream.",
                defaultValue = "200",
                min = 2)
        int largeAbove,

        @Setting(
                value = "Inbox rows that are written together with a message; if there are more, all are written by"
                        + " marker.",
                defaultValue = "100",
                min = 1,
                max = 10_000)
        int fanOutInlineMax,

        @Setting(
                value = "Inbox rows that one transaction of the fan-out writes by marker.",
                defaultValue = "2_000",
                min = 1,
                max = 100_000)
        int fanOutStepMax,

        @Setting(
                value = "Messages to groups that wait for the fan-out by marker before senders have to wait; of one"
                        + " group and of one sender no more than is free. Above that, a message is acknowledged"
                        + " only when it is in all inboxes. At five times as many, with the same shares, messages"
                        + " to these groups are refused with `RATE_LIMITED`.",
                defaultValue = "500",
                min = 1,
                max = 100_000)
        int fanOutWaitingMax,

        @Setting(value = "Characters of a group's name.", defaultValue = "64", min = 1, max = 1_000)
        int nameCharactersMax,

        @Setting(value = "Characters of a group's announcement.", defaultValue = "2_000", min = 1, max = 10_000)
        int announcementCharactersMax) {
    public static final GroupLimits DEFAULT = Defaults.of(GroupLimits.class);
}
