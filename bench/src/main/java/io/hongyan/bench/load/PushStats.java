package io.hongyan.bench.load;

import java.util.ArrayList;
import java.util.List;

/** When the users of one loop got which push; used on the loop's thread. */
final class PushStats {
    private final List<List<Long>> nanosOfPush = new ArrayList<>();
    private final long[] doubled = new long[PushPlan.PUSHES_MAX];

    PushStats() {
        for (int i = 0; i < PushPlan.PUSHES_MAX; i++) {
            nanosOfPush.add(new ArrayList<>());
        }
    }

    void received(int push, long nanos) {
        nanosOfPush.get(push).add(nanos);
    }

    void doubled(int push) {
        doubled[push]++;
    }

    long receivedCount(int push) {
        return nanosOfPush.get(push).size();
    }

    long doubledCount(int push) {
        return doubled[push];
    }

    /** One per delivery. */
    List<Long> nanos(int push) {
        return List.copyOf(nanosOfPush.get(push));
    }
}
