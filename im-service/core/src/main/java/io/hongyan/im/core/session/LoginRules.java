package io.hongyan.im.core.session;

import io.hongyan.im.core.inbox.Devices;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Who is not let in although the token is genuine. Asks the storage and the session directory: may block. */
final class LoginRules {
    private final Devices devices;
    private final SessionDirectory directory;
    private final SessionLimits limits;

    LoginRules(Devices devices, SessionDirectory directory, SessionLimits limits) {
        this.devices = devices;
        this.directory = directory;
        this.limits = limits;
    }

    Optional<LoginAnswer.Refused> refusal(Login login, UserStanding standing, long now) {
        String device = login.device().device();
        if (!standing.isActive()) {
            return Optional.of(new LoginAnswer.UserBarred(standing.state()));
        } else if (standing.revokes(device, login.token().provenAt())) {
            return Optional.of(new LoginAnswer.TokenRevoked(standing.revokedAt(device)));
        }
        // Where any number may be online nobody is displaced by another device, and nothing is to be asked.
        boolean mayBeDisplaced = limits.perClass().max(login.platform().platformClass()) > 0;
        long millis = login.resumes() == null && mayBeDisplaced
                ? directory.returning(login.device(), login.token().issuedAt(), now)
                : 0;
        return millis > 0 ? Optional.of(new LoginAnswer.ReturnsTooSoon(millis)) : Optional.empty();
    }

    /** Whether a new device could be made known: one of those that are kept must be offline where there are many. */
    boolean hasRoom(String uid) {
        Set<String> known = devices.known(uid);
        return known.size() < limits.devicesMax() || !onlineDevices(uid).containsAll(known);
    }

    Set<String> onlineDevices(String uid) {
        return directory.of(uid).stream()
                .map(online -> online.device().device())
                .collect(Collectors.toUnmodifiableSet());
    }
}
