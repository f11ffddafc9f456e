package io.hongyan.im.core.message;

import io.hongyan.settings.Defaults;
import io.hongyan.settings.Setting;

/** How much a client is given at once of what it asks for. */
public record PageLimits(
        @Setting(value = "Largest `limit` of a call.", defaultValue = "500", min = 1, max = 10_000)
        int pageMax,

        @Setting(value = "`limit` of a call that gives none.", defaultValue = "100", min = 1, max = 10_000)
        int pageDefault,

        @Setting(
                value = "Content of one answer; one item is always included.",
                defaultValue = "262_144",
                unit = "bytes",
                min = 1024)
        int pageBytesMax) {
    public static final PageLimits DEFAULT = Defaults.of(PageLimits.class);

    /** What to give where {@code asked}, at least 0, was asked for. */
    public int page(int asked) {
        return asked == 0 ? pageDefault : Math.min(asked, pageMax);
    }
}
