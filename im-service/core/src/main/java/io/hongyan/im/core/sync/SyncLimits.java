package io.hongyan.im.core.sync;

import io.hongyan.settings.Defaults;
import io.hongyan.settings.Fixed;
import io.hongyan.settings.Setting;

/**
 * Bounds of what a client may ask for at once, and of read marks.
 *
 * @param readersMax readers of an own message that are named; of more only the number is told
 * @param recipientsMax in groups with more members nobody is told how far a message has come: all of them would be read
 */
public record SyncLimits(
        @Setting(value = "Largest `limit` of a call.", defaultValue = "500", min = 1, max = 10_000)
        int pageMax,

        @Setting(value = "`limit` of a call that gives none.", defaultValue = "100", min = 1, max = 10_000)
        int pageDefault,

        @Setting(
                value = "Content of one answer; one item is always included.",
                defaultValue = "262_144",
                unit = "bytes",
                min = 1024)
        int pageBytesMax,

        @Setting(
                value = "Delivered and read marks that wait in memory to be written.",
                defaultValue = "200_000",
                min = 1)
        int marksMax,

        @Fixed("200") int readersMax,

        @Fixed("5_000") int recipientsMax) {
    public static final SyncLimits DEFAULT = Defaults.of(SyncLimits.class);

    public SyncLimits(int pageMax, int pageDefault, int pageBytesMax, int marksMax) {
        this(pageMax, pageDefault, pageBytesMax, marksMax, DEFAULT.readersMax, DEFAULT.recipientsMax);
    }

    /** What to give where {@code asked}, at least 0, was asked for. */
    int page(int asked) {
        return asked == 0 ? pageDefault : Math.min(asked, pageMax);
    }
}
