package io.hongyan.im.core.session;

import io.hongyan.settings.Defaults;
import io.hongyan.settings.Setting;

/** Who may be online at once. */
public record SessionLimits(
        PerClass perClass,

        @Setting(
                value = "Devices kept per user; above that the one that was not used for the longest time is"
                        + " forgotten.",
                defaultValue = "32",
                min = 1,
                max = 10_000)
        int devicesMax,

        @Setting(
                value = "End a session when the token of its login expires. Otherwise a client can stay connected.",
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
            @Setting(value = "Sessions of a user on android and ios; 0 = no limit.", defaultValue = "1")
            int mobile,

            @Setting(value = "Sessions of a user on windows, mac and linux; 0 = no limit.", defaultValue = "1")
            int desktop,

            @Setting(value = "Sessions of a user on web; 0 = no limit.", defaultValue = "1")
            int web,

            @Setting(value = "Sessions of a user on iot; 0 = no limit.", defaultValue = "0")
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
