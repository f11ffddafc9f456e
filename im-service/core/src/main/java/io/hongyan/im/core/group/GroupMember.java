package io.hongyan.im.core.group;

/**
 * Somebody who is in a group now.
 *
 * @param joinedSeq number of the entry with which this membership began
 * @param mutedUntilMillis must not write before; 0 = not muted, {@link Long#MAX_VALUE} = for good
 */
public record GroupMember(String uid, GroupRole role, long joinedSeq, long mutedUntilMillis) {}
