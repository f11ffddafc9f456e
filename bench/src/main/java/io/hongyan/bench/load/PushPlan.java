package io.hongyan.bench.load;

/**
 * A push to users who are online.
 *
 * @param number of it on this crowd, from 0
 * @param users who are online
 * @param listed how many of them it names; 0 = everybody
 * @param stored whether it is a message in each inbox, else a notice
 */
public record PushPlan(int number, int users, int listed, boolean stored, int textBytes) {
    /** Pushes that one crowd can distinguish. */
    public static final int PUSHES_MAX = 64;

    public PushPlan {
        if (number < 0 || number >= PUSHES_MAX || listed > users) {
            throw new IllegalArgumentException("a crowd gets up to " + PUSHES_MAX + " pushes, for its own users");
        }
    }

    boolean forEverybody() {
        return listed == 0;
    }

    /** Users of the crowd who must get it. */
    public int expected() {
        return forEverybody() ? users : listed;
    }
}
