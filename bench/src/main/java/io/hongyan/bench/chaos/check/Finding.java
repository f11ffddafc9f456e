package io.hongyan.bench.chaos.check;

/**
 * One thing that must not be.
 *
 * @param promise which one it breaks: P1 to P5, P8, "recovery", or "run" for a history that proves nothing
 * @param detail a sentence for people
 */
public record Finding(Kind kind, String promise, String detail) {
    /** What sort of harm was done. */
    public enum Kind {
        /** Acknowledged and not there, or not there as it was sent. */
        LOST,
        /** There more often than once, or there and never sent. */
        DOUBLED,
        OUT_OF_ORDER,
        /** Shown to somebody whom it is not for, or written by somebody who is not in the group. */
        LEAKED,
        /** Two devices of a class of one user online, or the older one left. */
        TWO_ONLINE,
        /** Not served again in time after a kill. */
        SLOW,
        /** The run did not come to an end that could be checked. */
        UNFINISHED
    }
}
