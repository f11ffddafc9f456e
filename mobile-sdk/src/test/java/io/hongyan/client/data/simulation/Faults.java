package io.hongyan.client.data.simulation;

import java.util.Random;

/** Draws what goes wrong, until it is time for nothing to go wrong any more. */
final class Faults {
    private final Random random;
    private boolean over;

    Faults(Random random) {
        this.random = random;
    }

    /** Whether something happens that happens so often in a thousand times. */
    boolean happens(int inThousand) {
        return !over && random.nextInt(1_000) < inThousand;
    }

    void end() {
        over = true;
    }

    boolean over() {
        return over;
    }
}
