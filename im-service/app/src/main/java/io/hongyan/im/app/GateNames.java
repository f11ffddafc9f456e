package io.hongyan.im.app;

import java.util.random.RandomGenerator;

/**
 * Names of gates: a lasting name, then one part more for each start. Names that are configured or made hold no {@code -},
 * so that none begins another one.
 */
final class GateNames {
    private static final String PREFIX = "gate-";
    /** Should two gates have one name, their connections at least are told apart. */
    private static final int TAIL_BOUND = 36 * 36 * 36 * 36;

    private GateNames() {}

    /** The name that a gate keeps over its starts. */
    static String lasting(String name) {
        return PREFIX + name;
    }

    /** Of one start of a gate: connections of an earlier life are told apart by it. */
    static String ofStart(String lasting, long atMillis, RandomGenerator random) {
        return lasting
                + '-'
                + Long.toString(atMillis, Character.MAX_RADIX)
                + 'x'
                + Integer.toString(random.nextInt(TAIL_BOUND), Character.MAX_RADIX);
    }

    /** The lasting name of a gate; of one that calls itself otherwise, all of it. */
    static String lastingOf(String gate) {
        int end = gate.lastIndexOf('-');
        return gate.startsWith(PREFIX) && end > PREFIX.length() ? gate.substring(0, end) : gate;
    }
}
