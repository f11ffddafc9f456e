package io.hongyan.im.app.config;

/** Login tokens. */
public record TokenSettings(
        @Setting(value = "By how much the clocks of issuer and server may differ.", unit = "s", max = 3600)
        int clockSkewSeconds) {
    static final TokenSettings DEFAULT = new TokenSettings(30);
}
