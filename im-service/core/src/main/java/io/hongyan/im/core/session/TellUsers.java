package io.hongyan.im.core.session;

import io.hongyan.im.core.cluster.PeerNotice;
import io.hongyan.im.core.cluster.Peers;
import io.hongyan.im.core.cluster.UsersHere;
import io.hongyan.im.core.inbox.Downlink;
import io.hongyan.im.core.inbox.Notice;
import java.util.List;

/** Brings notices to the devices of users that are online, at whatever node. Any thread; does not block. */
public final class TellUsers implements UsersHere {
    private final SessionDirectory directory;
    private final Downlink downlink;
    private final Peers peers;

    public TellUsers(SessionDirectory directory, Downlink downlink, Peers peers) {
        this.directory = directory;
        this.downlink = downlink;
        this.peers = peers;
    }

    /** @return devices at this node that are online */
    public int everywhere(List<String> uids, Notice notice) {
        elsewhere(uids, notice);
        int online = 0;
        for (String uid : uids) {
            List<OnlineSession> sessions = directory.here(uid);
            sessions.forEach(session -> downlink.notice(session.connection(), notice));
            online += sessions.size();
        }
        return online;
    }

    @Override
    public boolean here(String uid, Notice notice) {
        boolean told = false;
        for (OnlineSession session : directory.here(uid)) {
            told |= downlink.notice(session.connection(), notice);
        }
        return told;
    }

    /** The devices at other nodes, if there are any. */
    public void elsewhere(List<String> uids, Notice notice) {
        if (peers != Peers.NONE && !uids.isEmpty()) {
            peers.tell(new PeerNotice.ToUsers(uids, notice));
        }
    }
}
