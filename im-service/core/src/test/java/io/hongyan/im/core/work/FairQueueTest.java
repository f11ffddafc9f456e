package io.hongyan.im.core.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
final class FairQueueTest {
    private final Queue<Runnable> threads = new ArrayDeque<>();
    private final List<String> done = new ArrayList<>();
    private long now;

    private FairQueue queue(int concurrencyMax, int waitingMax, int perOwnerMax) {
        return new FairQueue(threads::add, concurrencyMax, waitingMax, perOwnerMax, () -> Instant.ofEpochMilli(now));
    }

    private void ask(FairQueue queue, String owner, int times) {
        for (int i = 0; i < times; i++) {
            String name = owner + i;
            queue.execute(owner, () -> done.add(name));
        }
    }

    private void turn() {
        threads.remove().run();
    }

    private void all() {
        while (!threads.isEmpty()) {
            turn();
        }
    }

    @Test
    void ownersTakeTurnsAndEachIsServedInItsOrder() {
        FairQueue queue = queue(1, 1_000, 1_000);
        ask(queue, "flood", 100);
        ask(queue, "a", 2);
        ask(queue, "b", 1);
        for (int i = 0; i < 6; i++) {
            turn();
        }
        assertThat(done).containsExactly("flood0", "a0", "b0", "flood1", "a1", "flood2");
        all();
        assertThat(done).hasSize(103).endsWith("flood98", "flood99");
        assertThat(queue.waiting()).isZero();
        assertThat(queue.done()).isEqualTo(103);
    }

    /** On the same threads: after each piece it is the other queue's turn. */
    @Test
    void aFloodInOneQueueDoesNotHoldUpTheOthers() {
        WorkQueues queues = WorkQueues.on(threads::add, new WorkLimits(4, 50_000, 2_000), () -> Instant.EPOCH);
        ask(queues.calls(), "flood", 2_000);
        assertThat(threads).as("threads it may have").hasSize(3);
        queues.logins().execute("a", () -> done.add("login"));
        queues.inbox().execute("a", () -> done.add("inbox"));
        queues.calls().execute("a", () -> done.add("call"));
        for (int i = 0; i < 5; i++) {
            turn();
        }
        assertThat(done).contains("login", "inbox", "call").hasSize(5);
    }

    @Test
    void oneOwnerHasALimitAndTheMoreThereAreTheLower() {
        FairQueue queue = queue(1, 100, 50);
        ask(queue, "a", 50);
        assertThatThrownBy(() -> ask(queue, "a", 1)).isInstanceOf(RejectedExecutionException.class);
        for (int i = 0; i < 50; i++) {
            ask(queue, "client" + i, 1);
        }
        ask(queue, "client7", 0);
        assertThatThrownBy(() -> ask(queue, "client7", 1)).isInstanceOf(RejectedExecutionException.class);
        ask(queue, "somebody new", 1);
        assertThat(queue.refused()).isEqualTo(2);
        all();
        assertThat(done).hasSize(101);
        ask(queue, "a", 50);
    }

    @Test
    void aPieceThatFailsHoldsUpNothing() {
        FairQueue queue = queue(1, 10, 10);
        queue.execute("a", () -> {
            throw new IllegalStateException("broken");
        });
        ask(queue, "a", 1);
        assertThatThrownBy(this::turn).isInstanceOf(IllegalStateException.class);
        all();
        assertThat(done).containsExactly("a0");
        ask(queue, "b", 1);
        all();
        assertThat(done).containsExactly("a0", "b0");
    }

    @Test
    void whereThereAreNoMoreThreadsThoseAtWorkGoOn() {
        int[] free = {1};
        FairQueue queue = new FairQueue(
                work -> {
                    if (free[0]-- <= 0) {
                        throw new RejectedExecutionException();
                    }
                    threads.add(work);
                },
                2,
                10,
                10,
                () -> Instant.EPOCH);
        ask(queue, "a", 1);
        assertThatThrownBy(() -> ask(queue, "b", 1)).isInstanceOf(RejectedExecutionException.class);
        FairQueue busy = new FairQueue(
                work -> {
                    if (free[0]-- <= 0) {
                        throw new RejectedExecutionException();
                    }
                    threads.add(work);
                },
                1,
                10,
                10,
                () -> Instant.EPOCH);
        free[0] = 1;
        ask(busy, "c", 3);
        all();
        assertThat(done).containsExactly("a0", "c0", "c1", "c2");
    }

    @Test
    void waitingIsMeasured() {
        FairQueue queue = queue(1, 10, 10);
        ask(queue, "a", 3);
        now = 40;
        turn();
        now = 100;
        all();
        assertThat(queue.waitedMillis()).isEqualTo(40 + 100 + 100);
    }

    @Test
    void whatAnotherThreadHasTakenIsDoneAndNotRefused() {
        boolean[] full = {false};
        FairQueue queue = new FairQueue(
                thread -> {
                    if (full[0]) {
                        full[0] = false;
                        // Meanwhile a thread that is at work comes to it.
                        all();
                        throw new RejectedExecutionException("full");
                    }
                    threads.add(thread);
                },
                2,
                1_000,
                1_000,
                () -> Instant.ofEpochMilli(now));
        ask(queue, "a", 1);
        full[0] = true;
        ask(queue, "b", 1);
        assertThat(done).containsExactly("a0", "b0");
        assertThat(queue.refused()).isZero();
        ask(queue, "c", 2);
        all();
        assertThat(done).endsWith("c0", "c1");
        assertThat(queue.waiting()).isZero();
    }
}
