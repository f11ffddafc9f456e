package io.hongyan.bench.load;

/**
 * The load of one run on groups: in each one member writes and some are online.
 *
 * @param groups how many
 * @param members of each, the writing one included
 * @param online of each, the writing one not included
 * @param window closed loop: messages each writer keeps unacknowledged; unused in an open loop
 * @param ratePerSecond open loop: messages per second of all groups together; 0 makes it a closed loop
 * @param textBytes length of each text
 * @param warmUpMillis load before the measured time
 * @param measureMillis the measured time
 * @param seed of the client message ids
 */
public record GroupPlan(
        int groups,
        int members,
        int online,
        int window,
        double ratePerSecond,
        int textBytes,
        long warmUpMillis,
        long measureMillis,
        long seed) {
    public GroupPlan {
        if (groups < 1 || members < 2 || online < 1 || online >= members) {
            throw new IllegalArgumentException(
                    "a group needs at least two members, and fewer others online than" + " members");
        }
    }

    public boolean openLoop() {
        return ratePerSecond > 0;
    }

    int inFlightMax() {
        return openLoop() ? PairPlan.OPEN_LOOP_IN_FLIGHT_MAX : window;
    }

    int readers() {
        return groups * online;
    }
}
