package io.hongyan.bench.load;

/**
 * Messages to users who are away, the same number for each.
 *
 * @param users who are away
 * @param writers who write to them, each to a part
 * @param window messages each writer keeps unacknowledged
 * @param seed of the client message ids
 */
public record HintPlan(int users, int writers, int window, int textBytes, long seed) {
    /** Digits of the number of a user, so that all names have the same length. */
    static final int DIGITS = 8;

    public HintPlan {
        if (users < writers || writers < 1 || window < 1 || users >= 100_000_000) {
            throw new IllegalArgumentException("each writer needs at least one user to write to");
        }
    }

    /** The name of a user. */
    public static String uid(String run, int user) {
        return run + "-a" + String.format("%0" + DIGITS + "d", user);
    }

    /** The number of a user of that run; below 0 if it is not one. */
    public static int user(String run, String uid) {
        String prefix = run + "-a";
        return uid.startsWith(prefix) && uid.length() == prefix.length() + DIGITS
                ? Integer.parseInt(uid.substring(prefix.length()))
                : -1;
    }
}
