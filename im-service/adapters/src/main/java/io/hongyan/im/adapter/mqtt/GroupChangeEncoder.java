package io.hongyan.im.adapter.mqtt;

import io.hongyan.im.core.group.GroupChange;
import io.hongyan.im.core.group.GroupContents;
import io.hongyan.protocol.v1.Content;
import io.hongyan.protocol.v1.GroupChange.Created;
import io.hongyan.protocol.v1.GroupChange.MemberMuted;
import io.hongyan.protocol.v1.GroupChange.Members;
import io.hongyan.protocol.v1.GroupChange.Nothing;
import io.hongyan.protocol.v1.GroupChange.Profile;
import io.hongyan.protocol.v1.GroupChange.RoleSet;
import io.hongyan.protocol.v1.GroupRole;

/** Writes the changes of groups as clients read them: as the content of a message. */
public final class GroupChangeEncoder implements GroupContents {
    @Override
    public byte[] encode(GroupChange change) {
        return Content.newBuilder().setGroupChange(toWire(change)).build().toByteArray();
    }

    private static io.hongyan.protocol.v1.GroupChange.Builder toWire(GroupChange change) {
        var encoded = io.hongyan.protocol.v1.GroupChange.newBuilder();
        if (change instanceof GroupChange.Created created) {
            encoded.setCreated(Created.newBuilder()
                    .setOwner(created.owner())
                    .setName(created.name())
                    .setOpen(created.open())
                    .addAllMembers(created.members()));
        } else if (change instanceof GroupChange.MembersAdded added) {
            encoded.setAdded(Members.newBuilder().addAllUids(added.uids()));
        } else if (change instanceof GroupChange.MembersRemoved removed) {
            encoded.setRemoved(Members.newBuilder().addAllUids(removed.uids()));
        } else if (change instanceof GroupChange.Joined) {
            encoded.setJoined(Nothing.getDefaultInstance());
        } else if (change instanceof GroupChange.Left) {
            encoded.setLeft(Nothing.getDefaultInstance());
        } else if (change instanceof GroupChange.RoleSet set) {
            encoded.setRoleSet(RoleSet.newBuilder()
                    .setUid(set.uid())
                    .setRole(GroupRole.forNumber(set.role().number())));
        } else if (change instanceof GroupChange.OwnerSet set) {
            encoded.setOwnerSet(set.uid());
        } else if (change instanceof GroupChange.MemberMuted muted) {
            encoded.setMemberMuted(MemberMuted.newBuilder().setUid(muted.uid()).setUntil(muted.untilMillis()));
        } else if (change instanceof GroupChange.AllMuted muted) {
            encoded.setAllMuted(muted.muted());
        } else if (change instanceof GroupChange.ProfileSet set) {
            encoded.setProfileSet(profile(set));
        } else if (change instanceof GroupChange.BecameLarge) {
            encoded.setBecameLarge(Nothing.getDefaultInstance());
        } else if (change instanceof GroupChange.Dissolved) {
            encoded.setDissolved(Nothing.getDefaultInstance());
        }
        return encoded;
    }

    private static Profile.Builder profile(GroupChange.ProfileSet set) {
        Profile.Builder profile = Profile.newBuilder();
        if (set.name() != null) {
            profile.setName(set.name());
        }
        if (set.announcement() != null) {
            profile.setAnnouncement(set.announcement());
        }
        if (set.open() != null) {
            profile.setOpen(set.open());
        }
        return profile;
    }
}
