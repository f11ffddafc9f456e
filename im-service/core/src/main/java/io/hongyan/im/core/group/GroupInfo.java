package io.hongyan.im.core.group;

/**
 * A group as it stands after its newest change.
 *
 * @param open whether anybody may join by themselves
 * @param allMuted whether only owner and admins may write
 * @param memberCount members now
 * @param membersMax how many there may be
 * @param membersVersion seq of the newest entry that changed who is in it or what they may do
 * @param largeSeq seq of the entry with which it became large, 0 while it is not: later entries stand in no inbox
 * @param dissolved nobody may write, and nothing changes any more but that members leave; they keep its history
 */
public record GroupInfo(
        String id,
        String name,
        String announcement,
        String owner,
        boolean open,
        boolean allMuted,
        int memberCount,
        int membersMax,
        long membersVersion,
        long largeSeq,
        boolean dissolved,
        long createdAtMillis) {

    public boolean large() {
        return largeSeq > 0;
    }

    GroupInfo withMembersVersion(long seq) {
        return new GroupInfo(
                id,
                name,
                announcement,
                owner,
                open,
                allMuted,
                memberCount,
                membersMax,
                seq,
                largeSeq,
                dissolved,
                createdAtMillis);
    }

    GroupInfo withMemberCount(int count) {
        return new GroupInfo(
                id,
                name,
                announcement,
                owner,
                open,
                allMuted,
                count,
                membersMax,
                membersVersion,
                largeSeq,
                dissolved,
                createdAtMillis);
    }

    GroupInfo withOwner(String uid) {
        return new GroupInfo(
                id,
                name,
                announcement,
                uid,
                open,
                allMuted,
                memberCount,
                membersMax,
                membersVersion,
                largeSeq,
                dissolved,
                createdAtMillis);
    }

    GroupInfo withProfile(String newName, String newAnnouncement, boolean newOpen) {
        return new GroupInfo(
                id,
                newName,
                newAnnouncement,
                owner,
                newOpen,
                allMuted,
                memberCount,
                membersMax,
                membersVersion,
                largeSeq,
                dissolved,
                createdAtMillis);
    }

    GroupInfo withAllMuted(boolean muted) {
        return new GroupInfo(
                id,
                name,
                announcement,
                owner,
                open,
                muted,
                memberCount,
                membersMax,
                membersVersion,
                largeSeq,
                dissolved,
                createdAtMillis);
    }

    GroupInfo withLargeSeq(long seq) {
        return new GroupInfo(
                id,
                name,
                announcement,
                owner,
                open,
                allMuted,
                memberCount,
                membersMax,
                membersVersion,
                seq,
                dissolved,
                createdAtMillis);
    }

    GroupInfo asDissolved() {
        return new GroupInfo(
                id,
                name,
                announcement,
                owner,
                open,
                allMuted,
                memberCount,
                membersMax,
                membersVersion,
                largeSeq,
                true,
                createdAtMillis);
    }
}
