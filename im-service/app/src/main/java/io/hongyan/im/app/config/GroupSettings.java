package io.hongyan.im.app.config;

/** Groups. */
public record GroupSettings(
        @Setting(value = "Members of a group; a group may have a lower limit of its own.", min = 2, max = 1_000_000)
        int membersMax,

        @Setting(value = "Users added or removed by one change.", min = 1, max = 5_000)
        int membersPerChangeMax,

        @Setting(
                value =
                        "A group with more members becomes large, for good: its messages stand in no inbox, members read"
                                + " its own stream.",
                min = 2)
        int largeAbove,

        @Setting(
                value = "Inbox rows written together with a message; where there are more, all follow.",
                min = 1,
                max = 10_000)
        int fanOutInlineMax,

        @Setting(value = "Inbox rows written by one transaction that follows.", min = 1, max = 100_000)
        int fanOutStepMax,

        @Setting(
                value = "Messages to groups that wait for such transactions before senders have to: from there on a"
                        + " message is acknowledged when it has come to all inboxes. At five times as many,"
                        + " messages to these groups are refused with `RATE_LIMITED`.",
                min = 1,
                max = 100_000)
        int fanOutWaitingMax,

        @Setting(value = "Characters of a group's name.", min = 1, max = 1_000)
        int nameCharactersMax,

        @Setting(value = "Characters of a group's announcement.", min = 1, max = 10_000)
        int announcementCharactersMax,

        @Setting(value = "Large groups that are pushed to one device.", min = 0, max = 1_000)
        int streamsMax,

        @Setting(
                value = "Newest entries of a large group that are pushed to a device that comes back; older ones are"
                        + " read by `history`.",
                min = 1,
                max = 100_000)
        int backlogMax) {
    static final GroupSettings DEFAULT = new GroupSettings(100_000, 500, 200, 100, 2_000, 500, 64, 2_000, 200, 1_000);
}
