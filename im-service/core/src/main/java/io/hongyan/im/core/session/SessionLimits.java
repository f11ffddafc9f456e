package io.hongyan.im.core.session;

import java.util.Map;

/**
 * Who may be online at once.
 *
 * @param perClassMax sessions a user may have per platform class, 0 = any number; every class is named
 * @param devicesMax devices kept per user
 * @param endAtExpiry whether a session ends with the token it has logged in with
 */
public record SessionLimits(Map<PlatformClass, Integer> perClassMax, int devicesMax, boolean endAtExpiry) {
    public static final SessionLimits DEFAULT = new SessionLimits(
            Map.of(PlatformClass.MOBILE, 1, PlatformClass.DESKTOP, 1, PlatformClass.WEB, 1, PlatformClass.IOT, 0), 32);

    /** Sessions outlive their tokens. */
    public SessionLimits(Map<PlatformClass, Integer> perClassMax, int devicesMax) {
        this(perClassMax, devicesMax, false);
    }

    public SessionLimits {
        perClassMax = Map.copyOf(perClassMax);
    }
}
