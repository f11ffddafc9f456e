package io.hongyan.bench.load;

/**
 * Users who were away.
 *
 * @param entries waiting for each of them
 * @param window of each sender while the inboxes are filled
 */
public record BacklogPlan(int users, int entries, int window, int textBytes, long seed) {}
