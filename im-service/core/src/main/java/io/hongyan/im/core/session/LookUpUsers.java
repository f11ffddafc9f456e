package io.hongyan.im.core.session;

import io.hongyan.im.core.inbox.Devices;
import io.hongyan.im.core.message.BlockingWork;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Says who exists and who is online, and makes users known before their first login. */
public final class LookUpUsers {
    /** Devices that are listed. */
    private static final int DEVICES_MAX = 1_000;

    private final Users users;
    private final Devices devices;
    private final SessionDirectory directory;
    private final BlockingWork blocking;

    /** @param online their connections now, oldest first */
    public record Found(String uid, UserStanding standing, List<OnlineSession> online) {
        public Found {
            online = List.copyOf(online);
        }
    }

    /**
     * All devices of a user, connected or not.
     *
     * @param known those that are stored, the one used last first
     * @param online their connections, oldest first; some have no stored device
     */
    public record AllDevices(List<Devices.Known> known, List<OnlineSession> online) {
        public AllDevices {
            known = List.copyOf(known);
            online = List.copyOf(online);
        }
    }

    public LookUpUsers(Users users, Devices devices, SessionDirectory directory, BlockingWork blocking) {
        this.users = users;
        this.devices = devices;
        this.directory = directory;
        this.blocking = blocking;
    }

    /** Makes the user and the empty inbox unless they exist; a deleted user stays deleted. */
    public CompletionStage<Found> ensure(String uid) {
        return blocking.submit(() -> new Found(uid, users.ensure(uid), directory.of(uid)));
    }

    /** Empty where there never was such a user. */
    public CompletionStage<Optional<Found>> find(String uid) {
        return blocking.submit(() -> users.standing(uid).map(standing -> new Found(uid, standing, directory.of(uid))));
    }

    /** Empty where there is no such user. */
    public CompletionStage<Optional<AllDevices>> devices(String uid) {
        return blocking.submit(() -> users.standing(uid)
                .filter(standing -> !standing.isDeleted())
                .map(standing -> new AllDevices(devices.all(uid, DEVICES_MAX), directory.of(uid))));
    }

    /** How a user stands; empty where there never was such a user. */
    public CompletionStage<Optional<UserStanding>> standing(String uid) {
        return blocking.submit(() -> users.standing(uid));
    }

    /** Those that do not exist, the first so many of them. */
    public CompletionStage<List<String>> unknownAmong(Collection<String> uids, int unknownMax) {
        List<String> asked = List.copyOf(uids);
        return blocking.submit(() -> asked.stream()
                .filter(uid -> !users.exists(uid))
                .distinct()
                .limit(unknownMax)
                .toList());
    }
}
