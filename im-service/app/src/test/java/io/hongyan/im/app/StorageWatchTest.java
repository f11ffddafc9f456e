package io.hongyan.im.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class StorageWatchTest {
    private final AtomicLong commits = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private final AtomicLong waiting = new AtomicLong();
    private final StorageWatch watch = new StorageWatch(commits::get, failures::get, waiting::get, 3);

    @Test
    void anIdleStorageIsGood() {
        for (int i = 0; i < 10; i++) {
            watch.look();
        }
        assertThat(watch.good()).isTrue();
    }

    @Test
    void failuresAreBadUntilSomethingIsWrittenAgain() {
        failures.incrementAndGet();
        watch.look();
        assertThat(watch.good()).isFalse();
        watch.look();
        assertThat(watch.good()).isFalse();
        commits.incrementAndGet();
        watch.look();
        assertThat(watch.good()).isTrue();
    }

    @Test
    void aStorageThatMakesWritesWaitForTooLongIsBad() {
        waiting.set(1);
        watch.look();
        watch.look();
        assertThat(watch.good()).isTrue();
        watch.look();
        assertThat(watch.good()).isFalse();
    }
}
