package io.hongyan.bench.load;

/**
 * Messages that are followed through the feed.
 *
 * @param users each writes to the next one, in a ring
 * @param ratePerSecond of all users together
 * @param messagesMax of all users together; nobody writes more
 * @param seed of the client message ids
 */
public record FeedPlan(int users, double ratePerSecond, long messagesMax, int textBytes, long seed) {
    public FeedPlan {
        if (users < 2 || ratePerSecond <= 0) {
            throw new IllegalArgumentException("a ring needs at least two users, and at least one message");
        }
    }

    int messagesEachMax() {
        return (int) Math.min(Integer.MAX_VALUE / users, messagesMax / users + 1);
    }
}
