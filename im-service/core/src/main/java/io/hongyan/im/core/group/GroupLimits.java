package io.hongyan.im.core.group;

/**
 * Bounds of groups.
 *
 * @param membersMax members of any group at most; a group may have a lower limit of its own
 * @param membersPerChangeMax uids in one change
 * @param largeAbove a group with more members becomes large, for good
 * @param fanOutInlineMax inbox rows written in the transaction of a message; beyond it they follow by marker
 * @param fanOutStepMax inbox rows written in one transaction of a marker
 * @param fanOutWaitingMax entries that wait for their inbox rows before the answers to further ones do; five times as
 *     many, and messages to such groups are refused
 * @param nameCharactersMax characters of a group's name
 * @param announcementCharactersMax characters of an announcement
 */
public record GroupLimits(
        int membersMax,
        int membersPerChangeMax,
        int largeAbove,
        int fanOutInlineMax,
        int fanOutStepMax,
        int fanOutWaitingMax,
        int nameCharactersMax,
        int announcementCharactersMax) {
    public static final GroupLimits DEFAULT = new GroupLimits(100_000, 500, 200, 100, 2_000, 500, 64, 2_000);
}
