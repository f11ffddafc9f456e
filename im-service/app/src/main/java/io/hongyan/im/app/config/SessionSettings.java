package io.hongyan.im.app.config;

/** Who may be online, and for how long sessions are kept. */
public record SessionSettings(
        PerClass perClass,

        @Setting(
                value = "Devices kept per user; above that the one unused for longest is forgotten.",
                min = 1,
                max = 10_000)
        int devicesMax,

        @Setting(value = "Longest life of a session without connection.", unit = "s")
        int expirySecondsMax) {
    static final SessionSettings DEFAULT = new SessionSettings(new PerClass(1, 1, 1, 0), 32, 86_400);

    /** Sessions a user may have at once. */
    public record PerClass(
            @Setting("Sessions of a user on android and ios; 0 = any number.")
            int mobile,

            @Setting("The same on windows, mac and linux.") int desktop,
            @Setting("The same on web.") int web,
            @Setting("The same on iot.") int iot) {}
}
