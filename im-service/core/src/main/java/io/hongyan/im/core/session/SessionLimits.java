package io.hongyan.im.core.session;

import io.hongyan.settings.Defaults;
import io.hongyan.settings.Setting;

/** Who may be online at once. */
public record SessionLimits(
        PerClass perClass,

        @Setting(
                value = "Devices kept per user; above that the one unused for longest is forgotten.",
                defaultValue = "32",
                min = 1,
                max = 10_000)
        int devicesMax,

        @Setting(
                value =
                        "End a session when the token it logged in with ends. Otherwise a client stays as long as it is connected.",
                defaultValue = "false",
                name = "tokens.end_sessions_at_expiry")
        boolean endAtExpiry) {
    public static final SessionLimits DEFAULT = Defaults.of(SessionLimits.class);

    /** Sessions outlive their tokens. */
    public SessionLimits(PerClass perClass, int devicesMax) {
        this(perClass, devicesMax, false);
    }

    /** Sessions a user may have at once. */
    public record PerClass(
            @Setting(value = "Sessions of a user on android and ios; 0 = any number.", defaultValue = "1")
            int mobile,

            @Setting(value = "The same on windows, mac and linux.", defaultValue = "1")
            int desktop,

            @Setting(value = "The same on web.", defaultValue = "1")
            int web,

            @Setting(value = "The same on iot.", defaultValue = "0")
            int iot) {
        /** 0 = any number. */
        int max(PlatformClass platforms) {
            return switch (platforms) {
                case MOBILE -> mobile;
                case DESKTOP -> desktop;
                case WEB -> web;
                case IOT -> iot;
            };
        }
    }
}
