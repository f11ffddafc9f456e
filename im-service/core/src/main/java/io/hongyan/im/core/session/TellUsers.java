package io.hongyan.im.core.session;

import io.hongyan.im.core.cluster.LocalUsers;
import io.hongyan.im.core.inbox.Notice;
import java.util.List;

/** Brings notices to the devices of users that are online, at whatever node. Any thread; does not block. */
public interface TellUsers extends LocalUsers {
    /** @return devices at this node that are online */
    int everywhere(List<String> uids, Notice notice);

    /** The devices at other nodes, if there are any. */
    void elsewhere(List<String> uids, Notice notice);
}
