package io.hongyan.bench.chaos.check;

/**
 * A broken promise.
 *
 * @param promise which one it breaks: P1 to P5, P8, "unread", "recovery", or "run" for a history that proves nothing
 * @param detail a sentence for people
 */
public record Finding(Kind kind, String promise, String detail) {
    /** The kind of damage. */
    public enum Kind {
        /** Acknowledged and missing, or stored in another way than it was sent. */
        LOST,
        /** Stored more than once, or stored and never sent. */
        DOUBLED,
        OUT_OF_ORDER,
        /** Shown to a user whom it is not for, or written by a user who is not in the group. */
        LEAKED,
        /** Two devices of a class of one user online, or the older one stayed. */
        TWO_ONLINE,
        /** Not served again in time after a kill. */
        SLOW,
        /** The run did not come to an end that could be checked. */
        UNFINISHED
    }
}
