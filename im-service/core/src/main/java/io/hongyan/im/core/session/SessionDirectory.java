package io.hongyan.im.core.session;

import io.hongyan.im.core.message.ConnectionKey;
import io.hongyan.im.core.message.DeviceKey;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Who is online where. Safe for many threads; each method is one atomic step. Never fails: where the truth cannot be
 * asked, what this node knows is the answer.
 */
public interface SessionDirectory {
    /**
     * Enters a session and takes out those that it displaces: an earlier session of the same device, and the oldest
     * ones of its platform class above {@code perClassMax}. The newcomer always stays. Devices that another one displaces
     * are remembered for {@link #returning}. May block, at most a second.
     *
     * @param perClassMax sessions of the class a user may have, 0 = any number
     * @return the displaced sessions, oldest first
     */
    List<OnlineSession> claim(OnlineSession newcomer, int perClassMax);

    /**
     * How long a device has to wait that another one has displaced and that comes back, by {@link ReturnPause}; notes that it
     * has come. To be asked before {@link #claim}. May block, at most a second.
     *
     * @param tokenIssuedAt Unix seconds, 0 = not known
     * @return milliseconds, 0 = it may come in
     */
    long returning(DeviceKey device, long tokenIssuedAt, long nowMillis);

    /**
     * Enters a session whose login took place earlier and takes out those that are one too many then, as if all had logged
     * in in the order of their stamps. The session itself may be one of them. May block.
     *
     * @param stamp of its login, see {@link #stamp}; 0 = not known: then its {@link OnlineSession#loginAtMillis} counts
     * @return the displaced sessions, oldest first
     */
    List<OnlineSession> reclaim(OnlineSession earlier, int perClassMax, long stamp);

    /**
     * The place of a session of this node among those of its user, at whatever node: the higher is the later login.
     * Microseconds, about. Does not block.
     *
     * @return 0 where there is no such session
     */
    long stamp(String uid, ConnectionKey connection);

    /** Takes out the session of this connection; does nothing where it was displaced before. Does not block. */
    void release(String uid, ConnectionKey connection);

    /** Notes when something last came from sessions; those that are gone are passed over. May block. */
    void lastSeen(Collection<LastSeen> sessions);

    /** The user's sessions, oldest first. May block. */
    List<OnlineSession> of(String uid);

    /** Of these users, those with a session at another node. May block. */
    Set<String> onlineElsewhere(Collection<String> uids);

    /** The user's sessions at this node, oldest first. Does not block. */
    List<OnlineSession> here(String uid);

    /** A sign of life. */
    record LastSeen(String uid, ConnectionKey connection, long lastPacketAtMillis) {}
}
