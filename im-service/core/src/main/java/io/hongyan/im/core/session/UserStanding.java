package io.hongyan.im.core.session;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Whether a user may come in, and with which tokens. Part of the user as stored.
 *
 * @param tokensRevokedAt Unix time in seconds: tokens issued in that second or before are void; 0 = none were revoked
 * @param devicesRevokedAt the same for single devices ({@code platform:name}), oldest revocation first
 */
public record UserStanding(State state, long tokensRevokedAt, Map<String, Long> devicesRevokedAt) {
    /** Revocations of single devices that are kept; one more revokes the tokens of all of the user's devices. */
    public static final int DEVICES_MAX = 64;

    /** Of a user about whom nothing was decided. */
    public static final UserStanding GOOD = new UserStanding(State.ACTIVE, 0, Map.of());

    /** What was decided about a user. */
    public enum State {
        ACTIVE,
        /** May not come in until enabled again. */
        DISABLED,
        /** For good: the uid is not used again. */
        DELETED
    }

    public UserStanding {
        devicesRevokedAt = Collections.unmodifiableMap(new LinkedHashMap<>(devicesRevokedAt));
    }

    public boolean isActive() {
        return state == State.ACTIVE;
    }

    public boolean isDeleted() {
        return state == State.DELETED;
    }

    /** A deleted user stays deleted. */
    public UserStanding with(State other) {
        return isDeleted() ? this : new UserStanding(other, tokensRevokedAt, devicesRevokedAt);
    }

    /**
     * Revokes the tokens issued so far.
     *
     * @param device {@code platform:name}, null = of all devices
     */
    public UserStanding revoke(String device, long nowSeconds) {
        boolean ofAll =
                device == null || devicesRevokedAt.size() >= DEVICES_MAX && !devicesRevokedAt.containsKey(device);
        if (ofAll) {
            // A later revocation of all says everything that earlier ones of single devices said.
            return new UserStanding(state, Math.max(tokensRevokedAt, nowSeconds), Map.of());
        }
        Map<String, Long> devices = new LinkedHashMap<>(devicesRevokedAt);
        long before = devices.containsKey(device) ? devices.remove(device) : 0;
        devices.put(device, Math.max(before, nowSeconds));
        return new UserStanding(state, tokensRevokedAt, devices);
    }

    /**
     * The second in which the tokens of a device were last revoked, 0 = never.
     *
     * @param device {@code platform:name}, null where it is not known: then only revocations for all devices count
     */
    public long revokedAt(String device) {
        long ofDevice = device == null ? 0 : devicesRevokedAt.getOrDefault(device, 0L);
        return Math.max(tokensRevokedAt, ofDevice);
    }

    /** Whether a token that was proven good in that second, 0 = not known, may not be used by the device. */
    public boolean revokes(String device, long provenAtSeconds) {
        long revokedAt = revokedAt(device);
        return revokedAt > 0 && provenAtSeconds <= revokedAt;
    }
}
