package io.hongyan.im.adapter.http;

import java.util.HashMap;
import java.util.Map;

/**
 * So much of something for all, and of that no more for one holder than is still free: one alone gets half of it, two a third
 * each, and who has nothing yet still finds some. No share has to be set (Choudhury and Hahne, "Dynamic queue length thresholds
 * for shared-memory packet switches", 1998). Safe for many threads.
 */
final class FairBudget {
    private final long max;
    private final Map<String, Long> byHolder = new HashMap<>();
    private long held;

    FairBudget(long max) {
        this.max = max;
    }

    /** @return false where the holder has its share already: then nothing was taken */
    synchronized boolean take(String holder, long amount) {
        if (amount == 0) {
            return true;
        }
        long after = byHolder.getOrDefault(holder, 0L) + amount;
        if (after > max - held) {
            return false;
        }
        byHolder.put(holder, after);
        held += amount;
        return true;
    }

    synchronized void giveBack(String holder, long amount) {
        if (amount != 0) {
            held -= amount;
            byHolder.computeIfPresent(holder, (same, before) -> before == amount ? null : before - amount);
        }
    }

    synchronized long held() {
        return held;
    }
}
