package io.hongyan.im.core.cluster;

import io.hongyan.im.core.inbox.CloseReason;
import io.hongyan.im.core.message.ConnectionKey;

/** The sessions of this node, as other nodes end them. Any thread; does not block; doing it twice is harmless. */
public interface LocalSessions {
    /**
     * Ends a session of this node that a newer login has displaced, at this node or another.
     *
     * @param byDevice {@code platform:name} of the newer login
     * @param sameDevice whether it is the same device that has come again: it is not told
     * @return whether there is such a session
     */
    boolean displacedHere(ConnectionKey connection, String byDevice, boolean sameDevice, long atMillis);

    /**
     * Ends sessions of a user at this node: their clients are told and closed.
     *
     * @param device {@code platform:name} of the only one, empty = all
     * @return how many were ended by this call
     */
    int endHere(String uid, String device, CloseReason why);
}
