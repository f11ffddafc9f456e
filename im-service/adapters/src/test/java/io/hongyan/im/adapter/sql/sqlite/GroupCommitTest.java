package io.hongyan.im.adapter.sql.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hongyan.im.adapter.sql.StorageCounter;
import io.hongyan.im.adapter.sql.StorageCounters;
import io.hongyan.im.core.message.StorageException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GroupCommitTest {
    private static final int WAITING_MAX = 8;

    private final List<String> steps = new CopyOnWriteArrayList<>();
    private final StorageCounters counters = new StorageCounters();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch gate = new CountDownLatch(1);
    private final CountDownLatch atGate = new CountDownLatch(1);
    private GroupCommit group;
    private boolean commitFails;

    @AfterEach
    void stopThreads() {
        gate.countDown();
        threads.shutdownNow();
    }

    @Test
    void oneWriteTakesOneTransaction() {
        assertThat(group(10_000).<String>write(() -> "done")).isEqualTo("done");

        assertThat(steps).containsExactly("begin", "commit");
        assertThat(counters.value(StorageCounter.COMMITS)).isEqualTo(1);
    }

    @Test
    void writesThatWaitShareTheNextTransaction() {
        GroupCommit group = group(10_000);
        CompletableFuture<Void> first = holdTheWriter(group);
        List<CompletableFuture<String>> others = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            String result = "r" + i;
            others.add(submit(() -> group.write(() -> result)));
        }
        await().until(() -> group.queued() == 5);

        gate.countDown();

        first.join();
        for (int i = 0; i < 5; i++) {
            assertThat(others.get(i).join()).isEqualTo("r" + i);
        }
        assertThat(steps.stream().filter("commit"::equals)).hasSize(2);
    }

    @Test
    void resultIsGivenOnlyAfterTheCommit() {
        GroupCommit group = group(10_000);
        List<String> seen = new ArrayList<>();

        group.write(() -> seen.addAll(steps));

        assertThat(seen).containsExactly("begin");
        assertThat(steps).endsWith("commit");
    }

    @Test
    void workThatFailsIsUndoneAloneAndToldSo() {
        GroupCommit group = group(10_000);
        CompletableFuture<Void> first = holdTheWriter(group);
        CompletableFuture<String> bad = submit(() -> group.write(() -> {
            throw new IllegalArgumentException("bad");
        }));
        await().until(() -> group.queued() == 1);
        CompletableFuture<String> good = submit(() -> group.write(() -> "good"));
        await().until(() -> group.queued() == 2);

        gate.countDown();

        first.join();
        assertThat(good.join()).isEqualTo("good");
        assertThatThrownBy(bad::join).hasCauseInstanceOf(IllegalArgumentException.class);
        assertThat(steps)
                .containsExactly("begin", "commit", "begin", "rollback", "begin", "rollback", "begin", "commit");
    }

    @Test
    void failureThatSpoilsTheTransactionFailsAllOfIt() {
        GroupCommit group = group(10_000);
        CompletableFuture<Void> first = holdTheWriter(group);
        CompletableFuture<String> good = submit(() -> group.write(() -> "good"));
        await().until(() -> group.queued() == 1);
        CompletableFuture<String> bad = submit(() -> group.write(() -> {
            throw new SQLException("disk");
        }));
        await().until(() -> group.queued() == 2);

        gate.countDown();

        first.join();
        assertThatThrownBy(bad::join).hasCauseInstanceOf(StorageException.class);
        assertThatThrownBy(good::join).hasCauseInstanceOf(StorageException.class);
        assertThat(steps).endsWith("rollback");
    }

    @Test
    void failedCommitIsToldAndTheNextWriteGoesOn() {
        GroupCommit group = group(10_000);
        commitFails = true;
        assertThatThrownBy(() -> group.write(() -> "lost")).isInstanceOf(StorageException.class);
        assertThat(steps).containsExactly("begin", "commit", "rollback");

        commitFails = false;
        assertThat(group.<String>write(() -> "kept")).isEqualTo("kept");
        assertThat(counters.value(StorageCounter.COMMIT_FAILURES)).isEqualTo(1);
        assertThat(counters.value(StorageCounter.COMMITS)).isEqualTo(1);
    }

    @Test
    void writesBeyondTheLimitAreRefusedAtOnce() {
        GroupCommit group = group(10_000);
        CompletableFuture<Void> first = holdTheWriter(group);
        List<CompletableFuture<String>> waiting = new ArrayList<>();
        for (int i = 0; i < WAITING_MAX; i++) {
            waiting.add(submit(() -> group.write(() -> "waited")));
        }
        await().until(() -> group.queued() == WAITING_MAX);

        assertThatThrownBy(() -> group.write(() -> "too many"))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("too many writes");

        gate.countDown();
        first.join();
        waiting.forEach(done -> assertThat(done.join()).isEqualTo("waited"));
        assertThat(counters.value(StorageCounter.WRITES_REFUSED)).isEqualTo(1);
    }

    @Test
    void writeThatWaitedTooLongFailsAndIsNeverRun() {
        GroupCommit group = group(50);
        CompletableFuture<Void> first = holdTheWriter(group);
        AtomicInteger runs = new AtomicInteger();

        assertThatThrownBy(() -> group.write(runs::incrementAndGet))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("waited");

        gate.countDown();
        first.join();
        assertThat(group.<String>write(() -> "next")).isEqualTo("next");
        assertThat(runs).hasValue(0);
        assertThat(waiting()).isZero();
    }

    @Test
    void writeThatDoesNotEndIsLeftWithoutAResult() {
        long timeoutMillis = 60_000;
        AtomicLong now = new AtomicLong();
        GroupCommit group = group(timeoutMillis, now::get);
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch secondGate = new CountDownLatch(1);
        CompletableFuture<Void> first = holdTheWriter(group);
        CompletableFuture<String> slow = submit(() -> group.write(() -> {
            running.countDown();
            awaitOpen(secondGate);
            return "slow";
        }));
        await().until(() -> group.queued() == 1);
        AtomicReference<Thread> waiting = new AtomicReference<>();
        CompletableFuture<String> neighbour = submit(() -> {
            waiting.set(Thread.currentThread());
            return group.write(() -> "neighbour");
        });
        // From here on only who is woken may lead, and that is the one before.
        await().until(() -> waiting.get() != null && LockSupport.getBlocker(waiting.get()) == group);
        gate.countDown();
        first.join();
        awaitOpen(running);

        now.set(2 * timeoutMillis * 1_000_000);
        LockSupport.unpark(waiting.get());
        assertThatThrownBy(neighbour::join).hasMessageContaining("may have been stored");

        secondGate.countDown();
        assertThat(slow.join()).isEqualTo("slow");
    }

    @Test
    void exclusiveWorkRunsOutsideOfAnyTransaction() {
        GroupCommit group = group(10_000);
        CompletableFuture<Void> first = holdTheWriter(group);
        CompletableFuture<String> before = submit(() -> group.write(() -> step("before")));
        await().until(() -> group.queued() == 1);
        CompletableFuture<String> alone = submit(() -> group.exclusively(() -> step("alone")));
        await().until(() -> group.queued() == 2);
        CompletableFuture<String> after = submit(() -> group.write(() -> step("after")));
        await().until(() -> group.queued() == 3);

        gate.countDown();

        CompletableFuture.allOf(first, before, alone, after).join();
        assertThat(steps)
                .containsExactly("begin", "commit", "begin", "before", "commit", "alone", "begin", "after", "commit");
    }

    @Test
    void interruptedThreadGetsItsResultAndStaysInterrupted() throws InterruptedException {
        GroupCommit group = group(10_000);
        holdTheWriter(group);
        CompletableFuture<Boolean> result = new CompletableFuture<>();
        Thread waiting = new Thread(() -> {
            group.write(() -> "waited");
            result.complete(Thread.currentThread().isInterrupted());
        });
        waiting.start();
        await().until(() -> group.queued() == 1);

        waiting.interrupt();
        gate.countDown();

        assertThat(result.join()).isTrue();
        waiting.join();
    }

    @Test
    void closedGroupRefuses() {
        GroupCommit group = group(10_000);
        group.close();

        assertThatThrownBy(() -> group.write(() -> "late"))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void manyThreadsGetTheirOwnResults() {
        GroupCommit group = group(10_000);
        AtomicInteger inside = new AtomicInteger();
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int t = 0; t < WAITING_MAX; t++) {
            int thread = t;
            all.add(CompletableFuture.runAsync(
                    () -> {
                        for (int i = 0; i < 500; i++) {
                            int expected = thread * 1_000 + i;
                            assertThat(group.<Integer>write(() -> {
                                        assertThat(inside.incrementAndGet()).isEqualTo(1);
                                        inside.decrementAndGet();
                                        return expected;
                                    }))
                                    .isEqualTo(expected);
                        }
                    },
                    threads));
        }

        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();

        assertThat(counters.value(StorageCounter.WRITES)).isEqualTo(500L * WAITING_MAX);
        assertThat(waiting()).isZero();
    }

    private GroupCommit group(long timeoutMillis) {
        return group(timeoutMillis, System::nanoTime);
    }

    private GroupCommit group(long timeoutMillis, LongSupplier nanoTime) {
        SqliteSettings settings =
                new SqliteSettings(Path.of("unused"), 0, 0, 1, WAITING_MAX, 64, timeoutMillis, 0, 0, 10);
        group = new GroupCommit(new Recorded(), settings, nanoTime, counters);
        return group;
    }

    /** A write that stays in hand until the gate opens. */
    private CompletableFuture<Void> holdTheWriter(GroupCommit group) {
        CompletableFuture<Void> held = submit(() -> group.write(() -> {
            atGate.countDown();
            awaitOpen(gate);
            return null;
        }));
        await().until(() -> atGate.getCount() == 0);
        return held;
    }

    private <T> CompletableFuture<T> submit(Supplier<T> call) {
        return CompletableFuture.supplyAsync(call, threads);
    }

    private static void awaitOpen(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private int waiting() {
        return group.waiting();
    }

    private String step(String name) {
        steps.add(name);
        return name;
    }

    private final class Recorded implements WriteTransaction {
        @Override
        public void begin() {
            steps.add("begin");
        }

        @Override
        public void commit() throws SQLException {
            steps.add("commit");
            if (commitFails) {
                throw new SQLException("no commit");
            }
        }

        @Override
        public void rollback(Throwable failure) {
            steps.add("rollback");
        }

        @Override
        public boolean survives(Throwable failure) {
            return !(failure instanceof SQLException);
        }
    }
}
