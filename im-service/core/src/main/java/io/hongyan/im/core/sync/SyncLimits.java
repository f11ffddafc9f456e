package io.hongyan.im.core.sync;

/**
 * Bounds of what a client may ask for at once.
 *
 * @param pageMax entries, messages or conversations of one answer
 * @param pageDefault where the client does not say
 * @param pageBytesMax content bytes of one answer; one item is always given
 * @param marksMax marks that may wait in memory to be written
 * @param readersMax readers of an own message that are named; of more only the number is told
 * @param recipientsMax in groups with more members nobody is told how far a message has come: all of them would be read
 */
public record SyncLimits(
        int pageMax, int pageDefault, int pageBytesMax, int marksMax, int readersMax, int recipientsMax) {
    public static final SyncLimits DEFAULT = new SyncLimits(500, 100, 1 << 18, 200_000, 200, 5_000);

    public SyncLimits(int pageMax, int pageDefault, int pageBytesMax, int marksMax) {
        this(pageMax, pageDefault, pageBytesMax, marksMax, DEFAULT.readersMax, DEFAULT.recipientsMax);
    }

    /** What to give where {@code asked}, at least 0, was asked for. */
    int page(int asked) {
        return asked == 0 ? pageDefault : Math.min(asked, pageMax);
    }
}
