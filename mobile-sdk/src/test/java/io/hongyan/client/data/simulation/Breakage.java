package io.hongyan.client.data.simulation;

/** Rules that a client may break on purpose, to see that the checker finds it. */
enum Breakage {
    NONE,
    /** What was delivered is acknowledged before it is committed. */
    ACKNOWLEDGES_BEFORE_COMMIT,
    /** The outbox is not read when the client starts. */
    FORGETS_OUTBOX
}
