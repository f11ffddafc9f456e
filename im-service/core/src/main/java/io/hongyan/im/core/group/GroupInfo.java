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
 * @param dissolved nothing changes any more, nobody may write; members keep its history
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
}
