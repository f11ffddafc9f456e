package io.hongyan.im.core.session;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Who is not let in although the token is genuine. Asks the session directory: may block. */
final class LoginRules {
    private final SessionDirectory directory;
    private final SessionLimits limits;

    LoginRules(SessionDirectory directory, SessionLimits limits) {
        this.directory = directory;
        this.limits = limits;
    }

    Optional<LoginAnswer.Refused> refusal(Login login, LoginFacts facts, long now) {
        String device = login.device().device();
        UserStanding standing = facts.standing();
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
        if (millis > 0) {
            return Optional.of(new LoginAnswer.ReturnsTooSoon(millis));
        }
        boolean lacksRoom =
                facts.device().isEmpty() && login.resumes() == null && !hasRoom(login.uid(), facts.devices());
        return lacksRoom ? Optional.of(new LoginAnswer.DevicesOnline(limits.devicesMax())) : Optional.empty();
    }

    /**
     * Whether a new device could be made known: one of those that are kept must be offline where there are many.
     *
     * @param known the devices that are kept
     */
    private boolean hasRoom(String uid, Set<String> known) {
        return known.size() < limits.devicesMax() || !onlineDevices(uid).containsAll(known);
    }

    Set<String> onlineDevices(String uid) {
        return directory.of(uid).stream()
                .map(online -> online.device().device())
                .collect(Collectors.toUnmodifiableSet());
    }
}
