package io.hongyan.im.core.cluster;

/**
 * The time between two moments at which this process stalled for so long that others may have gone on without it. What
 * was asked in one epoch is not to be done in another: another node may have been asked for it.
 *
 * @param number rises from epoch to epoch of one process
 */
public record FencingEpoch(long number) {
    /** Of what nobody else can have been asked for: it is never over. */
    public static final FencingEpoch ENDLESS = new FencingEpoch(-1);

    static final FencingEpoch FIRST = new FencingEpoch(0);

    FencingEpoch next() {
        return new FencingEpoch(number + 1);
    }

    /** Whether what was asked in this epoch is not to be done any more. */
    public boolean isOver(FencingEpoch now) {
        return !equals(now) && !equals(ENDLESS);
    }
}
