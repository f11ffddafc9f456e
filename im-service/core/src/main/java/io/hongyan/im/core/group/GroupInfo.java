package io.hongyan.im.core.group;

/**
 * A group as it stands after its newest change.
 *
 * @param allMuted whether only owner and admins may write
 * @param largeSeq seq of the entry with which it became large, 0 while it is not: later entries stand in no inbox
 * @param dissolved nobody may write, and nothing changes any more but that members leave; they keep its history
 */
public record GroupInfo(
        String id,
        Profile profile,
        String owner,
        boolean allMuted,
        Members members,
        long largeSeq,
        boolean dissolved,
        long createdAtMillis) {

    /**
     * What it says of itself.
     *
     * @param open whether anybody may join by themselves
     */
    public record Profile(String name, String announcement, boolean open) {}

    /**
     * How many are in it.
     *
     * @param count members now
     * @param max how many there may be
     * @param version seq of the newest entry that changed who is in it or what they may do
     */
    public record Members(int count, int max, long version) {}

    public String name() {
        return profile.name;
    }

    public String announcement() {
        return profile.announcement;
    }

    public boolean open() {
        return profile.open;
    }

    public int memberCount() {
        return members.count;
    }

    public int membersMax() {
        return members.max;
    }

    public long membersVersion() {
        return members.version;
    }

    public boolean large() {
        return largeSeq > 0;
    }

    GroupInfo withMembersVersion(long seq) {
        return with(new Members(members.count, members.max, seq));
    }

    GroupInfo withMemberCount(int count) {
        return with(new Members(count, members.max, members.version));
    }

    GroupInfo withOwner(String uid) {
        return new GroupInfo(id, profile, uid, allMuted, members, largeSeq, dissolved, createdAtMillis);
    }

    GroupInfo with(Profile other) {
        return new GroupInfo(id, other, owner, allMuted, members, largeSeq, dissolved, createdAtMillis);
    }

    GroupInfo withAllMuted(boolean muted) {
        return new GroupInfo(id, profile, owner, muted, members, largeSeq, dissolved, createdAtMillis);
    }

    GroupInfo withLargeSeq(long seq) {
        return new GroupInfo(id, profile, owner, allMuted, members, seq, dissolved, createdAtMillis);
    }

    GroupInfo asDissolved() {
        return new GroupInfo(id, profile, owner, allMuted, members, largeSeq, true, createdAtMillis);
    }

    private GroupInfo with(Members other) {
        return new GroupInfo(id, profile, owner, allMuted, other, largeSeq, dissolved, createdAtMillis);
    }
}
