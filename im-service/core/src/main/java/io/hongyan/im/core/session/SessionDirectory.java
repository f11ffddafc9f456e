package io.hongyan.im.core.session;

import io.hongyan.im.core.message.ConnectionKey;
import java.util.Collection;
import java.util.List;

/** Who is online where. Safe for many threads; each method is one atomic step. */
public interface SessionDirectory {
    /**
     * Enters a session and takes out those that it displaces: an earlier session of the same device, and the oldest
     * ones of its platform class above {@code perClassMax}. The newcomer always stays.
     *
     * @param perClassMax sessions of the class a user may have, 0 = any number
     * @return the displaced sessions, oldest first
     */
    List<OnlineSession> claim(OnlineSession newcomer, int perClassMax);

    /**
     * Enters a session whose login took place earlier, at its {@link OnlineSession#loginAtMillis}, and takes out those that
     * are one too many then, as if all had logged in in the order of their times. The session itself may be one of them.
     *
     * @return the displaced sessions, oldest first
     */
    List<OnlineSession> reclaim(OnlineSession earlier, int perClassMax);

    /** Takes out the session of this connection; does nothing where it was displaced before. */
    void release(String uid, ConnectionKey connection);

    /** Notes when something last came from sessions; those that are gone are passed over. */
    void heard(Collection<Heard> sessions);

    /** The user's sessions, oldest first. */
    List<OnlineSession> of(String uid);

    /** A sign of life. */
    record Heard(String uid, ConnectionKey connection, long lastPacketAtMillis) {}
}
