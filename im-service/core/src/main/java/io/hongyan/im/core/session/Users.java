package io.hongyan.im.core.session;

import io.hongyan.im.core.inbox.KeptSession;
import io.hongyan.im.core.message.DeviceKey;
import io.hongyan.im.core.message.StorageException;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Who exists, and how they stand. Safe for many threads; blocks. Throws {@link StorageException}. */
public interface Users {
    /**
     * Makes the user and the empty inbox unless they exist; durable on return. A deleted user is not made anew.
     *
     * @return how the user stands, read by this call
     */
    UserStanding make(String uid);

    /**
     * Makes user, inbox and the device with which the user logs in, all or none of them, unless the user exists: then nothing
     * is changed. Durable on return.
     *
     * @param session of the device, null where none is kept
     * @return empty where the user was made, else what a login needs to know of the user
     */
    Optional<LoginFacts> makeWithDevice(DeviceKey device, KeptSession session, long nowMillis);

    /** The same as {@link #make} for a user who most likely exists: then nothing is written. */
    default UserStanding ensure(String uid) {
        return standing(uid).orElseGet(() -> make(uid));
    }

    /** What a login needs to know, read by this call as of one moment; empty where there never was such a user. */
    Optional<LoginFacts> atLogin(DeviceKey device);

    /** Whether there is such a user; one that was deleted since may be taken for one. */
    boolean exists(String uid);

    /** How the user stands, read by this call; empty where there never was such a user. */
    Optional<UserStanding> standing(String uid);

    /**
     * Changes how a user stands, in one step; durable on return.
     *
     * @param change called once or more often
     * @param nowMillis for {@link #changedSince}
     * @return how the user stands now, empty where there never was such a user
     */
    Optional<UserStanding> change(String uid, UnaryOperator<UserStanding> change, long nowMillis);

    /**
     * Erases what is only this user's: devices with their cursors and kept sessions, entries of the inbox. Messages stay.
     *
     * @param entriesMax of the inbox that are erased by this call
     * @return whether nothing is left
     */
    boolean erase(String uid, int entriesMax);

    /**
     * Users whose standing was changed then or later, in any order; one may come twice. Of more than so many, those that
     * were changed last. Of a storage with several parts, so many of each part that answers.
     */
    List<String> changedSince(long atMillis, int usersMax);
}
