package io.hongyan.im.core.group;

import io.hongyan.im.core.message.StorageException;
import java.util.List;
import java.util.Optional;

/** Reads groups. Safe for many threads; blocks. Throws {@link StorageException}. */
public interface Groups {
    /** Dissolved ones too. */
    Optional<GroupInfo> find(String group);

    /** Present members only. */
    Optional<GroupMember> member(String group, String uid);

    /**
     * Present members in the order of their uids.
     *
     * @param afterUid where the page before ended, empty = from the start
     */
    List<GroupMember> members(String group, String afterUid, int limit);

    /**
     * The groups that a user is in, dissolved ones too, by rising id.
     *
     * @param afterGroup where the page before ended, empty = from the start
     * @param largeOnly only those whose own stream the user reads
     */
    List<Membership> groupsOf(String uid, String afterGroup, boolean largeOnly, int limit);

    /**
     * The parts of the log that the user may read: one for each membership, rising; where there are more, the newest.
     */
    List<MembershipInterval> membershipIntervals(String group, String uid, int limit);

    /** Of an entry that exists: whether the user was a member when this entry was stored: whether they may read it. */
    boolean mayRead(String group, String uid, long seq);

    /**
     * Entries in a row.
     *
     * @param toSeq the last one, {@link Long#MAX_VALUE} while the membership lasts
     */
    record MembershipInterval(long fromSeq, long toSeq) {}

    /** Somebody's place in a group. */
    record Membership(GroupInfo group, GroupMember member) {}
}
