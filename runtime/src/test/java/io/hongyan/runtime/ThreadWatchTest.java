package io.hongyan.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ThreadWatchTest {
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000);
    private final ThreadWatch watch = new ThreadWatch(nanos::get);

    private void pass(long millis) {
        nanos.addAndGet(millis * 1_000_000);
    }

    @Test
    void deadThreadIsAnObstacle() {
        AtomicBoolean alive = new AtomicBoolean(true);
        watch.mustLive("the lane", alive::get);
        assertThat(watch.obstacles()).isEmpty();
        alive.set(false);
        assertThat(watch.obstacles()).containsExactly("A thread the server depends on is missing: the lane has died.");
    }

    @Test
    void executorThatDoesNotComeRoundIsAnObstacleUntilItDoes() {
        Queue<Runnable> tasks = new ArrayDeque<>();
        watch.mustRun("the timer", tasks::add, 5_000);
        watch.look();
        pass(5_000);
        watch.look();
        assertThat(watch.obstacles()).isEmpty();
        pass(1);
        assertThat(watch.obstacles()).containsExactly("A thread the server depends on is missing: the timer is stuck.");
        assertThat(tasks).as("one beat at a time").hasSize(1);
        tasks.remove().run();
        assertThat(watch.obstacles()).isEmpty();
        watch.look();
        assertThat(tasks).hasSize(1);
    }

    @Test
    void executorThatIsShutDownIsPassedOver() {
        watch.mustRun(
                "the timer",
                task -> {
                    throw new RejectedExecutionException();
                },
                5_000);
        watch.look();
        pass(6_000);
        assertThat(watch.obstacles()).isEmpty();
    }

    @Test
    void loopThatTellsOfSilenceIsAnObstacle() {
        AtomicLong silent = new AtomicLong(3_000);
        watch.mustTurn("the event loop", silent::get, 3_000);
        assertThat(watch.obstacles()).isEmpty();
        silent.set(3_001);
        assertThat(watch.obstacles()).hasSize(1);
    }

    @Test
    void watchThatHasStoppedIsAnObstacleItself() {
        watch.look();
        pass(30_001);
        assertThat(watch.obstacles()).containsExactly("The threads are not watched any more.");
        watch.look();
        assertThat(watch.obstacles()).isEmpty();
    }
}
