package io.hongyan.im.app;

import java.util.random.RandomGenerator;

/**
 * Names of gates: a lasting name, and a part that is new at each start. Configured and generated names contain no
 * {@code -}, so that no name is a prefix of another one.
 */
final class GateNames {
    private static final String PREFIX = "gate-";
    /** If two gates have one name, at least their connections can be distinguished. */
    private static final int TAIL_BOUND = 36 * 36 * 36 * 36;

    private GateNames() {}

    /** The name that a gate keeps over its restarts. */
    static String lasting(String name) {
        return PREFIX + name;
    }

    /** The name of one start of a gate: it distinguishes connections from those of earlier starts. */
    static String ofStart(String lasting, long atMillis, RandomGenerator random) {
        return lasting
                + '-'
                + Long.toString(atMillis, Character.MAX_RADIX)
                + 'x'
                + Integer.toString(random.nextInt(TAIL_BOUND), Character.MAX_RADIX);
    }

    /** The lasting name of a gate; if the name has another form, all of it. */
    static String lastingOf(String gate) {
        int end = gate.lastIndexOf('-');
        return gate.startsWith(PREFIX) && end > PREFIX.length() ? gate.substring(0, end) : gate;
    }
}
