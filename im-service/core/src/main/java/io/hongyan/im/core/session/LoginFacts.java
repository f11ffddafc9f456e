package io.hongyan.im.core.session;

import io.hongyan.im.core.inbox.Device;
import java.util.Optional;
import java.util.Set;

/**
 * What is stored of a user who logs in.
 *
 * @param device with which the user logs in, if it is known
 * @param devices all that are known, {@code platform:name}
 */
public record LoginFacts(UserStanding standing, Optional<Device> device, Set<String> devices) {
    /** Of a user whom this login makes. */
    static final LoginFacts OF_NEW_USER = new LoginFacts(UserStanding.GOOD, Optional.empty(), Set.of());

    public LoginFacts {
        devices = Set.copyOf(devices);
    }
}
