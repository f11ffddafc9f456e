package io.hongyan.im.core.session;

import java.util.Locale;
import java.util.Optional;

/** What a client runs on. */
public enum Platform {
    ANDROID(PlatformClass.MOBILE),
    IOS(PlatformClass.MOBILE),
    WINDOWS(PlatformClass.DESKTOP),
    MAC(PlatformClass.DESKTOP),
    LINUX(PlatformClass.DESKTOP),
    WEB(PlatformClass.WEB),
    IOT(PlatformClass.IOT);

    private final PlatformClass platformClass;
    private final String wireName = name().toLowerCase(Locale.ROOT);

    Platform(PlatformClass platformClass) {
        this.platformClass = platformClass;
    }

    public PlatformClass platformClass() {
        return platformClass;
    }

    /** As it stands in a client id. */
    public String wireName() {
        return wireName;
    }

    /** The platform of that name; case matters. */
    public static Optional<Platform> ofWireName(String name) {
        for (Platform platform : values()) {
            if (platform.wireName.equals(name)) {
                return Optional.of(platform);
            }
        }
        return Optional.empty();
    }
}
