package io.hongyan.im.core.session;

import io.hongyan.im.core.cluster.NodeNotice;
import io.hongyan.im.core.cluster.OtherNodes;
import io.hongyan.im.core.inbox.Downlink;
import io.hongyan.im.core.inbox.Notice;
import java.util.List;

/** Asks the directory of sessions who is online where. */
public final class TellUsersOnline implements TellUsers {
    private final SessionDirectory directory;
    private final Downlink downlink;
    private final OtherNodes otherNodes;

    public TellUsersOnline(SessionDirectory directory, Downlink downlink, OtherNodes otherNodes) {
        this.directory = directory;
        this.downlink = downlink;
        this.otherNodes = otherNodes;
    }

    @Override
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

    @Override
    public void elsewhere(List<String> uids, Notice notice) {
        if (otherNodes != OtherNodes.NONE && !uids.isEmpty()) {
            otherNodes.tell(new NodeNotice.ToUsers(uids, notice));
        }
    }
}
