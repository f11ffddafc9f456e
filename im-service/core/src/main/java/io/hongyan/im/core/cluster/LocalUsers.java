package io.hongyan.im.core.cluster;

import io.hongyan.im.core.inbox.Notice;

/** The users with a device at this node. Any thread; does not block. */
@FunctionalInterface
public interface LocalUsers {
    /** @return whether the notice is on its way to a device at this node */
    boolean here(String uid, Notice notice);
}
