package io.hongyan.bench.chaos.check;

import java.util.List;

/**
 * What the checker found.
 *
 * @param sent messages sent, repetitions not counted
 * @param acknowledged those of them that were acknowledged
 * @param delivered stored messages that reached every device they are for
 * @param findings the first ones of each kind; empty if every promise held
 */
public record Verdict(
        long sent,
        long acknowledged,
        long delivered,
        long kills,
        long lost,
        long doubled,
        long outOfOrder,
        long unfinished,
        List<Finding> findings) {
    public boolean held() {
        return lost == 0 && doubled == 0 && outOfOrder == 0 && unfinished == 0;
    }

    /** The line that sums the run up. */
    public String summary() {
        return "sent=" + sent + " acknowledged=" + acknowledged + " delivered=" + delivered + " kills=" + kills
                + " lost=" + lost + " doubled=" + doubled + " out_of_order=" + outOfOrder;
    }
}
