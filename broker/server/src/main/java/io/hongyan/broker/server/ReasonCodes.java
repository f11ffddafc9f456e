package io.hongyan.broker.server;

import java.util.BitSet;

/** The reason codes that a packet may have. */
final class ReasonCodes {
    private final BitSet codes = new BitSet();

    static ReasonCodes of(int... codes) {
        ReasonCodes all = new ReasonCodes();
        for (int code : codes) {
            all.codes.set(code);
        }
        return all;
    }

    boolean has(int code) {
        return codes.get(code);
    }

    private ReasonCodes() {}
}
