package io.hongyan.im.core.simulation;

/** One run of a simulated process. When it is killed, nothing it had planned happens any more. */
final class Life {
    private boolean alive = true;

    boolean alive() {
        return alive;
    }

    void kill() {
        alive = false;
    }

    /** Unwinds the stack of a killed process; not an exception anybody could take for trouble and handle. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1;

        Killed() {
            super("the process was killed", null, false, false);
        }
    }
}
