package io.hongyan.im.adapter.http;

import io.hongyan.im.core.work.FairBudget;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * What all connections of a server share.
 *
 * @param memory for bodies and answers that are held, by address
 * @param clock for the header {@code Date}
 * @param nanoTime a clock that never jumps
 * @param idleMillisMax a connection may wait for its next request so long, and so long may a client take for its answer
 * @param requestMillisMax from the first byte of a request to the last one of its body
 * @param lingerMillis how long a refused client may go on sending before its connection is closed under it
 */
record HttpShared(
        Router router,
        Browsers browsers,
        ConnectionTable connections,
        FairBudget memory,
        Metrics metrics,
        InstantSource clock,
        LongSupplier nanoTime,
        long idleMillisMax,
        long requestMillisMax,
        long lingerMillis) {
    /**
     * Bodies and answers up to that are not counted, there being so many connections at most: whoever holds much is told at
     * least whether a change was made, and whether the server is well.
     */
    static final int SMALL_BYTES = 1_024;
}
