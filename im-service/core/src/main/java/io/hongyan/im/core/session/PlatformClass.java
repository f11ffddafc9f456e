package io.hongyan.im.core.session;

/** Platforms that count as one when a newer login displaces an older one. */
public enum PlatformClass {
    MOBILE,
    DESKTOP,
    WEB,
    IOT
}
