package io.hongyan.bench.hostile;

import java.io.IOException;

/**
 * One kind of hostile client.
 *
 * @param name for {@code --only}
 * @param what it does, one line
 * @param pauseMillis between two rounds
 */
record Attack(String name, String what, int pauseMillis, Round round) {
    /** One round: opens what it needs and closes it; bounded in bytes, sockets and time. */
    @FunctionalInterface
    interface Round {
        /**
         * @param number of the round, from 0
         * @throws IOException the server has closed a connection, as it may
         */
        void run(Target target, Raw.Sockets sockets, int number) throws IOException, InterruptedException;
    }
}
