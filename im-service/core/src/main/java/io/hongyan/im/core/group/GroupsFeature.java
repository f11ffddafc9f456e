package io.hongyan.im.core.group;

import io.hongyan.im.core.message.BlockingWork;
import io.hongyan.im.core.message.PageLimits;
import io.hongyan.im.core.work.Feature;

/** Has groups changed and looked at. */
public final class GroupsFeature implements Feature {
    private final ChangeGroup changeGroup;
    private final ReadGroups readGroups;

    /** @param changeGroup what a change becomes an entry of a log by */
    public GroupsFeature(Groups groups, ChangeGroup changeGroup, BlockingWork calls, PageLimits limits) {
        this.changeGroup = changeGroup;
        this.readGroups = new ReadGroups(groups, calls, limits);
    }

    public ChangeGroup changeGroup() {
        return changeGroup;
    }

    public ReadGroups readGroups() {
        return readGroups;
    }
}
